import { readFileSync } from 'node:fs';
import { Ipv4, Ipv4Cidr, Ipv6Cidr, Mac, parseDeviceName, parseIp, type Cidr } from '@novanet/net-address';
import { describe, expect, test } from 'vitest';
import type {
  AcceptedTrafficIntent,
  FilteredInstanceIntent,
  FilteredNicIntent,
  FiltersIntent,
  HostSettings,
} from '../host-intent.js';
import { planHost } from '../plan-host.js';
import { renderPlan } from '../render-plan.js';
import { intentOf, networkOf } from '../testing/index.js';
import { withFilters } from './with-filters.js';

const PREFIX = Ipv6Cidr.parse('fd00:0:0:1::/64');

function cidr(text: string): Cidr {
  return text.includes(':') ? Ipv6Cidr.parse(text) : Ipv4Cidr.parse(text);
}

/** The NIC of instance n: 10.0.0.(n+2) and its IPv6 address, behind tap(n). */
function nicOf(n: number, changes: Partial<FilteredNicIntent> = {}): FilteredNicIntent {
  const mac = Mac.ofNova(n);
  return {
    mac,
    device: parseDeviceName(`tap${n}`),
    bridge: parseDeviceName('br100'),
    addresses: [parseIp(`10.0.0.${n + 2}`), mac.eui64(PREFIX)],
    cidrs: [Ipv4Cidr.parse('10.0.0.0/24'), PREFIX],
    dhcpServer: Ipv4.parse('10.0.0.1'),
    ...changes,
  };
}

type Rule = readonly [
  protocol: AcceptedTrafficIntent['protocol'],
  from: number | null,
  to: number | null,
  source: string | number,
];

function accepted([protocol, fromPort, toPort, source]: Rule): AcceptedTrafficIntent {
  const from = typeof source === 'number' ? { groupId: source } : { cidr: cidr(source) };
  return { protocol, fromPort, toPort, source: from };
}

/** In this order: those of the group `web` (id 3) of the golden texts. */
const WEB: readonly Rule[] = [
  ['tcp', 22, 22, '0.0.0.0/0'],
  ['tcp', 8000, 9000, '192.168.0.0/16'],
  ['udp', 53, 53, '0.0.0.0/0'],
  ['icmp', -1, -1, '0.0.0.0/0'],
  ['icmp', 8, 0, '172.16.0.0/12'],
  ['icmp', 3, -1, '198.51.100.0/24'],
  ['tcp', 443, 443, '::/0'],
  ['icmp', -1, -1, '::/0'],
  ['icmp', 128, 0, 'fd00::/8'],
  ['tcp', 1, 65_535, 3],
  [null, null, null, 3],
];

function instanceOf(id: number, rules = WEB, nics = [nicOf(id)]): FilteredInstanceIntent {
  return { id, nics, rules: rules.map(accepted) };
}

function filtersOf(
  instances: readonly FilteredInstanceIntent[],
  more: Partial<FiltersIntent> = {},
): FiltersIntent {
  const addresses = [1, 2].flatMap((n) => nicOf(n).addresses);
  return { instances, members: new Map([[3, addresses]]), providerRules: [], ...more };
}

function planOf(filters: FiltersIntent, settings: Partial<HostSettings> = {}) {
  return planHost(intentOf([networkOf()], settings, { filters }));
}

/** All rules, with every port there. */
function rendered(filters: FiltersIntent, settings: Partial<HostSettings> = {}): string {
  const plan = planOf(filters, settings);
  return renderPlan({ ...plan, firewall: withFilters(plan, ({ device }) => device) });
}

function rulesUnder(title: string, text: string): string[] {
  const [block = ''] = text.slice(text.indexOf(`# ${title}\n`)).split('\n\n');
  const filter = block.slice(block.indexOf('*filter'));
  return filter
    .slice(0, filter.indexOf('COMMIT'))
    .split('\n')
    .filter((line) => line.startsWith('-A nova-'));
}

