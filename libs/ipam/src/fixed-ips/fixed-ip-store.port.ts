import type { HostName, IpAddress, Ipv4, Mac } from '@novanet/net-address';
import type { InstanceIdentity } from '../instances/instance.js';
import type { AddressPool, Network, Subnet } from '../networks/network.js';
import type { RingCursor } from './address-ring.js';
import type { FixedIp, Lease, Nic, VirtualInterface } from './fixed-ip.js';
import type { LeaseEvent } from './lease-event.js';
import type { FixedIpFilter, ListedFixedIp } from './listed-fixed-ip.js';
import type { InstanceName, ServedAddress } from './served-network.js';
import type { AddressCounts } from './subnet-usage.js';

/** A NIC as it is held: {@link Nic} for those who have the network at hand. */
export type Holding = Omit<Nic, 'network' | 'dhcpServer'>;

/**
 * Where fixed IPs and virtual interfaces are kept. Every method outside of a transaction is atomic by itself. A failed
 * connection is retried and ends as DatabaseUnavailable.
 */
export abstract class FixedIpStore {
  /**
   * All or nothing. MUST run `work` again from the start after a deadlock or a lost connection, so `work` MUST be
   * repeatable. `work` MUST NOT use the store itself: it would wait for a second connection while holding one.
   */
  abstract transaction<T>(work: (transaction: FixedIpTransaction) => Promise<T>): Promise<T>;
  /** The ring of a subnet with this pool. */
  abstract cursorOf(subnetId: number, pool: AddressPool): RingCursor;
  /** NICs by age, addresses by age. */
  abstract nicsOf(instanceUuid: string): Promise<Nic[]>;
  /**
   * MUST mark these NICs of the instance as confirmed in one step; answers whether all of them exist, those confirmed
   * before included. MUST NOT let a {@link FixedIpTransaction.lockUnconfirmed} overlook it.
   */
  abstract confirm(instanceUuid: string, vifIds: ReadonlySet<number>): Promise<boolean>;
  /** The project's own limit of fixed IPs, if it has one. */
  abstract fixedIpLimitOf(projectId: string): Promise<number | undefined>;
  abstract findByAddress(address: IpAddress): Promise<FixedIp | undefined>;
  abstract findById(id: number): Promise<FixedIp | undefined>;
  /** By subnet, then by address. */
  abstract list(filter: FixedIpFilter): Promise<ListedFixedIp[]>;
  abstract findVifByMac(mac: Mac): Promise<VirtualInterface | undefined>;
  /** Every NIC that belongs to an instance, with its allocated addresses: for searches that no index helps. */
  abstract allNics(): Promise<Nic[]>;
  /** Of the instances on the host, and of those on their way to it: NICs by age, addresses by age. */
  abstract nicsOn(host: HostName): Promise<Nic[]>;
  /** The address that the host has for itself in the subnet. */
  abstract hostAddressOf(subnetId: number, host: HostName): Promise<IpAddress | undefined>;
  /**
   * MUST give the host at most one address in the subnet: `taken` when it has one, or when somebody has this one. MUST
   * give none where hosts need none, or where there is no such subnet (`not-needed`), whoever changes that meanwhile.
   */
  abstract insertHostAddress(
    subnetId: number,
    address: IpAddress,
    host: HostName,
  ): Promise<HostAddressOutcome>;
  /** Gives back what a host has for itself, or every host; in one network or in all. Answers the addresses. */
  abstract deleteHostAddresses(of: {
    readonly host?: HostName;
    readonly networkId?: number | undefined;
  }): Promise<IpAddress[]>;
  /**
   * MUST keep the address from being handed out, in one step, unless it has a row already. Answers the row that it has
   * then; undefined without such a subnet.
   */
  abstract reserve(subnetId: number, address: IpAddress): Promise<FixedIp | undefined>;
  /** MUST free the address if it is reserved and nothing else, in one step. Answers the row that it has then. */
  abstract unreserve(subnetId: number, address: IpAddress): Promise<FixedIp | undefined>;
  /** What {@link FixedIpTransaction.remember} was told of this request; undefined when it was not committed. */
  abstract recall(requestId: string): Promise<readonly IpAddress[] | undefined>;
  /**
   * MUST write the lease only if the address is allocated to a NIC with that MAC and, in a multi-host network, the
   * instance is on that host, expected there or on none; in one step. Answers whether it did.
   */
  abstract recordLease(event: LeaseEvent): Promise<boolean>;
  /** MUST wait for a transaction that remembers one now. */
  abstract wasDeallocated(instanceUuid: string, withinSeconds: number): Promise<boolean>;
  abstract deleteStale(host: HostName, before: Date): Promise<StaleCounts>;
  /** Those for which {@link FixedIpTransaction.isDeletedSince} holds. */
  abstract deletedHolders(before: Date): Promise<string[]>;
  /** The networks a host has to serve, and what it has to know of their IPv4 addresses. */
  abstract servedBy(host: HostName): Promise<ServedRows>;
  /** The hosts that {@link servedBy} names this network to, apart from those that only gave a lease. */
  abstract serversOf(networkId: number): Promise<HostName[]>;
  /** The allocated IPv4 addresses of instances in these networks. */
  abstract namedIn(networkIds: readonly number[]): Promise<InstanceName[]>;
  /** The leased IPv4 addresses of a network. */
  abstract leasedIn(networkId: number): Promise<ServedAddress[]>;
  abstract countAddresses(subnet: Pick<Subnet, 'id' | 'pool'>): Promise<AddressCounts>;
}

