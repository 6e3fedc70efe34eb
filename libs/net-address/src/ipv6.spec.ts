import * as fc from 'fast-check';
import { Address6 } from 'ip-address';
import * as ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { Ipv6 } from './ipv6.js';

const anyGroups = fc.array(
  fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(0xffff) }),
  { minLength: 8, maxLength: 8 },
);
const anyValue = anyGroups.map((groups) =>
  groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n),
);

describe('Ipv6', () => {
  it.each([
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['2001:DB8::0001', '2001:db8::1'],
    ['2001:0db8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::ffff:192.0.2.128', '::ffff:c000:280'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ])('reads %s and writes it as RFC 5952 says: %s', (text, canonical) => {
    expect(Ipv6.parse(text).toString()).toBe(canonical);
  });

  it.each([
    ['an empty text', ''],
    ['a single colon', ':'],
    ['three colons', ':::'],
    ['two gaps', '1::2::3'],
    ['seven groups', '1:2:3:4:5:6:7'],
    ['nine groups', '1:2:3:4:5:6:7:8:9'],
    ['a gap for nothing', '1:2:3:4:5:6:7:8::'],
    ['a gap for nothing in the middle', '1:2:3:4::5:6:7:8'],
    ['a group of five digits', '12345::'],
    ['a digit that is none', 'g::'],
    ['a colon at the start', ':1:2:3:4:5:6:7'],
    ['a colon at the end', '1:2:3:4:5:6:7:'],
    ['a dotted quad at the front', '1.2.3.4::'],
    ['a dotted quad in the middle', '::1.2.3.4:5'],
    ['a dotted quad alone', '1.2.3.4'],
    ['a dotted quad that is none', '::1.2.3.256'],
    ['a dotted quad too many', '1:2:3:4:5:6:7:1.2.3.4'],
    ['a zone', 'fe80::1%eth0'],
    ['brackets', '[::1]'],
    ['a prefix length', '::/0'],
    ['a space', ':: 1'],
    ['a line end', '::1\n'],
  ])('refuses %s', (_, text) => {
    expect(Ipv6.tryParse(text)).toBeUndefined();
    expect(() => Ipv6.parse(text)).toThrow(`"${text}" is not an IPv6 address`);
  });

  it('gives back every number it was made from', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const address = Ipv6.fromValue(value);
        expect(address.value).toBe(value);
        expect(Ipv6.parse(address.toString()).value).toBe(value);
      }),
    );
  });

  it('agrees with ip-address on the number and the canonical text', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const theirs = new Address6(text);
        const ours = Ipv6.parse(text);
        expect(ours.value).toBe(theirs.bigInt());
        expect(ours.toString()).toBe(theirs.correctForm());
      }),
    );
  });

  it('agrees with ipaddr.js on the canonical text', () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const text = groups.map((group) => group.toString(16)).join(':');
        expect(Ipv6.parse(text).toString()).toBe(ipaddr.IPv6.parse(text).toRFC5952String());
      }),
    );
  });

  it('agrees with ip-address on what is an address', () => {
    const word = fc.constantFrom('', '0', '1', 'ff', '1234', '12345', 'g', '1.2.3.4', '1.2.3');
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 10 }), (words) => {
        const text = words.join(':');
        expect(Ipv6.tryParse(text) !== undefined).toBe(Address6.isValid(text));
      }),
      { numRuns: 1000 },
    );
  });
});