/** nova-compute's, under the name of our chains. */
function novas(name: string): string[] {
  const text = readFileSync(new URL(`../../golden/nova-security-groups.${name}`, import.meta.url), 'utf8');
  return text
    .replaceAll('nova-compute', 'nova-network')
    .split('\n')
    .filter((line) => line.startsWith('-A nova-'));
}

/** In each chain the shared rules stand in the same order. */
function compare(ours: readonly string[], theirs: readonly string[]) {
  const byChain = (rules: readonly string[]) => Object.groupBy(rules, (rule) => rule.split(' ')[1] ?? '');
  const shared = (rule: string) => ours.includes(rule) && theirs.includes(rule);
  expect(byChain(ours.filter(shared))).toEqual(byChain(theirs.filter(shared)));
  return {
    onlyNova: theirs.filter((rule) => !ours.includes(rule)),
    onlyOurs: ours.filter((rule) => !theirs.includes(rule) && !rule.includes('br100 -j ACCEPT')),
  };
}

/** Of one instance only: those of the others are alike. */
const ofFirst = (rules: readonly string[]) =>
  rules.filter((rule) => /inst-1 |inst-1$|^-A nova-network-(INPUT|FORWARD)/.test(rule));
const I1 = '-A nova-network-inst-1';

describe('the security groups of two instances', () => {
  const text = rendered(filtersOf([instanceOf(2), instanceOf(1)]), { usesIpv6: true });

  test('are as the golden text says', async () => {
    await expect(text).toMatchFileSnapshot('../../golden/security-groups-of-two-instances.txt');
  });

  test('differ from those of nova over IPv4 only where docs/compatibility.md says so', () => {
    const { onlyNova, onlyOurs } = compare(rulesUnder('iptables-save', text), novas('iptables-save'));
    expect(ofFirst(onlyNova)).toEqual([
      `${I1} -m state --state INVALID -j DROP`,
      `${I1} -m state --state RELATED,ESTABLISHED -j ACCEPT`,
      `${I1} -s 10.0.0.3/32 -p tcp -m multiport --dports 1:65535 -j ACCEPT`,
      `${I1} -s 10.0.0.4/32 -p tcp -m multiport --dports 1:65535 -j ACCEPT`,
      `${I1} -s 10.0.0.3/32 -j ACCEPT`,
      `${I1} -s 10.0.0.4/32 -j ACCEPT`,
      '-A nova-network-local -d 10.0.0.3/32 -j nova-network-inst-1',
    ]);
    expect(ofFirst(onlyOurs).filter((rule) => !rule.includes('-i br100'))).toEqual([
      '-A nova-network-INPUT -d 192.0.2.10/32 -p tcp -m tcp --dport 8775 -j ACCEPT',
      `${I1} -m conntrack --ctstate INVALID -j DROP`,
      `${I1} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
      `${I1} -p tcp -m set --match-set nova-network-sg-3-v4 src -m multiport --dports 1:65535 -j ACCEPT`,
      `${I1} -m set --match-set nova-network-sg-3-v4 src -j ACCEPT`,
      '-A nova-network-local -d 10.0.0.3/32 -o br100 -j nova-network-inst-1',
    ]);
  });

  test('differ from those of nova over IPv6 only where docs/compatibility.md says so', () => {
    const { onlyNova, onlyOurs } = compare(rulesUnder('ip6tables-save', text), novas('ip6tables-save'));
    expect(ofFirst(onlyNova)).toEqual([
      `${I1} -m state --state INVALID -j DROP`,
      `${I1} -m state --state RELATED,ESTABLISHED -j ACCEPT`,
      `${I1} -s fe80::5054:ff:fe00:11/128 -p ipv6-icmp -j ACCEPT`,
      `${I1} -s fd00::/8 -p ipv6-icmp -j ACCEPT`,
      '-A nova-network-local -d fd00::1:f816:3eff:fe00:1/128 -j nova-network-inst-1',
    ]);
    expect(ofFirst(onlyOurs)).toEqual([
      '-A nova-network-INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 136 -j nova-network-nd',
      `${I1} -m conntrack --ctstate INVALID -j DROP`,
      `${I1} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
      ...[133, 134, 135, 136].map(
        (type) => `${I1} -p ipv6-icmp -m icmp6 --icmpv6-type ${type} -m hl --hl-eq 255 -j ACCEPT`,
      ),
      `${I1} -s fe80::/64 -j ACCEPT`,
      `${I1} -s fd00::/8 -p ipv6-icmp -m icmp6 --icmpv6-type 128/0 -j ACCEPT`,
      `${I1} -p tcp -m set --match-set nova-network-sg-3-v6 src -m multiport --dports 1:65535 -j ACCEPT`,
      `${I1} -m set --match-set nova-network-sg-3-v6 src -j ACCEPT`,
      '-A nova-network-local -d fd00::1:f816:3eff:fe00:1/128 -o br100 -j nova-network-inst-1',
      '-A nova-network-local -d fe80::f816:3eff:fe00:1/128 -o br100 -j nova-network-inst-1',
    ]);
  });
});

