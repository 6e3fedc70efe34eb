import type { Ipv4, Mac } from '@novanet/net-address';
import { hasHostAddresses, subnetOf, type Network } from '../networks/network.js';
import type { Lease } from './fixed-ip.js';

/** All that the host serving a network has to know of its addresses. */
export interface ServedNetwork {
  readonly network: Network;
  /** Where this host answers DHCP; null without IPv4, and while a multi-host network gave it no address yet. */
  readonly dhcpServer: Ipv4 | null;
  /** Who is to get which address: the first one of each NIC. */
  readonly hosts: readonly ServedHost[];
  /** What dnsmasq had given out. */
  readonly leases: readonly HeldLease[];
  /** Leases of those who do not own the address any more: dnsmasq must give them up. */
  readonly draining: readonly { readonly mac: Mac; readonly address: Ipv4 }[];
}

export interface ServedHost {
  readonly mac: Mac;
  readonly address: Ipv4;
  readonly hostname: string;
  readonly instanceUuid: string;
  readonly vifId: number;
  /** Whether the NIC is the instance's oldest, whoever serves the networks of the others. */
  readonly isFirstNic: boolean;
}

export interface HeldLease {
  readonly mac: Mac;
  readonly address: Ipv4;
  readonly hostname: string;
  /** Null: the event did not say (an old dhcpbridge). */
  readonly expiresAt: Date | null;
}

/** Under which name an instance's IPv4 address is known in its network. */
export interface InstanceName {
  readonly networkId: number;
  readonly address: Ipv4;
  readonly hostname: string;
}

/** One IPv4 address of an instance as the store knows it. */
export interface ServedAddress {
  readonly networkId: number;
  readonly address: Ipv4;
  /** Null: it is not allocated any more. */
  readonly owner: Omit<ServedHost, 'address'> | null;
  readonly lease: Lease | null;
}

/** Sorts a network's addresses (oldest first) by what they mean to its DHCP server. */
export function servedNetwork(
  network: Network,
  addresses: readonly ServedAddress[],
  hostAddresses: ReadonlyMap<number, Ipv4>,
): ServedNetwork {
  const own = addresses.filter(({ networkId }) => networkId === network.id);
  return {
    network,
    dhcpServer: hasHostAddresses(network) ? (hostAddresses.get(network.id) ?? null) : sharedServer(network),
    hosts: servedHosts(own),
    leases: heldLeases(own),
    draining: drainingLeases(own),
  };
}

/** The address DHCP answers from wherever the network is served; null where each host has its own. */
export function sharedServer(network: Network): Ipv4 | null {
  if (hasHostAddresses(network)) return null;
  const v4 = subnetOf(network, 4);
  return v4?.dhcpServer ?? v4?.gateway ?? null;
}

function servedHosts(addresses: readonly ServedAddress[]): ServedHost[] {
  const byVif = new Map<number, ServedHost>();
  for (const { address, owner } of addresses) {
    // nova: a NIC may have several addresses, DHCP offers the first
    if (owner && !byVif.has(owner.vifId)) byVif.set(owner.vifId, { ...owner, address });
  }
  return [...byVif.values()];
}

/** The leases held by those who own the address. */
export function heldLeases(addresses: readonly ServedAddress[]): HeldLease[] {
  return addresses.flatMap(({ address, owner, lease }) =>
    owner && lease && isHeldBy(owner.mac, lease)
      ? [{ mac: owner.mac, address, hostname: owner.hostname, expiresAt: lease.expiresAt }]
      : [],
  );
}

function drainingLeases(addresses: readonly ServedAddress[]): { mac: Mac; address: Ipv4 }[] {
  return addresses.flatMap(({ address, owner, lease }) =>
    lease?.mac && !(owner && isHeldBy(owner.mac, lease)) ? [{ mac: lease.mac, address }] : [],
  );
}

function isHeldBy(mac: Mac, lease: Lease): boolean {
  return lease.mac === null || lease.mac.equals(mac);
}
