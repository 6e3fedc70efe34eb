import { readFileSync } from 'node:fs';
import { Ipv4, Ipv4Cidr, parseDeviceName } from '@novanet/net-address';
import { describe, expect, test } from 'vitest';
import { planHost } from './plan-host.js';
import { renderPlan } from './render-plan.js';
import { dhcpHost, intentOf, networkOf } from './testing/index.js';
import type { HostIntent } from './host-intent.js';

const CASES: { name: string; intent: HostIntent }[] = [
  { name: 'one-flat-dhcp-network', intent: intentOf([networkOf()]) },
  {
    name: 'metadata-on-this-host-zones-and-resolvers',
    intent: intentOf(
      [networkOf({ mtu: 1450, dnsServers: [Ipv4.parse('198.51.100.53')], bridgeInterface: undefined })],
      {
        metadataHost: Ipv4.parse('127.0.0.1'),
        dmzCidrs: [Ipv4Cidr.parse('10.128.0.0/24')],
        dnsServers: [Ipv4.parse('192.0.2.53')],
        usesNetworkDnsServers: true,
        forwardBridgeInterfaces: [parseDeviceName('eth0')],
        dropAction: 'REJECT',
      },
    ),
  },
  {
    name: 'isolated-network',
    intent: intentOf([networkOf({ gateway: undefined })], { metadataHost: Ipv4.parse('198.51.100.7') }),
  },
  {
    name: 'external-gateway-with-forced-snat',
    intent: intentOf([networkOf({ gateway: Ipv4.parse('10.0.0.254') })], {
      forceSnatRanges: [Ipv4Cidr.parse('10.10.10.0/24'), Ipv4Cidr.parse('0.0.0.0/0')],
    }),
  },
  {
    name: 'two-networks-on-one-bridge',
    intent: intentOf([
      networkOf({
        id: 2,
        cidr: Ipv4Cidr.parse('10.0.1.0/24'),
        gateway: Ipv4.parse('10.0.1.1'),
        dhcpServer: Ipv4.parse('10.0.1.1'),
        dhcpStart: Ipv4.parse('10.0.1.2'),
        dhcpHosts: [],
        drainingLeases: [dhcpHost('fa:16:3e:00:00:09', '10.0.1.9', 'gone')],
      }),
      networkOf({
        heldLeases: [
          {
            ...dhcpHost('fa:16:3e:00:00:01', '10.0.0.3', 'vm-one'),
            expiresAt: new Date('2026-01-01T00:00:00.900Z'),
          },
          { ...dhcpHost('fa:16:3e:00:00:03', '10.0.0.5', ''), expiresAt: new Date('2026-01-01T00:00:01Z') },
        ],
      }),
    ]),
  },
  { name: 'no-network', intent: intentOf([]) },
];

test.each(CASES)('plans $name as the golden text says', async ({ name, intent }) => {
  await expect(renderPlan(planHost(intent))).toMatchFileSnapshot(`../golden/${name}.txt`);
});

test('differs from the rules of nova only where docs/compatibility.md says so', () => {
  const ours = rulesIn(renderPlan(planHost(intentOf([networkOf()]))));
  const novas = rulesIn(
    readFileSync(new URL('../golden/nova-flat-dhcp.iptables-save', import.meta.url), 'utf8'),
  );
  expect(novas.filter((rule) => !ours.includes(rule))).toEqual([
    '-A nova-network-INPUT -i br100 -p tcp -m tcp --dport 67 -j ACCEPT',
    '-A nova-network-INPUT -i br100 -p udp -m udp --dport 53 -j ACCEPT',
    '-A nova-network-INPUT -i br100 -p tcp -m tcp --dport 53 -j ACCEPT',
    '-A nova-network-PREROUTING -d 169.254.169.254/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 192.0.2.10:8775',
  ]);
  expect(ours.filter((rule) => !novas.includes(rule))).toEqual([
    '-A nova-network-INPUT -s 10.0.0.0/24 -i br100 -p udp -m udp --dport 53 -j ACCEPT',
    '-A nova-network-INPUT -s 10.0.0.0/24 -i br100 -p tcp -m tcp --dport 53 -j ACCEPT',
    '-A nova-network-INPUT -d 192.0.2.10/32 -p tcp -m tcp --dport 8775 -j ACCEPT',
    '-A nova-network-PREROUTING -d 169.254.169.254/32 -i br100 -p tcp -m tcp --dport 80 -j DNAT --to-destination 192.0.2.10:8775',
  ]);
  const shared = (rule: string) => ours.includes(rule) && novas.includes(rule);
  expect(ours.filter(shared)).toEqual(novas.filter(shared));
});

function rulesIn(text: string): string[] {
  return text.split('\n').filter((line) => /^(\*|COMMIT|-A|:nova-)/.test(line));
}

describe('a multi-host network', () => {
  const here = { dhcpServer: Ipv4.parse('10.0.0.7'), isMultiHost: true };
  const plan = (sharesAddress: boolean) =>
    renderPlan(planHost(intentOf([networkOf({ ...here, sharesAddress })])));

  test('is routed and SNATed by each host under its own address', () => {
    expect(plan(false)).toContain('nova-br100.opts\n3,10.0.0.7\n');
    expect(plan(false)).toContain(
      '-A nova-network-snat -s 10.0.0.0/24 -o eth0 -j SNAT --to-source 192.0.2.10',
    );
  });

  test('with one shared address that is not the gateway has an external gateway', () => {
    expect(plan(true)).toContain('nova-br100.opts\n3,10.0.0.1\n');
    expect(plan(true)).not.toContain('-j SNAT');
  });
});

test('a network without DHCP gets its bridge and forwarding, and neither NAT nor dnsmasq', () => {
  const plan = planHost(intentOf([networkOf({ enableDhcp: false })]));
  expect(plan.dhcpServers).toEqual([]);
  expect(plan.bridges.map(({ name }) => name)).toEqual(['br100']);
  expect(renderPlan(plan)).not.toMatch(/SNAT|CHECKSUM|dport 67/);
});

test('without routing_source_ip nothing is SNATed', () => {
  expect(renderPlan(planHost(intentOf([networkOf()], { routingSourceIp: undefined })))).not.toContain('SNAT');
});

test('the plan does not depend on the order of the networks', () => {
  const other = networkOf({ id: 2, bridge: parseDeviceName('br200') });
  expect(planHost(intentOf([other, networkOf()]))).toEqual(planHost(intentOf([networkOf(), other])));
});

test('a /8 does not ask dnsmasq for sixteen million leases', () => {
  const plan = planHost(intentOf([networkOf({ cidr: Ipv4Cidr.parse('10.0.0.0/8') })]));
  expect(plan.dhcpServers[0]?.arguments).toContain('--dhcp-lease-max=65536');
});

test('only the first address of a MAC is served', () => {
  const dhcpHosts = [
    dhcpHost('fa:16:3e:00:00:01', '10.0.0.3', 'a'),
    dhcpHost('fa:16:3e:00:00:01', '10.0.0.4', 'b'),
  ];
  const plan = planHost(intentOf([networkOf({ dhcpHosts })], { dhcpDomain: '' }));
  expect(plan.dhcpServers[0]?.hosts.map(({ line }) => line)).toEqual(['fa:16:3e:00:00:01,a,10.0.0.3']);
});