test('without allow_same_net_traffic, who is in the network is a stranger', () => {
  const filters = filtersOf([instanceOf(1)]);
  const [strict, lax] = [false, true].map((allowsSameNetTraffic) => {
    const text = rendered(filters, { allowsSameNetTraffic });
    return [...rulesUnder('iptables-save', text), ...rulesUnder('ip6tables-save', text)];
  });
  expect(lax?.filter((rule) => !strict?.includes(rule))).toEqual([
    `${I1} -s 10.0.0.0/24 -j ACCEPT`,
    `${I1} -s fd00:0:0:1::/64 -j ACCEPT`,
    `${I1} -s fe80::/64 -j ACCEPT`,
  ]);
});

test('what the provider forbids is dropped before anything is accepted, in its own family', () => {
  const providerRules = [
    { protocol: 'tcp', fromPort: 1, toPort: 65_535, cidr: cidr('203.0.113.0/24') },
    { protocol: 'udp', fromPort: 19, toPort: 19, cidr: cidr('203.0.113.0/24') },
    { protocol: 'icmp', fromPort: -1, toPort: -1, cidr: cidr('198.51.100.0/24') },
    { protocol: 'icmp', fromPort: 8, toPort: 0, cidr: cidr('198.51.101.0/24') },
    { protocol: 'tcp', fromPort: 25, toPort: 25, cidr: cidr('2001:db8:bad::/48') },
  ] as const;
  const text = rendered(filtersOf([instanceOf(1)], { providerRules }));
  const provider = (title: string) =>
    rulesUnder(title, text).filter((rule) => rule.startsWith('-A nova-network-provider'));
  expect(provider('iptables-save')).toEqual([
    '-A nova-network-provider -s 203.0.113.0/24 -p tcp -m multiport --dports 1:65535 -j DROP',
    '-A nova-network-provider -s 203.0.113.0/24 -p udp -m udp --dport 19 -j DROP',
    '-A nova-network-provider -s 198.51.100.0/24 -p icmp -j DROP',
    '-A nova-network-provider -s 198.51.101.0/24 -p icmp -m icmp --icmp-type 8/0 -j DROP',
  ]);
  expect(provider('ip6tables-save')).toEqual([
    '-A nova-network-provider -s 2001:db8:bad::/48 -p tcp -m tcp --dport 25 -j DROP',
  ]);
  const [, , third] = rulesUnder('iptables-save', text).filter((rule) => rule.startsWith(I1));
  expect(third).toBe(`${I1} -j nova-network-provider`);
});

