import { Ipv4, Ipv4Cidr, parseDeviceName } from '@novanet/net-address';
import { expect, test } from 'vitest';
import type { HostIntent } from '../host-intent.js';
import { withFilters } from '../instance-filters/with-filters.js';
import { planHost } from '../plan-host.js';
import { floatingIp, intentOf, networkOf, v4Of } from '../testing/index.js';

const METADATA =
  '-p IPv4 --ip-src 10.0.0.0/24 --ip-dst 169.254.169.254 --ip-proto tcp --ip-dport 80 -j redirect';
const ofInstance = (address: string) =>
  `-p IPv4 -d ! Multicast --ip-src ${address} --ip-dst ! 10.0.0.0/24 -j redirect`;
const external = networkOf({ v4: v4Of({ dhcpServer: Ipv4.parse('10.0.0.2') }) });
const floatingIps = [
  floatingIp('203.0.113.5', '10.0.0.3'),
  floatingIp('203.0.113.6', '10.0.0.3'),
  floatingIp('203.0.113.7', '10.0.0.4'),
];

function redirects(intent: HostIntent): readonly string[] | undefined {
  const { tables } = planHost(intent).firewall.bridge;
  return tables.find(({ name }) => name === 'nat')?.chains.flatMap(({ rules }) => rules);
}

test.each([
  {
    name: 'this host is the router',
    intent: intentOf([networkOf()], { forceSnatRanges: [Ipv4Cidr.parse('172.16.0.0/12')] }, { floatingIps }),
    rules: undefined,
  },
  {
    name: 'each host of the network is the router of its instances',
    intent: intentOf([{ ...external, isMultiHost: true }], {}, { floatingIps }),
    rules: undefined,
  },
  {
    name: 'there is no router',
    intent: intentOf([networkOf({ v4: v4Of({ gateway: undefined }) })]),
    rules: undefined,
  },
  { name: 'somebody else is', intent: intentOf([external]), rules: [METADATA] },
  {
    name: 'dnsmasq may have been told of another one',
    intent: intentOf([networkOf()], { dnsmasqConfigFile: '/etc/nova/dnsmasq.conf' }, { floatingIps }),
    rules: [METADATA, ofInstance('10.0.0.3'), ofInstance('10.0.0.4')],
  },
  {
    name: 'nobody was told of any',
    intent: intentOf([networkOf({ enableDhcp: false })], { dnsmasqConfigFile: '/etc/nova/dnsmasq.conf' }),
    rules: undefined,
  },
  {
    name: 'somebody else is, of instances with one and two floating IPs',
    intent: intentOf([external], {}, { floatingIps }),
    rules: [METADATA, ofInstance('10.0.0.3'), ofInstance('10.0.0.4')],
  },
  {
    name: 'somebody else is, and nothing leaves under the address of this host',
    intent: intentOf([external], {
      forceSnatRanges: [Ipv4Cidr.parse('0.0.0.0/0')],
      routingSourceIp: undefined,
    }),
    rules: [METADATA],
  },
  {
    name: 'somebody else is, but for everything outside',
    intent: intentOf([external], { forceSnatRanges: [Ipv4Cidr.parse('0.0.0.0/0')] }),
    rules: [
      METADATA,
      '-p IPv4 --ip-src 10.0.0.0/24 --ip-dst 10.0.0.0/24 -j RETURN',
      '-p IPv4 -d ! Multicast --ip-src 10.0.0.0/24 -j redirect',
    ],
  },
])('frames that this host takes when $name', ({ intent, rules }) => {
  expect(redirects(intent)).toEqual(rules);
});

test('come after the filters of the ports they are from', () => {
  const plan = planHost(intentOf([external], {}, { floatingIps: floatingIps.slice(0, 1) }));
  const device = parseDeviceName('tap1');
  const port = {
    device,
    mac: external.dhcpHosts[0]!.mac,
    bridge: external.bridge,
    packets: { ipv4: [], ipv6: [] },
    ownIpv6: [],
    frames: ['-j DROP'],
    usesDhcp: false,
  };
  const instance = { chain: 'nova-network-inst-1', rules: { ipv4: [], ipv6: [] }, ports: [port] };
  const { bridge } = withFilters(
    { ...plan, filters: { ...plan.filters, instances: [instance] } },
    () => device,
  );
  const nat = bridge.tables.find(({ name }) => name === 'nat');
  expect(nat?.chains.find(({ name }) => name === 'nova-network-PREROUTING')?.rules).toEqual([
    '-i tap1 -j nova-network-tap1',
    METADATA,
    ofInstance('10.0.0.3'),
  ]);
  expect(nat?.jumps.map(({ from }) => from)).toEqual(['PREROUTING', 'POSTROUTING']);
});
