import { Mac, type IpAddress, type Ipv4 } from '@novanet/net-address';
import {
  FixedIpAlreadyInUse,
  FixedIpLimitExceeded,
  FixedIpNotFoundForNetwork,
  VirtualInterfaceMacAddressException,
} from '../errors.js';
import type { InstanceIdentity } from '../instances/instance.js';
import { subnetOf, type AddressPool, type Network, type Subnet } from '../networks/network.js';
import type { FixedIpTransaction, Holding } from './fixed-ip-store.port.js';

/** What an instance asks for. */
export interface AllocationRequest {
  readonly instance: InstanceIdentity;
  /** At most one per network: of repetitions the first one counts. */
  readonly nics: readonly NicRequest[];
  /** Fixed IPs a project may hold; a quota of the project goes before it. Undefined or negative: no limit. */
  readonly limit?: number;
  /** The NICs of the instance as the caller has just read them; absent: they are read. A hint, which may be outdated. */
  readonly held?: readonly Holding[];
  /** 32 characters, oslo's `_unique_id`. Needed for additional addresses: they are given once per request. */
  readonly requestId?: string;
}

export interface NicRequest {
  readonly network: Network;
  /** Absent: the next one of the pool. */
  readonly address?: Ipv4;
  /** Absent: a random one of nova's. */
  readonly mac?: Mac;
  /** The network's VPN address, which nobody else is ever given. */
  readonly isVpn?: boolean;
  /** One more address, whatever the NIC has already. */
  readonly isAdditional?: boolean;
}

/** With what was read before its transaction. */
export interface PreparedRequest extends AllocationRequest {
  /** The own limit of the project that the request names. */
  readonly projectLimit: number | undefined;
}

/** Network id → the address that {@link AllocationRequest} may get there. */
export type Proposals = ReadonlyMap<number, IpAddress>;

/** The proposals do not fit what the database says now: propose anew and begin again. */
export class ProposalsOutdated extends Error {
  /** @param networkId whose proposal is taken, or missing */
  constructor(readonly networkId: number) {
    super(`the address proposed in network ${networkId} is gone`);
  }
}

/** Whether this NIC is to be given an address that it does not hold yet. */
export function isAddressWanted(request: NicRequest, holdings: readonly Holding[]): boolean {
  const isThereAny = request.address || request.isVpn || poolsOf(request.network).length > 0;
  if (!subnetOf(request.network, 4) || !isThereAny) return false;
  if (request.isAdditional) return true;
  const held = holdingIn(request.network, holdings);
  return !held?.fixedIps.some(({ isAllocated, address }) => isAllocated && address.version === 4);
}

/** The IPv4 pools to take an address from, in order. */
export function poolsOf(network: Network): { subnet: Subnet; pool: AddressPool }[] {
  return network.subnets.flatMap((subnet) =>
    subnet.version === 4 && subnet.pool ? [{ subnet, pool: subnet.pool }] : [],
  );
}

/** Whether the address comes from a pool, and so has to be proposed. */
export function isFromPool({ address, isVpn }: NicRequest): boolean {
  return !address && !isVpn;
}

/** Where new NICs get their MACs. */
export interface MacSource {
  next(): Mac;
  /** `create_unique_mac_address_attempts`. */
  readonly attempts: number;
}

/** In nova's own block. */
export function randomNovaMac(): Mac {
  const [low = 0] = crypto.getRandomValues(new Uint32Array(1));
  return Mac.ofNova(low);
}

/** The allocation of one instance, inside a transaction. Throws ProposalsOutdated. */
export class Allocation {
  private readonly instanceUuid: string;

  constructor(
    private readonly transaction: FixedIpTransaction,
    private readonly request: PreparedRequest,
    private readonly proposals: Proposals,
    private readonly macs: MacSource,
  ) {
    this.instanceUuid = request.instance.uuid;
  }

  async run(): Promise<void> {
    const { nics, instance, requestId } = this.request;
    const enrolled = await this.transaction.enrolInstance(instance);
    const holdings = enrolled.isNew ? [] : await this.transaction.holdingsOf(this.instanceUuid);
    const isDone = requestId !== undefined && (await this.transaction.recall(requestId)) !== undefined;
    const wanted = isDone ? [] : nics.filter((nic) => isAddressWanted(nic, holdings));
    await this.checkLimit(enrolled.projectId, wanted.length);
    const given: IpAddress[] = [];
    for (const nic of isDone ? [] : nics) {
      const vifId = holdingIn(nic.network, holdings)?.vif.id ?? (await this.createVif(nic));
      if (wanted.includes(nic)) given.push(await this.giveAddress(nic, vifId));
    }
    if (requestId !== undefined && !isDone) await this.transaction.remember(requestId, given);
  }

