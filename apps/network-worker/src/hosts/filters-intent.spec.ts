import type { HostFirewall, Network, ServedNetwork } from '@novanet/ipam';
import { networkWith } from '@novanet/ipam/testing';
import { Ipv4, Ipv4Cidr, Ipv6Cidr, Mac } from '@novanet/net-address';
import { describe, expect, it } from 'vitest';
import { filtersIntent } from './filters-intent.js';
import { nicIn } from './testing/network-rows.js';

const V4 = Ipv4Cidr.parse('10.0.0.0/24');
const V6 = Ipv6Cidr.parse('fd00::/64');
const RULE = { protocol: 'tcp', fromPort: 22, toPort: 22, source: { cidr: V4 } } as const;

const firewall: HostFirewall = {
  instances: [{ id: 7, uuid: 'i1', rules: [RULE] }],
  members: new Map(),
  providerRules: [],
};

function servedBy(network: Network, address: string): ServedNetwork {
  return { network, dhcpServer: Ipv4.parse(address), hosts: [], leases: [], draining: [] };
}

interface Over {
  readonly useIpv6?: boolean;
  readonly served?: readonly ServedNetwork[];
}

function nicOf(network: Network, { useIpv6 = false, served = [] }: Over = {}) {
  const settings = { useIpv6, ipv6Backend: 'rfc2462' } as const;
  const { instances } = filtersIntent([nicIn(network)], firewall, served, settings);
  const { nics } = instances[0] ?? { nics: [] };
  return nics.map(({ addresses, cidrs, dhcpServer, ...rest }) => ({
    ...rest,
    addresses: addresses.map(String),
    cidrs: cidrs.map(String),
    dhcpServer: dhcpServer?.toString(),
  }))[0];
}

describe('a NIC on this host', () => {
  it("is behind the port of nova's name, with the rules of its instance", () => {
    const { instances } = filtersIntent([nicIn(networkWith([V4]))], firewall, [], {
      useIpv6: false,
      ipv6Backend: 'rfc2462',
    });
    expect(instances).toMatchObject([
      { id: 7, rules: [RULE], nics: [{ device: 'tap0a1b2c3d-4e', bridge: 'br100' }] },
    ]);
  });

  it('has the IPv6 address that it makes of its MAC, where IPv6 is served', () => {
    const derived = Mac.ofNova(1).eui64(V6).toString();
    const network = networkWith([V4, V6]);
    expect(nicOf(network)).toMatchObject({ addresses: ['10.0.0.3'], cidrs: ['10.0.0.0/24'] });
    expect(nicOf(network, { useIpv6: true })).toMatchObject({
      addresses: ['10.0.0.3', derived],
      cidrs: ['10.0.0.0/24', 'fd00::/64'],
    });
    expect(nicOf(networkWith([V6]))).toMatchObject({ cidrs: ['fd00::/64'] });
  });

  it.each([
    { about: 'of its host, where it is', served: undefined, dhcpServer: '10.0.0.1' },
    { about: 'of this host, also before it has arrived', served: '10.0.0.9', dhcpServer: '10.0.0.9' },
  ])('hears the DHCP server $about', ({ served, dhcpServer }) => {
    const network = networkWith([V4]);
    const here = served ? [servedBy(network, served)] : [];
    expect(nicOf(network, { served: here })).toMatchObject({ dhcpServer });
  });

  it('hears none where there is none, and has no port where there is no bridge', () => {
    expect(nicOf(networkWith([V4], { enableDhcp: false }))?.dhcpServer).toBeUndefined();
    expect(nicOf(networkWith([V4], { bridge: null }))).toBeUndefined();
  });
});
