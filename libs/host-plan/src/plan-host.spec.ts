import { readFileSync } from 'node:fs';
import { Ipv4, Ipv4Cidr, Ipv6, Ipv6Cidr, parseDeviceName } from '@novanet/net-address';
import { describe, expect, test } from 'vitest';
import { planHost } from './plan-host.js';
import { renderPlan } from './render-plan.js';
import { dhcpHost, floatingIp, intentOf, networkOf, v4Of } from './testing/index.js';
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
        rulesBefore: /--comment admin/,
        rulesBehind: /-j REJECT/,
      },
    ),
  },
  {
    name: 'isolated-network',
    intent: intentOf([networkOf({ v4: v4Of({ gateway: undefined }) })], {
      metadataHost: Ipv4.parse('198.51.100.7'),
    }),
  },
  {
    name: 'second-nic-with-a-single-default-gateway',
    intent: intentOf(
      [
        networkOf({
          dhcpHosts: [
            dhcpHost('fa:16:3e:00:00:01', '10.0.0.3', 'vm-one'),
            { ...dhcpHost('fa:16:3e:00:00:02', '10.0.0.4', 'vm-two'), isFirstNic: false },
          ],
        }),
      ],
      { usesSingleDefaultGateway: true },
    ),
  },
  {
    name: 'external-gateway-with-forced-snat',
    intent: intentOf([networkOf({ v4: v4Of({ gateway: Ipv4.parse('10.0.0.254') }) })], {
      forceSnatRanges: [Ipv4Cidr.parse('10.10.10.0/24'), Ipv4Cidr.parse('0.0.0.0/0')],
    }),
  },
  {
    name: 'two-networks-on-one-bridge',
    intent: intentOf([
      networkOf({
        id: 2,
        v4: v4Of({}, '10.0.1.0/24'),
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
  {
    name: 'external-gateway-with-floating-ips',
    intent: intentOf(
      [
        networkOf({ v4: v4Of({ dhcpServer: Ipv4.parse('10.0.0.2'), dhcpStart: Ipv4.parse('10.0.0.3') }) }),
        networkOf({
          id: 2,
          uuid: '5f0c2a8e-0000-4000-8000-000000000002',
          bridge: parseDeviceName('br200'),
          bridgeInterface: undefined,
          v4: v4Of({}, '10.0.1.0/24'),
          dhcpHosts: [],
        }),
      ],
      {
        forceSnatRanges: [
          Ipv4Cidr.parse('172.16.0.0/12'),
          Ipv4Cidr.parse('198.51.100.7/32'),
          Ipv4Cidr.parse('10.0.0.0/8'),
        ],
      },
      {
        floatingIps: [
          floatingIp('203.0.113.5', '10.0.0.3'),
          floatingIp('203.0.113.6', '10.0.0.3'),
          floatingIp('203.0.113.7', '10.0.0.4'),
        ],
      },
    ),
  },
  { name: 'no-network', intent: intentOf([]) },
  {
    name: 'one-floating-ip',
    intent: intentOf([networkOf()], {}, { floatingIps: [floatingIp('203.0.113.5', '10.0.0.3')] }),
  },
  {
    name: 'two-floating-ips-of-one-instance-and-one-elsewhere',
    intent: intentOf(
      [networkOf()],
      { sendArpForHa: true },
      {
        floatingIps: [
          floatingIp('203.0.113.6', '10.0.0.3'),
          floatingIp('203.0.113.5', '10.0.0.3'),
          floatingIp('203.0.113.9', '10.0.0.4', parseDeviceName('eth3')),
        ],
      },
    ),
  },
  {
    name: 'two-vlans-on-one-interface',
    intent: intentOf([
      networkOf({ vlan: 100, mtu: 1450 }),
      networkOf({
        id: 2,
        uuid: '5f0c2a8e-0000-4000-8000-000000000002',
        bridge: parseDeviceName('br101'),
        vlan: 101,
        v4: v4Of({}, '10.0.1.0/24'),
        dhcpHosts: [],
      }),
    ]),
  },
  {
    name: 'one-network-of-both-families-and-one-of-ipv6-alone',
    intent: intentOf(
      [
        networkOf({ v6: { cidr: Ipv6Cidr.parse('fd00:0:0:1::/64'), gateway: Ipv6.parse('fd00:0:0:1::1') } }),
        networkOf({
          id: 2,
          uuid: '5f0c2a8e-0000-4000-8000-000000000002',
          bridge: parseDeviceName('br200'),
          bridgeInterface: undefined,
          v4: undefined,
          v6: { cidr: Ipv6Cidr.parse('fd00:0:0:2::/64'), gateway: Ipv6.parse('fd00:0:0:2::1') },
        }),
      ],
      { usesIpv6: true },
    ),
  },
  {
    name: 'multi-host-with-one-address-for-all-hosts',
    intent: intentOf(
      [
        networkOf({
          isMultiHost: true,
          sharesAddress: true,
          v6: { cidr: Ipv6Cidr.parse('fd00:0:0:1::/64'), gateway: Ipv6.parse('fd00:0:0:1::ab:cdef') },
        }),
      ],
      { usesIpv6: true, dropAction: 'REJECT' },
    ),
  },
  {
    name: 'two-ipv6-networks-on-one-bridge-and-an-isolated-one',
    intent: intentOf(
      [
        networkOf({
          mtu: 1450,
          v6: { cidr: Ipv6Cidr.parse('fd00:0:0:1::/64'), gateway: Ipv6.parse('fd00:0:0:1::1') },
          dnsServers: [Ipv6.parse('2001:db8::53'), Ipv4.parse('192.0.2.53')],
        }),
        networkOf({
          id: 2,
          v4: v4Of({}, '10.0.1.0/24'),
          v6: { cidr: Ipv6Cidr.parse('2001:db8:2::/48'), gateway: undefined },
          dhcpHosts: [],
          dnsServers: [Ipv6.parse('2001:db8::53'), Ipv6.parse('2001:db8::54')],
        }),
        networkOf({
          id: 3,
          bridge: parseDeviceName('br300'),
          bridgeInterface: parseDeviceName('eth0.300'),
          v4: undefined,
          v6: { cidr: Ipv6Cidr.parse('fd00:0:0:3::/64'), gateway: undefined },
        }),
      ],
      { usesIpv6: true, usesNetworkDnsServers: true, publicInterface: parseDeviceName('eth0.5') },
    ),
  },
  {
    name: 'multi-host-over-ipv6-with-an-address-each-over-ipv4',
    intent: intentOf(
      [
        networkOf({
          isMultiHost: true,
          v4: v4Of({ dhcpServer: Ipv4.parse('10.0.0.7') }),
          v6: { cidr: Ipv6Cidr.parse('fd00:0:0:1::/64'), gateway: Ipv6.parse('fd00:0:0:1::1') },
        }),
      ],
      { usesIpv6: true },
    ),
  },
  {
    name: 'multi-host-with-names',
    intent: intentOf(
      [networkOf({ isMultiHost: true, v4: v4Of({ dhcpServer: Ipv4.parse('10.0.0.7') }) })],
      {},
      {
        names: [
          { name: 'www.example.org', address: Ipv4.parse('203.0.113.5') },
          { name: 'vm-one.novalocal', address: Ipv4.parse('10.0.0.3') },
          { name: 'www.example.org', address: Ipv4.parse('203.0.113.5') },
        ],
      },
    ),
  },
];

test.each(CASES)('plans $name as the golden text says', async ({ name, intent }) => {
  await expect(renderPlan(planHost(intent))).toMatchFileSnapshot(`../golden/${name}.txt`);
});

const nova = (name: string) =>
  rulesIn(readFileSync(new URL(`../golden/nova-${name}.iptables-save`, import.meta.url), 'utf8'));

/** Rules that only one of both has, and whether those that both have stand in the same order. */
function compare(ours: readonly string[], novas: readonly string[]) {
  const shared = (rule: string) => ours.includes(rule) && novas.includes(rule);
  expect(ours.filter(shared)).toEqual(novas.filter(shared));
  return {
    onlyNova: novas.filter((rule) => !ours.includes(rule)),
    onlyOurs: ours.filter((rule) => !novas.includes(rule)),
  };
}

const NOVAS_METADATA =
  '-A nova-network-PREROUTING -d 169.254.169.254/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 192.0.2.10:8775';
const OUR_METADATA = NOVAS_METADATA.replace(' -p tcp', ' -i br100 -p tcp');

const TOKEN_HOPS =
  '-A nova-network-POSTROUTING -o br100 -p tcp -m tcp --sport 8775 -m string ' +
  '--string "x-aws-ec2-metadata-token-ttl-seconds: " --algo bm --icase -j TTL --ttl-set 1';

describe('the rules differ from those of nova only where docs/compatibility.md says so', () => {
  test('with one network', () => {
    const ours = rulesIn(renderPlan(planHost(intentOf([networkOf()]))));
    expect(compare(ours, nova('flat-dhcp'))).toEqual({
      onlyNova: [
        '-A nova-network-INPUT -i br100 -p tcp -m tcp --dport 67 -j ACCEPT',
        '-A nova-network-INPUT -i br100 -p udp -m udp --dport 53 -j ACCEPT',
        '-A nova-network-INPUT -i br100 -p tcp -m tcp --dport 53 -j ACCEPT',
        NOVAS_METADATA,
      ],
      onlyOurs: [
        TOKEN_HOPS,
        '-A nova-network-INPUT -s 10.0.0.0/24 -i br100 -p udp -m udp --dport 53 -j ACCEPT',
        '-A nova-network-INPUT -s 10.0.0.0/24 -i br100 -p tcp -m tcp --dport 53 -j ACCEPT',
        '-A nova-network-INPUT -d 192.0.2.10/32 -p tcp -m tcp --dport 8775 -j ACCEPT',
        OUR_METADATA,
      ],
    });
  });

  const FROM_INSIDE =
    '-A nova-network-snat -s 10.0.0.0/24 -d 10.0.0.0/24 -m conntrack --ctstate DNAT -j SNAT --to-source 192.0.2.10';

  test.each([
    { novas: 'one-floating-ip', addresses: ['203.0.113.5'], onlyOurs: [OUR_METADATA, FROM_INSIDE] },
    {
      novas: 'two-floating-ips',
      addresses: ['203.0.113.6', '203.0.113.5'],
      onlyOurs: [
        '-A nova-network-POSTROUTING -s 10.0.0.3/32 -d 10.0.0.3/32 -m conntrack --ctorigdst 203.0.113.6 -j SNAT --to-source 203.0.113.6',
        OUR_METADATA,
        FROM_INSIDE,
      ],
    },
  ])('with $novas', ({ novas, addresses, onlyOurs }) => {
    const floatingIps = addresses.map((address) => floatingIp(address, '10.0.0.3'));
    const text = renderPlan(planHost(intentOf([networkOf()], {}, { floatingIps })));
    const nat = rulesIn(text.slice(text.indexOf('*nat')));
    expect(compare(nat, nova(novas))).toEqual({ onlyNova: [NOVAS_METADATA], onlyOurs });
  });
});

function rulesIn(text: string): string[] {
  return text.split('\n').filter((line) => /^(\*|COMMIT|-A|:nova-)/.test(line));
}

test('session tokens get as far as they may, or anywhere', () => {
  const rulesWith = (hops: number) =>
    rulesIn(renderPlan(planHost(intentOf([networkOf()], { metadataTokenHopLimit: hops }))));
  expect(rulesWith(2)).toContain(TOKEN_HOPS.replace('--ttl-set 1', '--ttl-set 2'));
  expect(rulesWith(0).filter((line) => line.includes('TTL'))).toEqual([]);
});

test('the VPN of a network is reached at its public port, in the words of nova', () => {
  const vpn = {
    publicAddress: Ipv4.parse('192.0.2.10'),
    publicPort: 1000,
    privateAddress: Ipv4.parse('10.0.0.2'),
  };
  const elsewhere = { ...vpn, publicAddress: Ipv4.parse('192.0.2.11') };
  const [plain, ofOther, withVpn] = [undefined, elsewhere, vpn].map((one) =>
    rulesIn(renderPlan(planHost(intentOf([networkOf({ vpn: one })])))),
  );
  expect(ofOther).toEqual(plain);
  expect(withVpn?.filter((line) => !plain?.includes(line))).toEqual([
    '-A nova-network-FORWARD -d 10.0.0.2/32 -p udp -m udp --dport 1194 -j ACCEPT',
    '-A nova-network-OUTPUT -d 192.0.2.10/32 -p udp -m udp --dport 1000 -j DNAT --to-destination 10.0.0.2:1194',
    '-A nova-network-PREROUTING -d 192.0.2.10/32 -p udp -m udp --dport 1000 -j DNAT --to-destination 10.0.0.2:1194',
  ]);
});

describe('a multi-host network', () => {
  const here = { isMultiHost: true, v4: v4Of({ dhcpServer: Ipv4.parse('10.0.0.7') }) };
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

test('a host of a multi-host network has its own address on the bridge and answers there, under its own hosts', () => {
  const own = Ipv4.parse('10.0.0.7');
  const plan = planHost(intentOf([networkOf({ isMultiHost: true, v4: v4Of({ dhcpServer: own }) })]));
  expect(plan.bridges[0]?.addresses.map(({ address }) => address.toString())).toEqual(['10.0.0.7']);
  expect(plan.dhcpServers[0]?.arguments).toEqual(
    expect.arrayContaining(['--listen-address=10.0.0.7', '--dhcp-ignore=tag:!known']),
  );
});

test('a network of IPv6 alone has no DHCP, no metadata, no NAT, and forwards no IPv4', () => {
  const v6 = { cidr: Ipv6Cidr.parse('fd00::/64'), gateway: Ipv6.parse('fd00::1') };
  const plan = planHost(intentOf([networkOf({ v4: undefined, v6 })]));
  expect(plan).toMatchObject({ dhcpServers: [], problems: [] });
  expect(plan.sysctls.map(({ key }) => key)).not.toContain('net.ipv4.ip_forward');
  expect(plan.bridges.map(({ name, member }) => [name, member])).toEqual([['br100', 'eth1']]);
  const rules = plan.firewall.ipv4.tables.flatMap(({ chains }) => chains.flatMap((chain) => chain.rules));
  expect(rules).toEqual([
    '-i br100 -o br100 -j ACCEPT',
    '-i br100 -j DROP',
    '-o br100 -j DROP',
    '-j nova-network-float-snat',
  ]);
});

test('without use_ipv6 a network of both families is served over IPv4 alone', () => {
  const v6 = { cidr: Ipv6Cidr.parse('fd00::/64'), gateway: Ipv6.parse('fd00::1') };
  const addresses = (usesIpv6: boolean) =>
    planHost(intentOf([networkOf({ v6 })], { usesIpv6 })).bridges[0]?.addresses.map((a) =>
      a.address.toString(),
    );
  expect(addresses(false)).toEqual(['10.0.0.1']);
  expect(addresses(true)).toEqual(['10.0.0.1', 'fd00::1', 'fe80::aa:68ff:fe96:fec3', 'fe80::a9fe:a9fe']);
});

test('on a bridge that it shares, a network without IPv4 refuses nothing before the other one allows it', () => {
  const plan = planHost(intentOf([networkOf({ id: 1, v4: undefined }), networkOf({ id: 2 })]));
  const filter = plan.firewall.ipv4.tables.find(({ name }) => name === 'filter');
  expect(filter?.chains.find(({ name }) => name === 'nova-network-FORWARD')?.rules).toEqual([
    '-i br100 -j ACCEPT',
    '-o br100 -j ACCEPT',
    '-i br100 -o br100 -j ACCEPT',
    '-i br100 -j DROP',
    '-o br100 -j DROP',
  ]);
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

test('the plan does not depend on the order of what it is given', () => {
  const networks = [networkOf(), networkOf({ id: 2, bridge: parseDeviceName('br200') })];
  const floatingIps = [floatingIp('203.0.113.5', '10.0.0.3'), floatingIp('203.0.113.40', '10.0.0.3')];
  const names = ['b', 'a'].map((name) => ({ name, address: Ipv4.parse('10.0.0.3') }));
  const reversed = { floatingIps: floatingIps.toReversed(), names: names.toReversed() };
  expect(planHost(intentOf(networks.toReversed(), {}, reversed))).toEqual(
    planHost(intentOf(networks, {}, { floatingIps, names })),
  );
});

test('a /8 does not ask dnsmasq for sixteen million leases', () => {
  const plan = planHost(intentOf([networkOf({ v4: v4Of({}, '10.0.0.0/8') })]));
  expect(plan.dhcpServers[0]?.arguments).toContain('--dhcp-lease-max=65536');
});

test("the instances of all hosts have the names by which DHCP knows them, in their own network's server alone", () => {
  const address = Ipv4.parse('10.0.0.9');
  const instanceNames = [
    { hostname: 'web 1', address: Ipv4.parse('10.0.0.12') },
    { hostname: '', address },
  ];
  const other = networkOf({ id: 2, bridge: parseDeviceName('br200'), instanceNames: [] });
  const { dhcpServers } = planHost(intentOf([networkOf({ instanceNames }), other]));
  expect(dhcpServers.map((server) => server.instanceNames)).toEqual([
    {
      path: '/var/lib/nova/networks/nova-br100.names.d/names',
      content: '10.0.0.12 web-1.novalocal\n10.0.0.9 host-10-0-0-9.novalocal\n',
    },
    { path: '/var/lib/nova/networks/nova-br200.names.d/names', content: '' },
  ]);
  expect(dhcpServers[0]?.arguments).toContain('--hostsdir=/var/lib/nova/networks/nova-br100.names.d');
});

test('the router of a second NIC may be named by nobody, dnsmasq_config_file included', () => {
  const settings = { usesSingleDefaultGateway: true, dnsmasqConfigFile: '/etc/dnsmasq.d/nova.conf' };
  const [server] = planHost(intentOf([networkOf()], settings)).dhcpServers;
  expect(server?.arguments.filter((word) => word.startsWith('--dhcp-option'))).toEqual([
    '--dhcp-option=3,10.0.0.1',
    '--dhcp-option=tag:nogw,3',
  ]);
});

test('only the first address of a MAC is served', () => {
  const dhcpHosts = [
    dhcpHost('fa:16:3e:00:00:01', '10.0.0.3', 'a'),
    dhcpHost('fa:16:3e:00:00:01', '10.0.0.4', 'b'),
  ];
  const plan = planHost(intentOf([networkOf({ dhcpHosts })], { dhcpDomain: '' }));
  expect(plan.dhcpServers[0]?.hosts.map(({ line }) => line)).toEqual(['fa:16:3e:00:00:01,a,10.0.0.3']);
});
