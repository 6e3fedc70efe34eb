import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ipv4 } from './ipv4.js';
import { Ipv6 } from './ipv6.js';
import { parseIp, tryParseIp } from './parse-ip.js';

const anyAddress = fc.oneof(
  fc.nat(0xffffffff).map((value) => Ipv4.fromValue(value)),
  fc.bigInt(0n, (1n << 128n) - 1n).map((value) => Ipv6.fromValue(value)),
);

describe('IpAddress', () => {
  it.each([
    { from: '10.0.0.255', steps: 1, to: '10.0.1.0' },
    { from: '10.0.0.0', steps: -1, to: '9.255.255.255' },
    { from: '10.0.0.0', steps: 1n << 24n, to: '11.0.0.0' },
    { from: 'fd00::ffff', steps: 1, to: 'fd00::1:0' },
    { from: 'fd00::', steps: -1, to: 'fcff:ffff:ffff:ffff:ffff:ffff:ffff:ffff' },
  ])('$from plus $steps is $to', ({ from, steps, to }) => {
    expect(parseIp(from).plus(steps).toString()).toBe(to);
  });

  it.each([
    ['255.255.255.255', 1],
    ['0.0.0.0', -1],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 1],
    ['::', -1],
    ['10.0.0.0', 0.5],
    ['10.0.0.0', Number.NaN],
  ])('refuses %s plus %d', (from, steps) => {
    expect(() => parseIp(from).plus(steps)).toThrow(RangeError);
  });

  it('keeps a number apart from the same number of the other family', () => {
    expect(Ipv4.fromValue(1).equals(Ipv6.fromValue(1))).toBe(false);
    expect(Ipv4.fromValue(9).compare(Ipv6.fromValue(1))).toBeLessThan(0);
    expect(Ipv6.fromValue(1).compare(Ipv4.fromValue(9))).toBeGreaterThan(0);
  });

  it('sorts by number, not by text', () => {
    const sorted = ['10.0.0.10', 'fd00::10', '10.0.0.9', 'fd00::9']
      .map(parseIp)
      .toSorted((a, b) => a.compare(b))
      .map(String);
    expect(sorted).toEqual(['10.0.0.9', '10.0.0.10', 'fd00::9', 'fd00::10']);
  });

  it('prints as its text in JSON', () => {
    expect(JSON.stringify({ address: parseIp('10.0.0.3') })).toBe('{"address":"10.0.0.3"}');
  });

  it('is ordered totally: antisymmetric, and equal exactly where comparing gives zero', () => {
    fc.assert(
      fc.property(anyAddress, anyAddress, (a, b) => {
        expect(Math.sign(a.compare(b))).toBe(-Math.sign(b.compare(a)) || 0);
        expect(a.compare(b) === 0).toBe(a.equals(b));
        expect(a.compare(a)).toBe(0);
      }),
    );
  });

  it('comes back after as many steps forth and back', () => {
    fc.assert(
      fc.property(fc.nat(0x7fffffff), fc.nat(0x7fffffff), (start, steps) => {
        const address = Ipv4.fromValue(start);
        expect(address.plus(steps).plus(-steps).equals(address)).toBe(true);
      }),
    );
  });
});

describe('parseIp', () => {
  it('reads either family', () => {
    expect(parseIp('10.0.0.1').version).toBe(4);
    expect(parseIp('fd00::1').version).toBe(6);
  });

  it('refuses what is neither', () => {
    expect(tryParseIp('localhost')).toBeUndefined();
    expect(() => parseIp('localhost')).toThrow('"localhost" is not an IP address');
  });
});
