import { Mac, type HostName, type IpAddress } from '@novanet/net-address';
import { FixedIpAssociateFailed, NoMoreFixedIps } from '../errors.js';
import type { Network } from '../networks/network.js';
import { AddressProposer } from './address-proposer.js';
import {
  Allocation,
  isAddressWanted,
  isFromPool,
  poolsOf,
  ProposalsOutdated,
  type AllocationRequest,
  type MacSource,
  type NicRequest,
  type PreparedRequest,
  type Proposals,
} from './allocation.js';
import type { FixedIp, Nic, VirtualInterface } from './fixed-ip.js';
import type { FixedIpStore, FixedIpTransaction, Holding, StaleCounts } from './fixed-ip-store.port.js';
import {
  releaseOutcome,
  type LeaseEvent,
  type LeaseOutcome,
  type ReleaseEvent,
  type ReleaseOutcome,
} from './lease-event.js';
import {
  heldLeases,
  servedNetwork,
  type HeldLease,
  type InstanceName,
  type ServedNetwork,
} from './served-network.js';
import type { FixedIpFilter, ListedFixedIp } from './listed-fixed-ip.js';
import { subnetUsage, type SubnetUsage } from './subnet-usage.js';

/** Each further attempt means that somebody else got an address meanwhile. */
const ATTEMPTS = 50;

/** Who holds which fixed IP. */
export class FixedIpLedger {
  private readonly proposer: AddressProposer;

  constructor(
    private readonly store: FixedIpStore,
    private readonly macs: MacSource,
  ) {
    this.proposer = new AddressProposer(store);
  }