test('a group that rules name is a set for each family, however many are in it, and also when nobody is', () => {
  const members = new Map([
    [3, Array.from({ length: 1000 }, (_, n) => Ipv4.parse('10.0.0.0').plus(n))],
    [9, [Ipv4.parse('10.9.9.9')]],
  ]);
  const [tcp, other] = [['tcp', 1, 9, 3] as const, [null, null, null, 4] as const];
  const { filters } = planOf(filtersOf([instanceOf(1, [tcp, other, tcp])], { members }));
  expect(filters.sets.map(({ name, family, members: inside }) => [name, family, inside.length])).toEqual([
    ['nova-network-sg-3-v4', 'ipv4', 1000],
    ['nova-network-sg-3-v6', 'ipv6', 0],
    ['nova-network-sg-4-v4', 'ipv4', 0],
    ['nova-network-sg-4-v6', 'ipv6', 0],
  ]);
});

describe('an instance whose port is not there', () => {
  test('adds nothing to the rules', () => {
    const plan = planOf(filtersOf([instanceOf(1)]));
    expect(withFilters(plan, () => undefined)).toEqual(planOf(filtersOf([])).firewall);
  });

  test('leaves those of the others as they are', () => {
    const plan = planOf(filtersOf([instanceOf(1), instanceOf(2)]));
    const [alone, without] = [
      withFilters(planOf(filtersOf([instanceOf(2)])), ({ device }) => device),
      withFilters(plan, ({ device }) => (device === 'tap2' ? device : undefined)),
    ];
    expect(without).toEqual(alone);
  });
});

test('a port that its hypervisor called otherwise has its chain under that name', () => {
  const plan = planOf(filtersOf([instanceOf(1)]));
  const { bridge } = withFilters(plan, () => parseDeviceName('vnet7'));
  const names = bridge.tables.flatMap(({ chains }) => chains.map(({ name }) => name));
  expect(names).toEqual(['nova-network-POSTROUTING', 'nova-network-PREROUTING', 'nova-network-vnet7']);
});

test('no chain has a longer name than the tools take', () => {
  const instance = { ...instanceOf(1), id: 2_147_483_647 };
  const tables = Object.values(
    withFilters(planOf(filtersOf([instance])), () => parseDeviceName('tap0a1b2c3d-4ef')),
  ).flatMap((plan) => plan.tables);
  const names = tables.flatMap(({ chains }) => chains.map(({ name }) => name));
  expect(names.filter((name) => name.length > 28)).toEqual([]);
  expect(names).toContain('nova-network-tap0a1b2c3d-4ef');
});

test('a NIC without IPv6 may not send any, and nothing reaches it by link-local addresses unseen', () => {
  const nic = nicOf(1, { addresses: [parseIp('10.0.0.3')], cidrs: [Ipv4Cidr.parse('10.0.0.0/24')] });
  const text = rendered(filtersOf([instanceOf(1, WEB, [nic])]));
  expect(text).toContain('-A nova-network-tap1 -p IPv6 -j DROP');
  expect(text).not.toContain('# ip6tables-save');
});

test('a NIC without DHCP asks nobody for an address', () => {
  const text = rendered(filtersOf([instanceOf(1, WEB, [nicOf(1, { dhcpServer: undefined })])]));
  expect(text).not.toContain('--ip-src 0.0.0.0 --ip-dst 255.255.255.255');
  expect(text).not.toContain('-s 0.0.0.0/32 -d 255.255.255.255/32');
});

test('without security groups nothing gets in but answers', () => {
  const text = rendered(filtersOf([instanceOf(1, [])]), { allowsSameNetTraffic: false });
  expect(rulesUnder('iptables-save', text).filter((rule) => rule.startsWith(I1))).toEqual([
    `${I1} -m conntrack --ctstate INVALID -j DROP`,
    `${I1} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
    `${I1} -s 10.0.0.1/32 -p udp -m udp --sport 67 --dport 68 -j ACCEPT`,
    `${I1} -j nova-network-sg-fallback`,
  ]);
});
