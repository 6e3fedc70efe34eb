import type { Cidr, IpAddress, Ipv6, Mac } from '@novanet/net-address';
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

/** The address that a NIC has in an IPv6 block of its network, if it has one. */
export type DeriveIpv6 = (mac: Mac, prefix: Cidr<6>, networkProjectId: string | null) => Ipv6 | undefined;

export function hostFirewall(rows: FirewallRows, deriveIpv6: DeriveIpv6): HostFirewall {
  const byGroup = Map.groupBy(rows.rules, ({ parentGroupId }) => parentGroupId);
  const first = rows.defaultRules.map(({ cidr, protocol, fromPort, toPort }) => {
    return { protocol, fromPort, toPort, source: { cidr } };
  });
  const rulesOf = ({ groupIds, awaitsDefaultGroup }: FilteredInstanceRow): readonly RuleDraft[] =>
    awaitsDefaultGroup ? first : groupIds.flatMap((groupId) => byGroup.get(groupId) ?? []);
  return {
    instances: rows.instances.map((row) => ({ id: row.id, uuid: row.uuid, rules: rulesOf(row) })),
    members: addressesByGroup(rows, deriveIpv6),
    providerRules: rows.providerRules,
  };
}

function addressesByGroup(
  { rules, sources }: FirewallRows,
  deriveIpv6: DeriveIpv6,
): Map<number, IpAddress[]> {
  const groupIds = new Set(rules.flatMap(({ source }) => ('groupId' in source ? [source.groupId] : [])));
  const nics = Map.groupBy(sources, ({ groupId }) => groupId);
  const addresses = (nic: SourceNicRow) => addressesOf(nic, deriveIpv6);
  return new Map(
    [...groupIds].map((groupId) => [groupId, distinct((nics.get(groupId) ?? []).flatMap(addresses))]),
  );
}

/** IPv6 addresses have no row as long as instances derive them from their MACs; nova never lets them in. */
function addressesOf(nic: SourceNicRow, deriveIpv6: DeriveIpv6): readonly IpAddress[] {
  const { addresses, mac, prefixes, networkProjectId } = nic;
  if (addresses.some(({ version }) => version === 6)) return addresses;
  const derived = prefixes.flatMap((prefix) => deriveIpv6(mac, prefix, networkProjectId) ?? []);
  return [...addresses, ...derived];
}

function distinct(addresses: readonly IpAddress[]): IpAddress[] {
  const byText = new Map(addresses.map((address) => [address.toString(), address]));
  return [...byText.values()].sort((one, other) => one.compare(other));
}