  /**
   * Gives the instance a NIC in each of the networks, and an IPv4 address where the network has some: all or nothing.
   * Repeatable: a NIC that exists is kept with its address, even when another address is asked for.
   *
   * Throws NoMoreFixedIps, FixedIpAlreadyInUse (with the holder), FixedIpNotFoundForNetwork, FixedIpLimitExceeded,
   * VirtualInterfaceMacAddressException, NetworkNotFound, FixedIpAssociateFailed (overtaken too often).
   */
  async allocate(request: AllocationRequest): Promise<void> {
    const unique = { ...request, nics: firstPerNetwork(request.nics) };
    const proposals = new Map<number, IpAddress>();
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const held = attempt === 0 && request.held ? request.held : await this.nicsOf(request.instance.uuid);
      const [exhausted, projectLimit] = await Promise.all([
        this.complete(proposals, unique.nics, held),
        this.limitOf(request.instance.projectId),
      ]);
      const outdated = await this.attempt({ ...unique, projectLimit }, proposals);
      if (!outdated) return;
      if (exhausted) throw exhausted;
      proposals.delete(outdated.networkId);
    }
    throw new FixedIpAssociateFailed(unique.nics.map(({ network }) => network.uuid).join(', '));
  }

  /**
   * Proposals are made outside of the transaction: the cursor's row is never locked for longer than one statement. An
   * exhausted pool is no failure yet: the same request, delivered twice, may have taken the last address.
   */
  private async complete(
    proposals: Map<number, IpAddress>,
    nics: readonly NicRequest[],
    held: readonly Holding[],
  ): Promise<NoMoreFixedIps | undefined> {
    const open = nics.filter((nic) => isFromPool(nic) && !proposals.has(nic.network.id));
    for (const { network } of open.filter((nic) => isAddressWanted(nic, held))) {
      const address = await this.proposer.propose(network);
      if (!address) return new NoMoreFixedIps(network.uuid);
      proposals.set(network.id, address);
    }
    return undefined;
  }

  private async limitOf(projectId: string | null): Promise<number | undefined> {
    return projectId === null ? undefined : this.store.fixedIpLimitOf(projectId);
  }

  private async attempt(
    request: PreparedRequest,
    proposals: Proposals,
  ): Promise<ProposalsOutdated | undefined> {
    try {
      await this.store.transaction((transaction) =>
        new Allocation(transaction, request, proposals, this.macs).run(),
      );
      return undefined;
    } catch (error) {
      if (error instanceof ProposalsOutdated) return error;
      throw error;
    }
  }

  /** Those that have a row, by subnet, then by address. */
  list(filter: FixedIpFilter): Promise<ListedFixedIp[]> {
    return this.store.list(filter);
  }

  /** Its NICs by age, each with its addresses by age. Nothing for an unknown instance. */
  nicsOf(instanceUuid: string): Promise<Nic[]> {
    return this.store.nicsOf(instanceUuid);
  }

  /** Of the instances on the host, and of those on their way to it: by age, each with its addresses by age. */
  nicsOn(host: HostName): Promise<Nic[]> {
    return this.store.nicsOn(host);
  }

  /**
   * Marks these NICs of the instance as answered to a caller: from then on no {@link withdraw} takes them. Repeatable.
   * False when one of them is gone meanwhile: then the answer must not be given.
   */
  confirm(instanceUuid: string, vifIds: readonly number[]): Promise<boolean> {
    return this.store.confirm(instanceUuid, new Set(vifIds));
  }

  /**
   * Takes from the instance the NICs that nobody was told of, when {@link allocate} turned out to be of no use; and what
   * the request with this id was given, which then counts as one that never came. An instance that was known for nothing
   * else is unknown again. Repeatable. Two requests for the same instance may run at once, or one be delivered again
   * after a crash, and both get the same NICs: the one that fails must not take away what the other has answered.
   */
  async withdraw(instanceUuid: string, requestId?: string): Promise<void> {
    await this.store.transaction(async (transaction) => {
      await transaction.lockInstance(instanceUuid);
      if (requestId !== undefined) await takeBackGiven(transaction, instanceUuid, requestId);
      await transaction.releaseNics(await transaction.lockUnconfirmed(instanceUuid));
      await transaction.forgetInstance(instanceUuid);
    });
  }

  /** The addresses that the request with this id was given, or took away; undefined when it was not carried out. */
  recall(requestId: string): Promise<readonly IpAddress[] | undefined> {
    return this.store.recall(requestId);
  }

  /**
   * Takes everything from the instance and answers what it held: nothing the second time. A leased address becomes
   * draining until its lease is given back or {@link freeStale} finds it; the others are free at once.
   */
  async deallocate(instanceUuid: string): Promise<Nic[]> {
    let held: Nic[] = [];
    await this.store.transaction(async (transaction) => {
      await transaction.rememberDeallocation(instanceUuid);
      await transaction.lockInstance(instanceUuid);
      const nics = await transaction.nicsOf(instanceUuid);
      if (nics.length === 0) return;
      // kept over a retry whose first commit got through although its answer did not
      held = nics;
      await transaction.releaseNics(nics.map(({ vif }) => vif.id));
    });
    return held;
  }

  /** Whether {@link deallocate} was called for the instance in the last so many seconds; waits for one that runs. */
  wasDeallocated(instanceUuid: string, withinSeconds: number): Promise<boolean> {
    return this.store.wasDeallocated(instanceUuid, withinSeconds);
  }

  /**
   * Takes one address from the instance, whose NIC stays. Answers what it was, undefined when the instance does not hold
   * it, or not any more, or when the request with this id was carried out before.
   */
  async deallocateAddress(
    instanceUuid: string,
    address: IpAddress,
    requestId?: string,
  ): Promise<FixedIp | undefined> {
    let held: FixedIp | undefined;
    await this.store.transaction(async (transaction) => {
      await transaction.lockInstance(instanceUuid);
      if (requestId !== undefined && (await transaction.recall(requestId))) return;
      const holdings = await transaction.holdingsOf(instanceUuid);
      const found = holdings.flatMap(({ fixedIps }) => fixedIps).find((own) => own.address.equals(address));
      if (!found) return;
      held = found;
      await transaction.releaseAddresses([found.id]);
      if (requestId !== undefined) await transaction.remember(requestId, [address]);
    });
    return held;
  }

  /**
   * The address that a host has for itself in a multi-host network; taken from the pool the first time. Repeatable.
   * Undefined for a network without IPv4 pool, and for one whose hosts need none (any more). Throws NoMoreFixedIps,
   * FixedIpAssociateFailed.
   */
  async claimHostAddress(network: Network, host: HostName): Promise<IpAddress | undefined> {
    const [home] = poolsOf(network);
    if (!home) return undefined;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const known = await this.store.hostAddressOf(home.subnet.id, host);
      if (known) return known;
      const address = await this.proposer.propose(network);
      // another process of the same host may have taken the last one
      if (!address) return (await this.store.hostAddressOf(home.subnet.id, host)) ?? refuse(network);
      const outcome = await this.store.insertHostAddress(home.subnet.id, address, host);
      if (outcome === 'given') return address;
      if (outcome === 'not-needed') return undefined;
    }
    throw new FixedIpAssociateFailed(network.uuid);
  }

  /** Gives back what {@link claimHostAddress} took, in one network or in all; answers the addresses. Repeatable. */
  releaseHostAddresses(host: HostName, networkId?: number): Promise<IpAddress[]> {
    return this.store.deleteHostAddresses({ host, networkId });
  }

  /** The same for every host of the network. */
  releaseAllHostAddresses(networkId: number): Promise<IpAddress[]> {
    return this.store.deleteHostAddresses({ networkId });
  }

  async recordLease(event: LeaseEvent): Promise<LeaseOutcome> {
    if (await this.store.recordLease(event)) return 'recorded';
    const row = await this.store.findByAddress(event.address);
    return row?.isAllocated ? 'other-owner' : 'unknown-address';
  }

  recordRelease(event: ReleaseEvent): Promise<ReleaseOutcome> {
    return this.store.transaction(async (transaction) => {
      for (const row of await transaction.lockLeases(event.address)) {
        const outcome = releaseOutcome(row, event);
        if (outcome === 'released') await transaction.clearLease(row.fixedIpId);
        if (outcome === 'freed') await transaction.freeFixedIp(row.fixedIpId);
        if (outcome !== 'ignored') return outcome;
      }
      return 'ignored';
    });
  }

  /**
   * Frees what a lost message or a crash would keep for ever, when it has been so since before that date: draining
   * addresses, those that are nobody's, and unregistered instances without NICs. An address whose instance is known and
   * has a NIC is never among them. A draining address of a single-host network is freed only when this host owns the
   * network or nobody does; of a multi-host network when the instance or the lease is on this host, or the instance is
   * gone or on no host. Any number of hosts may do so at once, and each row counts once.
   */
  freeStale({ host, before }: { readonly host: HostName; readonly before: Date }): Promise<StaleCounts> {
    return this.store.deleteStale(host, before);
  }

  /**
   * Takes everything from instances that were deleted before that date, and were given it by a request that came after
   * their deletion. Answers how many addresses each held; each is answered once, however many ask.
   */
  async takeFromDeleted(before: Date): Promise<ReadonlyMap<string, number>> {
    const taken = new Map<string, number>();
    for (const uuid of await this.store.deletedHolders(before)) {
      await this.store.transaction(async (transaction) => {
        await transaction.lockInstance(uuid);
        if (!(await transaction.isDeletedSince(uuid, before))) return;
        const nics = await transaction.nicsOf(uuid);
        taken.set(uuid, nics.flatMap(({ fixedIps }) => fixedIps).length);
        await transaction.releaseNics(nics.map(({ vif }) => vif.id));
      });
    }
    return taken;
  }

  findByAddress(address: IpAddress): Promise<FixedIp | undefined> {
    return this.store.findByAddress(address);
  }

  findById(id: number): Promise<FixedIp | undefined> {
    return this.store.findById(id);
  }

  findVifByMac(mac: Mac): Promise<VirtualInterface | undefined> {
    return this.store.findVifByMac(mac);
  }

  /** Of every instance: for searches that no index helps. */
  allNics(): Promise<Nic[]> {
    return this.store.allNics();
  }

  /**
   * What a host has to plan for, by network id: the networks it is owner of, and of a multi-host network its own
   * instances.
   */
  async servedBy(host: HostName): Promise<ServedNetwork[]> {
    const { networks, addresses, hostAddresses } = await this.store.servedBy(host);
    return networks.map((network) => servedNetwork(network, addresses, hostAddresses));
  }

  /** Every host that has to do with the network now. */
  serversOf(networkId: number): Promise<HostName[]> {
    return this.store.serversOf(networkId);
  }

  /** The names of all instances in these networks, on whichever host. */
  async namedIn(networkIds: readonly number[]): Promise<InstanceName[]> {
    return networkIds.length === 0 ? [] : this.store.namedIn(networkIds);
  }

  /** The leases that owners hold in this network, on whichever host. */
  async leasesOf(networkId: number): Promise<HeldLease[]> {
    return heldLeases(await this.store.leasedIn(networkId));
  }

  /** How many addresses of each subnet are used, and for what. */
  usageOf({ subnets }: Pick<Network, 'subnets'>): Promise<SubnetUsage[]> {
    return Promise.all(
      subnets.map(async (subnet) => subnetUsage(subnet, await this.store.countAddresses(subnet))),
    );
  }
}

async function takeBackGiven(
  transaction: FixedIpTransaction,
  instanceUuid: string,
  requestId: string,
): Promise<void> {
  const given = (await transaction.recall(requestId)) ?? [];
  const held = (await transaction.holdingsOf(instanceUuid)).flatMap(({ fixedIps }) => fixedIps);
  const own = held.filter(({ address }) => given.some((other) => other.equals(address)));
  await transaction.releaseAddresses(own.map(({ id }) => id));
  await transaction.forget(requestId);
}

function refuse(network: Network): never {
  throw new NoMoreFixedIps(network.uuid);
}

function firstPerNetwork(nics: readonly NicRequest[]): NicRequest[] {
  return nics.filter(
    ({ network }, index) => nics.findIndex((nic) => nic.network.id === network.id) === index,
  );
}