export type HostAddressOutcome = 'given' | 'taken' | 'not-needed';

export interface ServedRows {
  readonly networks: readonly Network[];
  readonly addresses: readonly ServedAddress[];
  /** Network id → the host's own address there. */
  readonly hostAddresses: ReadonlyMap<number, Ipv4>;
}

/** How many rows of each kind were set right. */
export interface StaleCounts {
  /** Draining addresses whose release never came; their instances may be gone as well. */
  readonly unreleased: number;
  /** Allocated addresses without a NIC, whose instance nobody knows. */
  readonly orphaned: number;
  /** Addresses that are neither allocated nor leased. */
  readonly forgotten: number;
  /** Instances that were known only for their addresses, and hold none any more. */
  readonly instances: number;
}

/** What can be done inside {@link FixedIpStore.transaction}. */
export interface FixedIpTransaction {
  /**
   * Locks the instance's row, so that no other allocation of this instance runs beside this one. An unknown instance is
   * written as unregistered. Host and project are taken over when they are given.
   */
  enrolInstance(identity: InstanceIdentity): Promise<EnrolledInstance>;
  /**
   * Whether the instance was deleted before that date, and has NICs all the same, of before that date too; and nothing
   * says that it exists: neither a registration or observation since, nor a lease.
   */
  isDeletedSince(instanceUuid: string, before: Date): Promise<boolean>;
  /** Locks the instance's row, if there is one. */
  lockInstance(uuid: string): Promise<void>;
  /** For requests that were sent before, and are delivered again after it. */
  rememberDeallocation(instanceUuid: string): Promise<void>;
  holdingsOf(instanceUuid: string): Promise<Holding[]>;
  nicsOf(instanceUuid: string): Promise<Nic[]>;

  fixedIpLimitOf(projectId: string): Promise<number | undefined>;
  /** How many addresses the project holds. MUST make every other caller for this project wait for our end. */
  countFixedIpsLocked(projectId: string): Promise<number>;

  /** Undefined when the MAC is taken. Throws NetworkNotFound when the network was deleted meanwhile. */
  insertVif(vif: NewVif): Promise<number | undefined>;
  /** False when the address is taken, whoever holds it. */
  insertFixedIp(fixedIp: NewFixedIp): Promise<boolean>;
  /** Who holds the address, as committed now. */
  holderOf(subnetId: number, address: IpAddress): Promise<FixedIp | undefined>;
  /** Makes a draining address an allocated one again; false when it was freed meanwhile. */
  takeBack(fixedIpId: number, vifId: number): Promise<boolean>;
  /** Gives the network's VPN address to an instance; false when somebody has it, or there is none. */
  takeVpnAddress(fixedIp: NewFixedIp): Promise<boolean>;
  /** The NICs of the instance that nobody was told of. MUST make whoever confirms one of them wait for our end. */
  lockUnconfirmed(instanceUuid: string): Promise<number[]>;
  /** What {@link releaseAddresses} does to all their addresses; the NICs are deleted. */
  releaseNics(vifIds: readonly number[]): Promise<void>;
  /**
   * The leased ones become draining, the others are deleted; a VPN address waits for its next owner in either case.
   * Floating IPs that led to them lead nowhere, and are nobody's if they came with the instance.
   */
  releaseAddresses(fixedIpIds: readonly number[]): Promise<void>;
  /** Deletes an instance that nobody told us of, and that holds nothing. */
  forgetInstance(instanceUuid: string): Promise<void>;
  /** The addresses that {@link remember} was told of; undefined when it was not committed for this request. */
  recall(requestId: string): Promise<readonly IpAddress[] | undefined>;
  remember(requestId: string, addresses: readonly IpAddress[]): Promise<void>;
  forget(requestId: string): Promise<void>;

  /** The leases on this address, locked (overlapping networks may have one each). */
  lockLeases(address: IpAddress): Promise<HeldLeaseRow[]>;
  clearLease(fixedIpId: number): Promise<void>;
  /** Nobody has it any more: the row goes, a VPN address waits for its next owner. */
  freeFixedIp(fixedIpId: number): Promise<void>;
}

export interface EnrolledInstance {
  /** No row existed, so it holds nothing. */
  readonly isNew: boolean;
  readonly projectId: string | null;
}

export type NewVif = Pick<VirtualInterface, 'uuid' | 'mac' | 'networkId' | 'instanceUuid'>;

export interface NewFixedIp {
  readonly subnetId: number;
  readonly address: IpAddress;
  readonly vifId: number;
  readonly instanceUuid: string;
}

export interface HeldLeaseRow {
  readonly fixedIpId: number;
  readonly isAllocated: boolean;
  readonly lease: Lease;
  /** Of the NIC the address belongs to now. */
  readonly vifMac: Mac | null;
  readonly isMultiHost: boolean;
}
