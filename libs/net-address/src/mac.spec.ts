import * as fc from 'fast-check';
import { Address6 } from 'ip-address';
import { describe, expect, it } from 'vitest';
import { Ipv6Cidr } from './cidr.js';
import { Mac } from './mac.js';

const anyMac = fc
  .array(fc.nat(255), { minLength: 6, maxLength: 6 })
  .map((bytes) => Mac.parse(bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':')));

describe('Mac', () => {
  it.each([
    ['fa:16:3e:00:00:01', 'fa:16:3e:00:00:01'],
    ['FA-16-3E-AB-CD-EF', 'fa:16:3e:ab:cd:ef'],
    ['00:00:00:00:00:00', '00:00:00:00:00:00'],
    ['ff:ff:ff:ff:ff:ff', 'ff:ff:ff:ff:ff:ff'],
  ])('reads %s and writes %s', (text, canonical) => {
    expect(Mac.parse(text).toString()).toBe(canonical);
  });

  it.each([
    '',
    'fa163e000001',
    'fa:16:3e:00:00',
    'fa:16:3e:00:00:01:02',
    'fa:16:3e:00:00:1',
    'fa:16-3e:00:00:01',
    'fa:16:3e:00:00:0g',
    'fa:16:3e:00:00:01\n',
    'fa16.3e00.0001',
  ])('refuses "%s"', (text) => {
    expect(Mac.tryParse(text)).toBeUndefined();
    expect(() => Mac.parse(text)).toThrow(`"${text}" is not a MAC address`);
  });

  it.each([
    [0, 'fa:16:3e:00:00:00'],
    [0x010203, 'fa:16:3e:01:02:03'],
    [0xffffff, 'fa:16:3e:ff:ff:ff'],
    [0x1000001, 'fa:16:3e:00:00:01'],
  ])("puts %d into nova's block: %s", (low, text) => {
    expect(Mac.ofNova(low).toString()).toBe(text);
  });

  it.each([
    ['02:16:3e:33:44:55', '2001:db8::/64', '2001:db8::16:3eff:fe33:4455'],
    ['fa:16:3e:00:00:01', '2001:db8::/64', '2001:db8::f816:3eff:fe00:1'],
    ['ff:ff:ff:ff:ff:ff', '2001:db8::/64', '2001:db8::fdff:ffff:feff:ffff'],
    ['02:16:3e:33:44:55', 'fd00::/48', 'fd00::16:3eff:fe33:4455'],
    ['fa:16:3e:00:00:01', 'fe80::/64', 'fe80::f816:3eff:fe00:1'],
  ])('%s in %s gives itself %s', (mac, prefix, address) => {
    expect(Mac.parse(mac).eui64(Ipv6Cidr.parse(prefix)).toString()).toBe(address);
  });

  it('has no identifier of 64 bits in a longer prefix', () => {
    const prefix = Ipv6Cidr.parse('fd00::/65');
    expect(() => Mac.ofNova(1).eui64(prefix)).toThrow('fd00::/65 leaves no room for an EUI-64 identifier');
  });

  it('prints and parses back, whatever the address', () => {
    fc.assert(
      fc.property(anyMac, (mac) => {
        expect(Mac.parse(mac.toString()).equals(mac)).toBe(true);
        expect(Mac.parse(mac.toString().toUpperCase().replaceAll(':', '-')).equals(mac)).toBe(true);
        expect(JSON.stringify(mac)).toBe(`"${mac.toString()}"`);
      }),
    );
  });

  it('derives an identifier that holds the MAC around ff:fe', () => {
    fc.assert(
      fc.property(anyMac, (mac) => {
        const address = mac.eui64(Ipv6Cidr.parse('2001:db8::/64'));
        expect(Ipv6Cidr.parse('2001:db8::/64').contains(address)).toBe(true);
        // The bytes around ff:fe, with the universal bit turned back.
        const bytes = new Address6(address.toString()).toUnsignedByteArray().slice(-8);
        const back = [(bytes[0] ?? 0) ^ 2, bytes[1], bytes[2], bytes[5], bytes[6], bytes[7]];
        expect(back.map((byte) => (byte ?? 0).toString(16).padStart(2, '0')).join(':')).toBe(mac.toString());
        expect(bytes.slice(3, 5)).toEqual([0xff, 0xfe]);
      }),
    );
  });
});
