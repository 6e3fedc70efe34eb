import { Ipv4Cidr, Ipv6Cidr, type HostName, type Ipv4 } from '@novanet/net-address';
import {
  NetworkHasProject,
  NetworkHostUnavailable,
  NetworkInUse,
  NetworkLimitExceeded,
  NetworkNotFound,
  NetworkNotFoundForUUID,
  NoMoreNetworks,
} from '../errors.js';
import type { Network, NetworkDraft } from './network.js';
import {
  reviseNetwork,
  takeBackRevision,
  type NetworkRevision,
  type RevisedNetwork,
} from './network-revision.js';
import type { NetworkChanges, NetworkStore, NetworkTransaction } from './network-store.port.js';

/** Decides what to create beside what exists. Pure: it may run more than once; it may throw, and nothing is created. */
export type NetworkPlan = (existing: readonly Network[]) => readonly NetworkDraft[];

export interface RequestOptions {
  /** 32 characters, oslo's `_unique_id`: a request that comes again changes nothing and gets the first answer. */
  readonly requestId?: string;
}

/** How many networks a project may have, unless it has a limit of its own; negative: any number. */
export interface NetworkLimit {
  readonly projectId: string;
  readonly usual: number;
}

export interface CreateOptions extends RequestOptions {
  /** Absent: nobody counts. */
  readonly limit?: NetworkLimit;
}

export interface DeleteOptions extends RequestOptions {
  /** Refuse to delete a network that belongs to a project. */
  readonly requireDisassociated: boolean;
}

/** The networks of the cloud. */
export class NetworkCatalogue {
  constructor(private readonly store: NetworkStore) {}

  /**
   * All of the plan or nothing; creations never overlap. Throws what the plan throws, DuplicateVlan, InvalidInput,
   * NetworkLimitExceeded.
   */
  async create(plan: NetworkPlan, options: CreateOptions = {}): Promise<Network[]> {
    const requestId = options.requestId ?? ownRequestId();
    return this.store.transaction(async (transaction) => {
      await transaction.lockCreation();
      const created = await transaction.recall(requestId);
      if (created) return transaction.find({ ids: created });
      const existing = await transaction.list();
      const drafts = plan(existing);
      if (options.limit) await refuseTooMany(transaction, options.limit, [...existing, ...drafts]);
      const networks = await transaction.insert(drafts);
      const ids = networks.map(({ id }) => id);
      await transaction.remember(requestId, ids);
      return networks;
    });
  }

  /** Throws NetworkNotFound, NetworkHasProject, NetworkInUse. */
  async delete(network: Network, options: DeleteOptions): Promise<void> {
    const requestId = options.requestId ?? ownRequestId();
    await this.store.transaction(async (transaction) => {
      const current = await transaction.lock(network.id);
      if (await transaction.recall(requestId)) return;
      if (!current) throw new NetworkNotFound(network.id);
      if (options.requireDisassociated && current.projectId !== null)
        throw new NetworkHasProject(current.projectId);
      if (await transaction.isInUse(network.id)) throw new NetworkInUse(network.uuid);
      await transaction.delete(network.id);
      await transaction.remember(requestId, []);
    });
  }

  /**
   * Whether a request with this id was carried out. A deletion that is delivered again no longer finds its network, and
   * is to be answered as the first time.
   */
  isDone(requestId: string): Promise<boolean> {
    return this.store.isRemembered(requestId);
  }

  /** By id. */
  list(): Promise<Network[]> {
    return this.store.list();
  }

  async findById(id: number): Promise<Network | undefined> {
    const [network] = await this.store.find({ ids: [id] });
    return network;
  }

  async findByUuid(uuid: string): Promise<Network | undefined> {
    const [network] = await this.findByUuids([uuid]);
    return network;
  }

  /** Those that exist, in the order asked for; in capitals it is the same uuid. */
  async findByUuids(uuids: readonly string[]): Promise<Network[]> {
    const wanted = uuids.map((uuid) => uuid.toLowerCase());
    const found = new Map(
      (await this.store.find({ uuids: wanted })).map((network) => [network.uuid, network]),
    );
    return wanted.flatMap((uuid) => found.get(uuid) ?? []);
  }

  /** The networks that this host alone serves. */
  findByHost(host: HostName): Promise<Network[]> {
    return this.store.find({ host });
  }

  /** The network with exactly this block, of either family; undefined too when the text is no block. */
  async findByCidr(text: string): Promise<Network | undefined> {
    const cidr = Ipv4Cidr.tryParse(text) ?? Ipv6Cidr.tryParse(text);
    if (!cidr) return undefined;
    const [network] = await this.store.find({ cidr: cidr.toString() });
    return network;
  }

