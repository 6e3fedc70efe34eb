import * as fc from 'fast-check';
import * as ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { Ipv4 } from './ipv4.js';

describe('Ipv4', () => {
  it.each([
    ['0.0.0.0', 0n],
    ['0.0.0.1', 1n],
    ['10.0.0.3', 0x0a000003n],
    ['128.0.0.0', 0x80000000n],
    ['255.255.255.255', 0xffffffffn],
  ])('reads and writes %s', (text, value) => {
    expect(Ipv4.parse(text).value).toBe(value);
    expect(Ipv4.fromValue(value).toString()).toBe(text);
  });

  it.each([
    ['an empty text', ''],
    ['a leading zero, which some read as octal', '010.0.0.1'],
    ['two zeros', '10.00.0.1'],
    ['a number over 255', '10.0.0.256'],
    ['a number of four digits', '10.0.0.1000'],
    ['three numbers', '10.0.1'],
    ['five numbers', '10.0.0.1.2'],
    ['one number', '167772161'],
    ['hexadecimal', '0x0a.0.0.1'],
    ['an empty part', '10..0.1'],
    ['a space before', ' 10.0.0.1'],
    ['a line end after', '10.0.0.1\n'],
    ['a sign', '10.0.0.-1'],
    ['a prefix length', '10.0.0.1/24'],
    ['digits of another script', '١٠.0.0.1'],
    ['IPv6', '::1'],
  ])('refuses %s', (_, text) => {
    expect(Ipv4.tryParse(text)).toBeUndefined();
    expect(() => Ipv4.parse(text)).toThrow(`"${text}" is not an IPv4 address`);
  });

  it('gives back every number it was made from', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), (value) => {
        const address = Ipv4.fromValue(value);
        expect(address.value).toBe(BigInt(value));
        expect(Ipv4.parse(address.toString()).equals(address)).toBe(true);
      }),
    );
  });

  it('agrees with ipaddr.js on every dotted quad', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        expect(Ipv4.parse(text).toString()).toBe(ipaddr.IPv4.parse(text).toString());
      }),
    );
  });

  it('agrees with ipaddr.js on what is a dotted quad', () => {
    const part = fc.oneof(fc.nat(300).map(String), fc.constantFrom('', '00', '01', '0x1', '-1', ' 1', '1e1'));
    fc.assert(
      fc.property(fc.array(part, { minLength: 3, maxLength: 5 }), (parts) => {
        const text = parts.join('.');
        expect(Ipv4.tryParse(text) !== undefined).toBe(ipaddr.IPv4.isValidFourPartDecimal(text));
      }),
    );
  });
});
