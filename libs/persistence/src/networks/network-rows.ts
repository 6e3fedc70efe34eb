import type { Network, NetworkDraft, Subnet, SubnetDraft } from '@novanet/ipam';
import {
  Ipv4,
  Ipv4Cidr,
  Ipv6,
  Ipv6Cidr,
  parseDeviceName,
  parseHostName,
  parseIp,
  type CidrFamily,
  type IpAddress,
  type IpVersion,
} from '@novanet/net-address';

/** What {@link NetworkRow} reads of `networks n` and `subnets s`. The names leave room for the columns of an address. */
export const NETWORK_COLUMNS = `
  n.id AS networkId, n.uuid AS networkUuid, n.label, n.project_id AS projectId, n.host AS networkHost,
  n.multi_host AS isMultiHost, n.injected AS isInjected, n.bridge, n.bridge_interface AS bridgeInterface, n.vlan, n.vpn_public_address AS vpnPublicAddress,
  n.vpn_public_port AS vpnPublicPort, n.vpn_private_address AS vpnPrivateAddress, n.dns1, n.dns2, n.mtu, n.priority,
  n.enable_dhcp AS enableDhcp, n.share_address AS shareAddress, n.created_at AS networkCreatedAt,
  n.updated_at AS networkUpdatedAt, s.id AS ownSubnetId, s.version, s.cidr, s.gateway, s.dhcp_server AS dhcpServer, s.dhcp_start AS dhcpStart,
  s.pool_first AS poolFirst, s.pool_last AS poolLast`;

/** A network with one of its subnets, or without any. */
export type NetworkRow = NetworkColumns & (SubnetColumns | { readonly ownSubnetId: null });

interface NetworkColumns {
  readonly networkId: number;
  readonly networkUuid: string;
  readonly label: string;
  readonly projectId: string | null;
  readonly networkHost: string | null;
  readonly isMultiHost: number;
  readonly isInjected: number;
  readonly bridge: string | null;
  readonly bridgeInterface: string | null;
  readonly vlan: number | null;
  readonly vpnPublicAddress: string | null;
  readonly vpnPublicPort: number | null;
  readonly vpnPrivateAddress: string | null;
  readonly dns1: string | null;
  readonly dns2: string | null;
  readonly mtu: number | null;
  readonly priority: number | null;
  readonly enableDhcp: number;
  readonly shareAddress: number;
  readonly networkCreatedAt: Date;
  readonly networkUpdatedAt: Date | null;
}

interface SubnetColumns {
  readonly ownSubnetId: number;
  readonly version: number;
  readonly cidr: string;
  readonly gateway: string | null;
  readonly dhcpServer: string | null;
  readonly dhcpStart: string | null;
  readonly poolFirst: string | null;
  readonly poolLast: string | null;
}

/** The networks of the rows in their order; rows may come several times. */
export function networksIn(rows: readonly NetworkRow[]): Network[] {
  return [...Map.groupBy(rows, ({ networkId }) => networkId).values()].flatMap((own) => {
    const [first] = own;
    return first ? [toNetwork(first, own)] : [];
  });
}

function toNetwork(row: NetworkColumns, own: readonly NetworkRow[]): Network {
  const subnets = new Map(
    own.flatMap((each) => (each.ownSubnetId === null ? [] : [[each.ownSubnetId, each] as const])),
  );
  return {
    id: row.networkId,
    uuid: row.networkUuid,
    label: row.label,
    projectId: row.projectId,
    host: mapped(row.networkHost, parseHostName),
    isMultiHost: row.isMultiHost === 1,
    isInjected: row.isInjected === 1,
    bridge: mapped(row.bridge, parseDeviceName),
    bridgeInterface: mapped(row.bridgeInterface, parseDeviceName),
    vlan: row.vlan,
    vpnPublicAddress: mapped(row.vpnPublicAddress, (address) => Ipv4.parse(address)),
    vpnPublicPort: row.vpnPublicPort,
    vpnPrivateAddress: mapped(row.vpnPrivateAddress, (address) => Ipv4.parse(address)),
    dns1: mapped(row.dns1, parseIp),
    dns2: mapped(row.dns2, parseIp),
    mtu: row.mtu,
    priority: row.priority,
    enableDhcp: row.enableDhcp === 1,
    shareAddress: row.shareAddress === 1,
    subnets: [...subnets.values()].map(toSubnet),
    createdAt: row.networkCreatedAt,
    updatedAt: row.networkUpdatedAt,
  };
}

function toSubnet(row: SubnetColumns): Subnet {
  return row.version === 4 ? subnetIn(4, Ipv4, Ipv4Cidr, row) : subnetIn(6, Ipv6, Ipv6Cidr, row);
}

function subnetIn<V extends IpVersion>(
  version: V,
  addresses: { parse(text: string): IpAddress<V> },
  cidrs: CidrFamily<V>,
  row: SubnetColumns,
): Subnet<V> {
  const parse = (address: string) => addresses.parse(address);
  const first = mapped(row.poolFirst, parse);
  const last = mapped(row.poolLast, parse);
  return {
    id: row.ownSubnetId,
    version,
    cidr: cidrs.parse(row.cidr),
    gateway: mapped(row.gateway, parse),
    dhcpServer: mapped(row.dhcpServer, parse),
    dhcpStart: mapped(row.dhcpStart, parse),
    pool: first && last ? { first, last } : null,
  };
}

export function networkRow(draft: NetworkDraft) {
  const { subnets: _, vpnPublicAddress, vpnPrivateAddress, dns1, dns2, ...plain } = draft;
  return {
    ...plain,
    vpnPublicAddress: text(vpnPublicAddress),
    vpnPrivateAddress: text(vpnPrivateAddress),
    dns1: text(dns1),
    dns2: text(dns2),
  };
}

export function subnetRow(networkId: number, draft: SubnetDraft) {
  return {
    networkId,
    version: draft.version,
    cidr: draft.cidr.toString(),
    firstNumber: draft.cidr.first.value.toString(),
    lastNumber: draft.cidr.last.value.toString(),
    gateway: text(draft.gateway),
    dhcpServer: text(draft.dhcpServer),
    dhcpStart: text(draft.dhcpStart),
    poolFirst: text(draft.pool?.first ?? null),
    poolLast: text(draft.pool?.last ?? null),
  };
}

/** Addresses as columns; those that are undefined are left out. */
export function textsOf<Names extends string>(
  addresses: Readonly<Record<Names, IpAddress | null | undefined>>,
): Partial<Record<Names, string | null>> {
  const columns: Partial<Record<Names, string | null>> = {};
  for (const name in addresses) {
    const address = addresses[name];
    if (address !== undefined) columns[name] = text(address);
  }
  return columns;
}

function text(address: IpAddress | null): string | null {
  return address && address.toString();
}

function mapped<From, To>(value: From | null, map: (value: From) => To): To | null {
  return value === null ? null : map(value);
}