  /**
   * Makes the host the network's owner if it has none, and answers who is. Throws NetworkNotFound; NetworkHostUnavailable when the
   * host was disabled meanwhile.
   * @param vpnPublicAddress what a new owner's VPN port is reached at, unless the network has an address for that
   */
  async claimHost(
    networkId: number,
    host: HostName,
    vpnPublicAddress: Ipv4 | null = null,
  ): Promise<HostName> {
    const owner = await this.store.claimHost(networkId, host, vpnPublicAddress);
    if (owner === undefined) throw new NetworkNotFound(networkId);
    if (owner === null) throw new NetworkHostUnavailable(host, 'it is disabled');
    return owner;
  }

  /**
   * Takes the network from its host, unless an instance uses it: then it would be without gateway. Answers whether it has
   * been taken, or was not the host's. Repeatable.
   */
  async releaseHost(networkId: number, host: HostName): Promise<boolean> {
    return this.store.transaction(async (transaction) => {
      const network = await transaction.lock(networkId);
      if (network?.host !== host) return true;
      if (await transaction.isInUse(networkId)) return false;
      await transaction.update(networkId, { host: null, vpnPublicAddress: null });
      return true;
    });
  }

  /** Changes the network, whoever changes it meanwhile. Throws NetworkNotFound. */
  async update(networkId: number, changes: NetworkChanges): Promise<Network> {
    await this.store.update(networkId, changes);
    const network = await this.findById(networkId);
    if (!network) throw new NetworkNotFound(networkId);
    return network;
  }

  /**
   * Changes the network as the revision says; creations and other revisions wait. Throws what {@link reviseNetwork} throws.
   */
  revise(networkId: number, revision: NetworkRevision): Promise<RevisedNetwork> {
    return this.store.transaction((transaction) => reviseNetwork(transaction, networkId, revision));
  }

  /** As if the revision had never been; what others changed meanwhile stays. Throws what {@link revise} throws. */
  takeBack(revised: RevisedNetwork): Promise<Network> {
    return this.store.transaction((transaction) => takeBackRevision(transaction, revised));
  }

  /**
   * The networks of a project, which gets a free one if it has none. Repeatable, and safe against a second request for
   * the same project: one of them waits, and finds what the other took. Throws NoMoreNetworks.
   */
  async ensureForProject(projectId: string): Promise<Network[]> {
    const own = await this.store.find({ projectId });
    if (own.length > 0) return own;
    return this.store.transaction(async (transaction) => {
      await transaction.lockProject(projectId);
      const known = await transaction.find({ projectId });
      return known.length > 0 ? known : [await takeFree(transaction, projectId)];
    });
  }

  /**
   * Gives the project one more network: the named one, or any free one.
   * Throws NetworkNotFoundForUUID, NetworkInUse when it is another project's, NoMoreNetworks.
   */
  async giveToProject(
    projectId: string,
    uuid: string | null,
    { requestId = ownRequestId() }: RequestOptions = {},
  ): Promise<void> {
    await this.store.transaction(async (transaction) => {
      await transaction.lockProject(projectId);
      if (await transaction.recall(requestId)) return;
      const network =
        uuid === null
          ? await takeFree(transaction, projectId)
          : await takeNamed(transaction, projectId, uuid);
      await transaction.remember(requestId, [network.id]);
    });
  }

  /** Whether an instance has a NIC or an address in it. */
  isInUse(networkId: number): Promise<boolean> {
    return this.store.transaction((transaction) => transaction.isInUse(networkId));
  }

  /** Requests are repeated within minutes, if at all. Answers how many were forgotten. */
  forgetRequests(before: Date): Promise<number> {
    return this.store.forgetRequests(before);
  }
}

/** So that a commit whose answer was lost is recognised when the transaction runs again. */
function ownRequestId(): string {
  return crypto.randomUUID().replaceAll('-', '');
}

async function refuseTooMany(
  transaction: NetworkTransaction,
  { projectId, usual }: NetworkLimit,
  wanted: readonly Pick<Network, 'projectId'>[],
): Promise<void> {
  const limit = (await transaction.networkLimitOf(projectId)) ?? usual;
  const count = wanted.filter((network) => network.projectId === projectId).length;
  if (limit >= 0 && count > limit) throw new NetworkLimitExceeded();
}

async function takeFree(transaction: NetworkTransaction, projectId: string): Promise<Network> {
  const free = await transaction.lockFree();
  if (!free) throw new NoMoreNetworks();
  await transaction.update(free.id, { projectId });
  return { ...free, projectId };
}

async function takeNamed(transaction: NetworkTransaction, projectId: string, uuid: string): Promise<Network> {
  const [found] = await transaction.find({ uuids: [uuid.toLowerCase()] });
  const network = found && (await transaction.lock(found.id));
  if (!network) throw new NetworkNotFoundForUUID(uuid);
  if (network.projectId !== null && network.projectId !== projectId) throw new NetworkInUse(uuid);
  await transaction.update(network.id, { projectId });
  return network;
}
