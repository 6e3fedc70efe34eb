import type { Cidr, DeviceName, HostName, IpAddress, IpVersion, Ipv4 } from '@novanet/net-address';

/** A layer-2 segment with its subnets: what nova calls a network. */
export interface Network {
  /** Stands on the wire (`rpc_setup_network_on_host(network_id)`), otherwise the uuid is the identity. */
  readonly id: number;
  readonly uuid: string;
  readonly label: string;
  /** Null: usable by every project. */
  readonly projectId: string | null;
  /** The worker that is gateway and DHCP server of a single-host network; null until first needed. */
  readonly host: HostName | null;
  readonly isMultiHost: boolean;
  readonly isInjected: boolean;
  readonly bridge: DeviceName | null;
  readonly bridgeInterface: DeviceName | null;
  readonly vlan: number | null;
  readonly vpnPublicAddress: Ipv4 | null;
  readonly vpnPublicPort: number | null;
  readonly vpnPrivateAddress: Ipv4 | null;
  readonly dns1: IpAddress | null;
  readonly dns2: IpAddress | null;
  readonly mtu: number | null;
  /** nova's column without effect: kept for those who set it. */
  readonly priority: number | null;
  readonly enableDhcp: boolean;
  readonly shareAddress: boolean;
  /** At least one; nova's networks have at most one of each family, IPv4 first. */
  readonly subnets: readonly Subnet[];
  readonly createdAt: Date;
  readonly updatedAt: Date | null;
}

/** One address block of a network. */
export interface Subnet<V extends IpVersion = IpVersion> {
  readonly id: number;
  readonly version: V;
  readonly cidr: Cidr<V>;
  readonly gateway: IpAddress<V> | null;
  /** The address DHCP answers from on a single-host network. */
  readonly dhcpServer: IpAddress<V> | null;
  /** First address of dnsmasq's range. */
  readonly dhcpStart: IpAddress<V> | null;
  /** The addresses handed out automatically. Null: none are (IPv6: the instance derives its own). */
  readonly pool: AddressPool<V> | null;
}

/** A span of addresses, both ends included. */
export interface AddressPool<V extends IpVersion = IpVersion> {
  readonly first: IpAddress<V>;
  readonly last: IpAddress<V>;
}

/** A subnet about to be created: addresses inside the pool that must never be handed out are named. */
export type SubnetDraft<V extends IpVersion = IpVersion> = Omit<Subnet<V>, 'id'> & {
  readonly reserved: readonly IpAddress<V>[];
};

/** A network about to be created. */
export type NetworkDraft = Omit<Network, 'id' | 'createdAt' | 'updatedAt' | 'subnets' | 'host'> & {
  readonly subnets: readonly SubnetDraft[];
};

/** The network's subnet of this family, if it has one. */
export function subnetOf<V extends IpVersion>(
  network: { readonly subnets: readonly Subnet[] },
  version: V,
): Subnet<V> | undefined {
  return network.subnets.find((subnet): subnet is Subnet<V> => subnet.version === version);
}

/** Whether every host that serves the network takes an address of its own from the pool. */
export function hasHostAddresses({ isMultiHost, shareAddress }: Network): boolean {
  return isMultiHost && !shareAddress;
}