  private async checkLimit(projectId: string | null, wanted: number): Promise<void> {
    if (projectId === null || wanted === 0) return;
    const { instance, projectLimit, limit: standard = -1 } = this.request;
    const isNamed = projectId === instance.projectId;
    const limit = (isNamed ? projectLimit : await this.transaction.fixedIpLimitOf(projectId)) ?? standard;
    if (limit < 0) return;
    const held = await this.transaction.countFixedIpsLocked(projectId);
    if (held + wanted > limit) throw new FixedIpLimitExceeded();
  }

  private async createVif({ network, mac }: NicRequest): Promise<number> {
    const attempts = mac ? 1 : this.macs.attempts;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const id = await this.transaction.insertVif({
        uuid: crypto.randomUUID(),
        mac: mac ?? this.macs.next(),
        networkId: network.id,
        instanceUuid: this.instanceUuid,
      });
      if (id !== undefined) return id;
    }
    throw new VirtualInterfaceMacAddressException();
  }

  private async giveAddress(nic: NicRequest, vifId: number): Promise<IpAddress> {
    const { network, address, isVpn } = nic;
    if (isVpn) return this.giveVpnAddress(network, vifId);
    if (address) return this.giveRequested(network, address, vifId);
    const proposal = this.proposals.get(network.id);
    const subnet = proposal && network.subnets.find(({ cidr }) => cidr.contains(proposal));
    if (!subnet || !(await this.insert(subnet, proposal, vifId))) throw new ProposalsOutdated(network.id);
    return proposal;
  }

  private async giveRequested(network: Network, address: Ipv4, vifId: number): Promise<IpAddress> {
    const subnet = network.subnets.find((candidate) => mayBeRequested(candidate, address));
    if (!subnet) throw new FixedIpNotFoundForNetwork(address.toString(), network.uuid);
    if (await this.insert(subnet, address, vifId)) return address;
    const holder = await this.transaction.holderOf(subnet.id, address);
    if (!holder) throw new ProposalsOutdated(network.id);
    if (holder.role !== 'instance' || holder.instanceUuid === null) {
      throw new FixedIpNotFoundForNetwork(address.toString(), network.uuid);
    }
    if (holder.isAllocated || holder.instanceUuid !== this.instanceUuid) {
      throw new FixedIpAlreadyInUse(address.toString(), holder.instanceUuid);
    }
    if (!(await this.transaction.takeBack(holder.id, vifId))) throw new ProposalsOutdated(network.id);
    return address;
  }

  private async giveVpnAddress(network: Network, vifId: number): Promise<IpAddress> {
    const { vpnPrivateAddress: address } = network;
    const subnet = subnetOf(network, 4);
    if (!address || !subnet) throw new FixedIpNotFoundForNetwork('VPN', network.uuid);
    const { instanceUuid } = this;
    if (await this.transaction.takeVpnAddress({ subnetId: subnet.id, address, vifId, instanceUuid })) {
      return address;
    }
    const holder = await this.transaction.holderOf(subnet.id, address);
    if (!holder?.instanceUuid) throw new FixedIpNotFoundForNetwork(address.toString(), network.uuid);
    const isOurs = !holder.isAllocated && holder.instanceUuid === instanceUuid;
    if (!isOurs) throw new FixedIpAlreadyInUse(address.toString(), holder.instanceUuid);
    if (!(await this.transaction.takeBack(holder.id, vifId))) throw new ProposalsOutdated(network.id);
    return address;
  }

  private insert(subnet: Subnet, address: IpAddress, vifId: number): Promise<boolean> {
    const { instanceUuid } = this;
    return this.transaction.insertFixedIp({ subnetId: subnet.id, address, vifId, instanceUuid });
  }
}

/** nova: what lies outside of allowed_start and allowed_end is reserved, and cannot be asked for by name either. */
function mayBeRequested({ cidr, pool }: Subnet, address: Ipv4): boolean {
  if (pool) return pool.first.compare(address) <= 0 && pool.last.compare(address) >= 0;
  return cidr.contains(address) && !cidr.first.equals(address) && !cidr.last.equals(address);
}

function holdingIn(network: Network, holdings: readonly Holding[]): Holding | undefined {
  return holdings.find(({ vif }) => vif.networkId === network.id);
}
