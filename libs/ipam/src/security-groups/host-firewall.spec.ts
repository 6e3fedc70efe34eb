import { Ipv4, Ipv4Cidr, Ipv6, Ipv6Cidr, Mac } from '@novanet/net-address';
import { describe, expect, it } from 'vitest';
import { hostFirewall, type DeriveIpv6 } from './host-firewall.js';
import type { FirewallRows, GroupRuleRow } from './security-group-store.port.js';

const everywhere = { cidr: Ipv4Cidr.parse('0.0.0.0/0') };
const ssh = { protocol: 'tcp', fromPort: 22, toPort: 22 } as const;
const everything = { protocol: null, fromPort: null, toPort: null };
const nothing: FirewallRows = { instances: [], rules: [], sources: [], providerRules: [], defaultRules: [] };

const instance = (id: number, groupIds: readonly number[], awaitsDefaultGroup = false) => ({
  id,
  uuid: `uuid-${id}`,
  groupIds,
  awaitsDefaultGroup,
});

const eui64OfP1: DeriveIpv6 = (mac, prefix, projectId) =>
  projectId === 'p1' && prefix.prefixLength <= 64 ? mac.eui64(prefix) : undefined;

function firewallOf(over: Partial<FirewallRows>) {
  return hostFirewall({ ...nothing, ...over }, eui64OfP1);
}

describe('the firewall of a host', () => {
  it('gives each instance the rules of its groups', () => {
    const rules: GroupRuleRow[] = [
      { parentGroupId: 1, ...ssh, source: everywhere },
      { parentGroupId: 2, ...everything, source: { groupId: 2 } },
    ];
    const { instances } = firewallOf({
      instances: [instance(5, [1, 2]), instance(6, [2]), instance(7, [])],
      rules,
    });
    expect(instances).toMatchObject([
      { id: 5, uuid: 'uuid-5', rules: [{ ...ssh, source: everywhere }, { source: { groupId: 2 } }] },
      { id: 6, rules: [{ source: { groupId: 2 } }] },
      { id: 7, rules: [] },
    ]);
  });

  it('gives the default rules to whoever is in a default group that nobody has made yet', () => {
    const rule = { id: 1, ...ssh, ...everywhere };
    const { instances } = firewallOf({
      instances: [instance(5, [], true), instance(6, [])],
      defaultRules: [rule],
    });
    expect(instances.map(({ rules }) => rules)).toEqual([[{ ...ssh, source: everywhere }], []]);
  });

  it('knows the addresses behind every source group, each once, those of IPv6 as the NICs derive them', () => {
    const prefixes = [Ipv6Cidr.parse('fd00::/64'), Ipv6Cidr.parse('fd01::/80')];
    const nic = { groupId: 2, mac: Mac.parse('fa:16:3e:00:00:01'), prefixes, networkProjectId: 'p1' };
    const { members } = firewallOf({
      rules: [2, 3].map((groupId) => ({ parentGroupId: 1, ...everything, source: { groupId } })),
      sources: [
        { ...nic, addresses: [Ipv4.parse('10.0.0.9'), Ipv4.parse('10.0.0.10')] },
        { ...nic, addresses: [Ipv4.parse('10.0.0.2'), Ipv4.parse('10.0.0.9')], networkProjectId: 'p2' },
        { ...nic, addresses: [Ipv6.parse('fd00::5')] },
      ],
    });
    expect([...members].map(([id, addresses]) => [id, addresses.map(String)])).toEqual([
      [2, ['10.0.0.2', '10.0.0.9', '10.0.0.10', 'fd00::5', 'fd00::f816:3eff:fe00:1']],
      [3, []],
    ]);
  });
});
