import { Ipv4, Ipv6, Ipv6Cidr } from '@novanet/net-address';
import { describe, expect, test } from 'vitest';
import type { NetworkIntent } from '../host-intent.js';
import { planHost } from '../plan-host.js';
import { intentOf, networkOf, v4Of } from '../testing/index.js';

const V6 = { cidr: Ipv6Cidr.parse('fd00:0:0:1::/64'), gateway: Ipv6.parse('fd00:0:0:1::1') };

const planOf = (...networks: readonly Partial<NetworkIntent>[]) =>
  planHost(intentOf(networks.map(networkOf), { usesIpv6: true }));
const configOf = (...networks: readonly Partial<NetworkIntent>[]) =>
  planOf(...networks).routerAdvertisements[0]?.config.content;

test('a network of both families is advertised in the words of nova', () => {
  expect(planOf({ v6: V6 }).routerAdvertisements).toEqual([
    {
      device: 'br100',
      arguments: [
        '-C',
        '/var/lib/nova/networks/nova-ra-br100.conf',
        '-p',
        '/var/lib/nova/networks/nova-ra-br100.pid',
      ],
      pidFile: '/var/lib/nova/networks/nova-ra-br100.pid',
      config: {
        path: '/var/lib/nova/networks/nova-ra-br100.conf',
        content: `interface br100
{
   AdvSendAdvert on;
   MinRtrAdvInterval 3;
   MaxRtrAdvInterval 10;
   AdvRASrcAddress
   {
        fe80::aa:68ff:fe96:fec3;
   };
   prefix fd00:0:0:1::/64
   {
        AdvOnLink on;
        AdvAutonomous on;
   };
};
`,
      },
    },
  ]);
});

test.each<{ name: string; network: Partial<NetworkIntent> }>([
  { name: 'without IPv6', network: {} },
  { name: 'without IPv6, and with DNS servers', network: { dnsServers: [Ipv6.parse('2001:db8::53')] } },
])('a network $name is not advertised', ({ network }) => {
  expect(planOf(network)).toMatchObject({ routerAdvertisements: [], problems: [] });
});

test('it is advertised without DHCP, too', () => {
  expect(planOf({ v6: V6, enableDhcp: false }).routerAdvertisements).toHaveLength(1);
});

describe('instances are told', () => {
  test.each<{ name: string; network: Partial<NetworkIntent>; line: string }>([
    { name: 'the MTU of the network', network: { mtu: 1450 }, line: 'AdvLinkMTU 1450;' },
    {
      name: 'that nobody routes for an isolated network',
      network: { v6: { ...V6, gateway: undefined } },
      line: 'AdvDefaultLifetime 0;',
    },
    {
      name: 'the DNS servers with IPv6',
      network: { dnsServers: [Ipv6.parse('2001:db8::53')] },
      line: 'RDNSS 2001:db8::53',
    },
    {
      name: 'of a larger network the part in which their addresses are',
      network: { v6: { ...V6, cidr: Ipv6Cidr.parse('2001:db8:1::/48') } },
      line: 'prefix 2001:db8:1::/64',
    },
  ])('$name', ({ network, line }) => {
    expect(configOf({ v6: V6, ...network })).toContain(`\n   ${line}\n`);
    expect(configOf({ v6: V6 })).not.toContain(line);
  });

  test('no DNS server with IPv4', () => {
    expect(configOf({ v6: V6, dnsServers: [Ipv4.parse('192.0.2.53')] })).not.toContain('RDNSS');
  });
});

describe('two networks on one bridge', () => {
  const second = { id: 2, v4: v4Of({}, '10.0.1.0/24') };
  const other = { ...V6, cidr: Ipv6Cidr.parse('fd00:0:0:2::/64') };

  test('are advertised by one radvd', () => {
    const { routerAdvertisements } = planOf({ v6: V6 }, { ...second, v6: other });
    expect(routerAdvertisements.map(({ config }) => config.content.match(/prefix .*/g))).toEqual([
      ['prefix fd00:0:0:1::/64', 'prefix fd00:0:0:2::/64'],
    ]);
  });

  test('are routed when one of them is', () => {
    expect(configOf({ v6: { ...V6, gateway: undefined } }, { ...second, v6: other })).not.toContain(
      'AdvDefaultLifetime',
    );
  });
});

describe('what cannot be advertised is a problem:', () => {
  test.each<{ name: string; network: Partial<NetworkIntent>; message: RegExp; missing: string }>([
    {
      name: 'a network too small for addresses that instances choose',
      network: { v6: { ...V6, cidr: Ipv6Cidr.parse('fd00::/96') } },
      message: /fd00::\/96 .* create the network with a \/64/,
      missing: '/64',
    },
    {
      name: 'an MTU too small for IPv6',
      network: { mtu: 1279 },
      message: /1279.*1280/,
      missing: 'AdvLinkMTU',
    },
  ])('$name', ({ network, message, missing }) => {
    expect(planOf({ v6: V6, ...network }).problems).toEqual([
      { subject: 'br100', message: expect.stringMatching(message) },
    ]);
    expect(configOf({ v6: V6, ...network })).not.toContain(missing);
  });
});
