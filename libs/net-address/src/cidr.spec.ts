import * as fc from 'fast-check';
import { Address4, Address6 } from 'ip-address';
import * as ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { Ipv4Cidr, Ipv6Cidr } from './cidr.js';
import { Ipv4 } from './ipv4.js';
import { Ipv6 } from './ipv6.js';

const anyCidr4 = fc.tuple(fc.nat(0xffffffff), fc.nat(32)).map(([value, length]) => {
  return Ipv4Cidr.of(Ipv4.fromValue(value), length);
});
const anyCidr6 = fc
  .tuple(fc.ipV6(), fc.nat(128))
  .map(([text, length]) => Ipv6Cidr.of(Ipv6.parse(text), length));

describe('Cidr', () => {
  it.each([
    { text: '10.0.0.0/24', netmask: '255.255.255.0', last: '10.0.0.255', size: 256n },
    { text: '10.20.0.0/28', netmask: '255.255.255.240', last: '10.20.0.15', size: 16n },
    { text: '10.0.0.0/31', netmask: '255.255.255.254', last: '10.0.0.1', size: 2n },
    { text: '10.0.0.7/32', netmask: '255.255.255.255', last: '10.0.0.7', size: 1n },
    { text: '0.0.0.0/0', netmask: '0.0.0.0', last: '255.255.255.255', size: 1n << 32n },
  ])('$text ends at $last and has $size addresses', ({ text, netmask, last, size }) => {
    const cidr = Ipv4Cidr.parse(text);
    expect(cidr.toString()).toBe(text);
    expect(cidr.netmask.toString()).toBe(netmask);
    expect(cidr.broadcast.toString()).toBe(last);
    expect(cidr.size).toBe(size);
  });

  it('masks host bits, and takes a bare address as a block of one', () => {
    expect(Ipv4Cidr.parse('10.0.0.7/24').toString()).toBe('10.0.0.0/24');
    expect(Ipv4Cidr.parse('10.0.0.7').toString()).toBe('10.0.0.7/32');
    expect(Ipv6Cidr.parse('fd00::1:2/64').toString()).toBe('fd00::/64');
    expect(Ipv6Cidr.parse('fd00::1').toString()).toBe('fd00::1/128');
  });

  it.each([
    '',
    '/24',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/024',
    '10.0.0.0/24/24',
    '10.0.0.0/255.255.255.0',
    '10.0.0.0 /24',
    '10.0.0/24',
    'fd00::/64',
  ])('refuses "%s" as an IPv4 network', (text) => {
    expect(Ipv4Cidr.tryParse(text)).toBeUndefined();
    expect(() => Ipv4Cidr.parse(text)).toThrow(`"${text}" is not an IPv4 network`);
  });

  it('refuses an IPv6 prefix length over 128', () => {
    expect(Ipv6Cidr.tryParse('fd00::/129')).toBeUndefined();
  });

  it.each([-1, 33, 1.5, Number.NaN])('cannot be made with prefix length %d', (length) => {
    expect(() => Ipv4Cidr.of(Ipv4.parse('10.0.0.0'), length)).toThrow(`IPv4 has no prefix length ${length}`);
  });

  it('finds an address by its index', () => {
    const cidr = Ipv4Cidr.parse('10.0.0.0/30');
    expect([0, 1, 2n, 3].map((index) => cidr.at(index).toString())).toEqual([
      '10.0.0.0',
      '10.0.0.1',
      '10.0.0.2',
      '10.0.0.3',
    ]);
    expect(() => cidr.at(4)).toThrow('10.0.0.0/30 has no address number 4');
    expect(() => cidr.at(-1)).toThrow(RangeError);
  });

  it.each([
    { one: '10.0.0.0/24', other: '10.0.0.0/25', contains: true, overlaps: true },
    { one: '10.0.0.0/24', other: '10.0.0.0/24', contains: true, overlaps: true },
    { one: '10.0.0.0/25', other: '10.0.0.0/24', contains: false, overlaps: true },
    { one: '10.0.0.0/24', other: '10.0.1.0/24', contains: false, overlaps: false },
    { one: '0.0.0.0/0', other: '10.0.0.0/8', contains: true, overlaps: true },
  ])('$one contains $other: $contains, overlaps it: $overlaps', ({ one, other, contains, overlaps }) => {
    expect(Ipv4Cidr.parse(one).contains(Ipv4Cidr.parse(other))).toBe(contains);
    expect(Ipv4Cidr.parse(one).overlaps(Ipv4Cidr.parse(other))).toBe(overlaps);
  });

  it('never contains or overlaps the other family', () => {
    const all4 = Ipv4Cidr.parse('0.0.0.0/0');
    const all6 = Ipv6Cidr.parse('::/0');
    expect(all4.contains(Ipv6.parse('::1'))).toBe(false);
    expect(all6.contains(Ipv4.parse('10.0.0.1'))).toBe(false);
    expect(all4.contains(all6) || all6.contains(all4)).toBe(false);
    expect(all4.overlaps(all6) || all6.overlaps(all4)).toBe(false);
    expect(Ipv4Cidr.parse('0.0.0.0/0').equals(Ipv6Cidr.parse('::/0'))).toBe(false);
  });

  it('is cut into subnets in order', () => {
    const subnets = [...Ipv4Cidr.parse('10.0.0.0/24').subnets(26)].map(String);
    expect(subnets).toEqual(['10.0.0.0/26', '10.0.0.64/26', '10.0.0.128/26', '10.0.0.192/26']);
    expect([...Ipv4Cidr.parse('10.0.0.0/24').subnets(24)].map(String)).toEqual(['10.0.0.0/24']);
  });

  it('has no subnets longer than an address or wider than itself', () => {
    expect([...Ipv4Cidr.parse('10.0.0.0/24').subnets(33)]).toEqual([]);
    expect([...Ipv4Cidr.parse('10.0.0.0/24').subnets(23)]).toEqual([]);
  });

  it('gives the first subnet of a huge block at once', () => {
    expect(Ipv6Cidr.parse('::/0').subnets(128).next().value?.toString()).toBe('::/128');
  });

  it('prints as its text in JSON', () => {
    expect(JSON.stringify([Ipv6Cidr.parse('fd00::/64')])).toBe('["fd00::/64"]');
  });
});

