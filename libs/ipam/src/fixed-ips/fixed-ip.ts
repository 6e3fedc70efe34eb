import type { HostName, IpAddress, Ipv4, Mac } from '@novanet/net-address';
import type { Network } from '../networks/network.js';

/** What an address of a subnet is used for. */
export type FixedIpRole = 'instance' | 'gateway' | 'dhcp' | 'vpn' | 'reserved';

/**
 * An address of a subnet that is in use. A free address has no row: the unique key (subnet, address) is what makes
 * double allocation impossible.
 *
 * | state | instanceUuid | vifId | allocated | lease |
 * |---|---|---|---|---|
 * | assigned | X | v | yes | – |
 * | active | X | v | yes | held |
 * | draining: deallocated, dnsmasq's lease not yet given back | X | – | no | held |
 */
export interface FixedIp {
  readonly id: number;
  readonly subnetId: number;
  readonly networkId: number;
  readonly address: IpAddress;
  readonly role: FixedIpRole;
  readonly vifId: number | null;
  readonly instanceUuid: string | null;
  /** The worker a 'dhcp' address of a multi-host network belongs to. */
  readonly host: HostName | null;
  readonly isAllocated: boolean;
  readonly lease: Lease | null;
  /** The floating IPs that lead to it, oldest first. */
  readonly floatingAddresses: readonly Ipv4[];
  readonly createdAt: Date;
  readonly updatedAt: Date | null;
}

/** What dnsmasq last said of an address. */
export interface Lease {
  /** Who holds it; null when the event did not say (an old dhcpbridge). */
  readonly mac: Mac | null;
  /** The worker whose dnsmasq gave it. */
  readonly host: HostName | null;
  readonly expiresAt: Date | null;
}

/** A virtual NIC of an instance. At most one per instance and network. */
export interface VirtualInterface {
  readonly id: number;
  readonly uuid: string;
  readonly mac: Mac;
  readonly networkId: number;
  readonly instanceUuid: string;
  readonly createdAt: Date;
}

/** A NIC with its network and addresses: the row model behind network_info. */
export interface Nic {
  readonly vif: VirtualInterface;
  readonly network: Network;
  /** In the order they were allocated. */
  readonly fixedIps: readonly FixedIp[];
  /**
   * Where the instance's host answers DHCP: of a multi-host network whose hosts have an address each, that of the
   * instance's host, null before the host was first set up.
   */
  readonly dhcpServer: Ipv4 | null;
}
