import type { IpAddress } from '@novanet/net-address';
import { rule } from '../firewall/rule.js';
import type { AcceptedTrafficIntent, FiltersIntent, TrafficIntent } from '../host-intent.js';
import type { AddressSetPlan, IpFamily } from '../host-plan.js';

const VERSIONS: Readonly<Record<IpFamily, 4 | 6>> = { ipv4: 4, ipv6: 6 };

/** A rule of a security group in one family; none when it is about the other. nova has no IPv6 for source groups. */
export function acceptRules(traffic: AcceptedTrafficIntent, family: IpFamily): string[] {
  const { source } = traffic;
  if ('groupId' in source) {
    const set = `-m set --match-set ${setName(source.groupId, family)} src`;
    return [rule(protocolMatch(traffic, family), set, portMatch(traffic, family), '-j ACCEPT')];
  }
  if (source.cidr.version !== VERSIONS[family]) return [];
  return [
    rule(sourceMatch(source.cidr), protocolMatch(traffic, family), portMatch(traffic, family), '-j ACCEPT'),
  ];
}

/** A rule of the provider in one family. */
export function providerRules(traffic: FiltersIntent['providerRules'][number], family: IpFamily): string[] {
  if (traffic.cidr.version !== VERSIONS[family]) return [];
  return [
    rule(sourceMatch(traffic.cidr), protocolMatch(traffic, family), portMatch(traffic, family), '-j DROP'),
  ];
}

/**
 * The members of groups that rules name, in each family: a group of a thousand is one rule. An empty one is a set too,
 * so that the rule stands.
 */
export function planSets({ instances, members }: FiltersIntent): AddressSetPlan[] {
  const named = instances.flatMap(({ rules }) =>
    rules.flatMap(({ source }) => ('groupId' in source ? [source.groupId] : [])),
  );
  return [...new Set(named)]
    .sort((a, b) => a - b)
    .flatMap((groupId) =>
      (['ipv4', 'ipv6'] as const).map((family) => ({
        name: setName(groupId, family),
        family,
        members: inFamily(members.get(groupId) ?? [], family),
      })),
    );
}

export function inFamily<A extends IpAddress>(addresses: readonly A[], family: IpFamily): A[] {
  return addresses.filter(({ version }) => version === VERSIONS[family]);
}

function setName(groupId: number, family: IpFamily): string {
  return `nova-network-sg-${groupId}-v${VERSIONS[family]}`;
}

function sourceMatch(cidr: { readonly prefixLength: number; toString(): string }): string {
  return cidr.prefixLength === 0 ? '' : `-s ${cidr.toString()}`;
}

function protocolMatch({ protocol }: TrafficIntent, family: IpFamily): string {
  if (protocol === null) return '';
  return `-p ${protocol === 'icmp' && family === 'ipv6' ? 'ipv6-icmp' : protocol}`;
}

/** nova forgets the type of ICMPv6, and so lets in all of it. */
function portMatch({ protocol, fromPort: from, toPort: to }: TrafficIntent, family: IpFamily): string {
  if (protocol === null || from === null || to === null) return '';
  if (protocol === 'icmp') return icmpMatch(from, to, family);
  return from === to ? `-m ${protocol} --dport ${from}` : `-m multiport --dports ${from}:${to}`;
}

function icmpMatch(type: number, code: number, family: IpFamily): string {
  if (type === -1) return '';
  const value = code === -1 ? String(type) : `${type}/${code}`;
  return family === 'ipv4' ? `-m icmp --icmp-type ${value}` : `-m icmp6 --icmpv6-type ${value}`;
}