describe('every Cidr', () => {
  it('printed and parsed again is the same', () => {
    fc.assert(
      fc.property(anyCidr4, anyCidr6, (cidr4, cidr6) => {
        expect(Ipv4Cidr.parse(String(cidr4)).equals(cidr4)).toBe(true);
        expect(Ipv6Cidr.parse(String(cidr6)).equals(cidr6)).toBe(true);
      }),
    );
  });

  it('has the ends and netmask that ipaddr.js finds', () => {
    fc.assert(
      fc.property(anyCidr4, (cidr) => {
        const text = String(cidr);
        expect(String(cidr.first)).toBe(String(ipaddr.IPv4.networkAddressFromCIDR(text)));
        expect(String(cidr.last)).toBe(String(ipaddr.IPv4.broadcastAddressFromCIDR(text)));
        expect(String(cidr.netmask)).toBe(String(ipaddr.IPv4.subnetMaskFromPrefixLength(cidr.prefixLength)));
      }),
    );
  });

  it('has the ends that ip-address finds', () => {
    fc.assert(
      fc.property(anyCidr4, (cidr) => {
        const theirs = new Address4(String(cidr));
        expect(cidr.first.value).toBe(theirs.startAddress().bigInt());
        expect(cidr.last.value).toBe(theirs.endAddress().bigInt());
      }),
    );
    fc.assert(
      fc.property(anyCidr6, (cidr) => {
        const theirs = new Address6(String(cidr));
        expect(cidr.first.value).toBe(theirs.startAddress().bigInt());
        expect(cidr.last.value).toBe(theirs.endAddress().bigInt());
      }),
    );
  });

  it('contains what ip-address finds inside', () => {
    // Addresses close to the block, so that both answers occur.
    const near = anyCidr6.chain((cidr) =>
      fc.bigInt(-4n, 4n).map((step) => {
        const mask = (1n << 128n) - 1n;
        const edge = step < 0 ? cidr.first.value + step : cidr.last.value + step;
        return { cidr, address: Ipv6.fromValue(edge & mask) };
      }),
    );
    fc.assert(
      fc.property(near, ({ cidr, address }) => {
        expect(cidr.contains(address)).toBe(
          new Address6(String(address)).isInSubnet(new Address6(String(cidr))),
        );
      }),
    );
  });

  it('overlaps another exactly where one contains the other', () => {
    const close = fc.tuple(fc.nat(255), fc.integer({ min: 24, max: 32 })).map(([low, length]) => {
      return Ipv4Cidr.of(Ipv4.parse('10.0.0.0').plus(low), length);
    });
    fc.assert(
      fc.property(close, close, (a, b) => {
        expect(a.overlaps(b)).toBe(a.contains(b) || b.contains(a));
        expect(a.overlaps(b)).toBe(b.overlaps(a));
      }),
    );
  });

  it('is filled by its subnets without gap and overlap', () => {
    fc.assert(
      fc.property(anyCidr4, fc.nat(6), (cidr, more) => {
        const length = Math.min(32, cidr.prefixLength + more);
        const subnets = [...cidr.subnets(length)];
        expect(subnets).toHaveLength(2 ** (length - cidr.prefixLength));
        expect(subnets[0]?.first.equals(cidr.first)).toBe(true);
        expect(subnets.at(-1)?.last.equals(cidr.last)).toBe(true);
        for (const [index, subnet] of subnets.slice(1).entries()) {
          expect(subnet.first.value).toBe((subnets[index]?.last.value ?? 0n) + 1n);
        }
      }),
    );
  });

  it('is the block of each address inside', () => {
    fc.assert(
      fc.property(anyCidr4, fc.nat(0xffffffff), (cidr, index) => {
        const inside = cidr.at(BigInt(index) % cidr.size);
        expect(Ipv4Cidr.of(inside, cidr.prefixLength).equals(cidr)).toBe(true);
      }),
    );
  });
});
