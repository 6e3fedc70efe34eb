import type { IpAddress } from '@novanet/net-address';
import type { CidrRule, RuleDraft } from './security-group.js';
import type { FilteredInstanceRow, FirewallRows, SourceNicRow } from './security-group-store.port.js';

/** All that a host has to know to filter what reaches its instances. */
export interface HostFirewall {
  /** By id. */
  readonly instances: readonly FilteredInstance[];
  /** Group id → what its members have, IPv4 first: for every source group that a rule above names. */
  readonly members: ReadonlyMap<number, readonly IpAddress[]>;
  /** They drop, before any of the others accepts. */
  readonly providerRules: readonly CidrRule[];
}

export interface FilteredInstance {
  readonly id: number;
  readonly uuid: string;
  /** Of all its groups; each accepts. None: nothing gets in. */
  readonly rules: readonly RuleDraft[];
}

export function hostFirewall(rows: FirewallRows): HostFirewall {
  const byGroup = Map.groupBy(rows.rules, ({ parentGroupId }) => parentGroupId);
  const first = rows.defaultRules.map(({ cidr, protocol, fromPort, toPort }) => {
    return { protocol, fromPort, toPort, source: { cidr } };
  });
  const rulesOf = ({ groupIds, awaitsDefaultGroup }: FilteredInstanceRow): readonly RuleDraft[] =>
    awaitsDefaultGroup ? first : groupIds.flatMap((groupId) => byGroup.get(groupId) ?? []);
  return {
    instances: rows.instances.map((row) => ({ id: row.id, uuid: row.uuid, rules: rulesOf(row) })),
    members: addressesByGroup(rows),
    providerRules: rows.providerRules,
  };
}

function addressesByGroup({ rules, sources }: FirewallRows): Map<number, IpAddress[]> {
  const groupIds = new Set(rules.flatMap(({ source }) => ('groupId' in source ? [source.groupId] : [])));
  const nics = Map.groupBy(sources, ({ groupId }) => groupId);
  return new Map(
    [...groupIds].map((groupId) => [groupId, distinct((nics.get(groupId) ?? []).flatMap(addressesOf))]),
  );
}

/** IPv6 addresses have no row as long as instances derive them from their MACs; nova never lets them in. */
function addressesOf({ addresses, mac, prefixes }: SourceNicRow): readonly IpAddress[] {
  if (addresses.some(({ version }) => version === 6)) return addresses;
  const derived = prefixes.filter(({ prefixLength }) => prefixLength <= 64).map((cidr) => mac.eui64(cidr));
  return [...addresses, ...derived];
}

function distinct(addresses: readonly IpAddress[]): IpAddress[] {
  const byText = new Map(addresses.map((address) => [address.toString(), address]));
  return [...byText.values()].sort((one, other) => one.compare(other));
}
