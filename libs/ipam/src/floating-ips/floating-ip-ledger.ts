import type { HostName, Ipv4 } from '@novanet/net-address';
import { FixedIpNotFoundForAddress } from '../errors.js';
import {
  FloatingIpAssociateFailed,
  FloatingIpAssociated,
  FloatingIpLimitExceeded,
  FloatingIpNotAssociated,
  FloatingIpNotFoundForAddress,
  FloatingIpPoolNotFound,
  NoMoreFloatingIps,
} from './errors.js';
import type { FloatingIp, FloatingIpAssociation, FloatingIpChange, FloatingIpFilter } from './floating-ip.js';
import type {
  AssociationOutcome,
  AssociationRequest,
  FloatingIpAllocation,
  FloatingIpAssignment,
  FloatingIpOwner,
  FloatingIpRequest,
  FloatingIpSource,
} from './floating-ip-requests.js';
import type { FloatingIpState, FloatingIpStore, FloatingIpTransaction } from './floating-ip-store.port.js';
import { ownRequestId } from './request-id.js';

/** Who holds which floating IP, and what it stands for. Which there are is for {@link FloatingIpPools} to say. */
export class FloatingIpLedger {
  constructor(private readonly store: FloatingIpStore) {}

  /** By address. */
  list(filter: FloatingIpFilter = {}): Promise<FloatingIp[]> {
    return this.store.find(filter);
  }

  async findById(id: number): Promise<FloatingIp | undefined> {
    const [floatingIp] = await this.store.find({ ids: [id] });
    return floatingIp;
  }

  async find(address: Ipv4): Promise<FloatingIp | undefined> {
    const [floatingIp] = await this.store.find({ addresses: [address] });
    return floatingIp;
  }

  /** Throws FloatingIpNotFoundForAddress. */
  async get(address: Ipv4): Promise<FloatingIp> {
    return existing(address, await this.find(address));
  }

  /** nova: those that came with an instance are not listed. */
  ofProject(projectId: string): Promise<FloatingIp[]> {
    return this.store.find({ projectId, isAutoAssigned: false });
  }

  ofFixedAddress(fixedAddress: Ipv4): Promise<FloatingIp[]> {
    return this.store.find({ fixedAddress });
  }

  ofInstance(instanceUuid: string): Promise<FloatingIp[]> {
    return this.store.find({ instanceUuid });
  }

  /**
   * What the host has to carry: all of them have an association.
   * @param addresses of these alone
   */
  servedBy(host: HostName, addresses?: readonly Ipv4[]): Promise<FloatingIp[]> {
    return this.store.find({ host, ...(addresses && { addresses }) });
  }

  /** Throws FloatingIpPoolNotFound, FloatingIpLimitExceeded, NoMoreFloatingIps. */
  allocate(request: FloatingIpAllocation): Promise<FloatingIp> {
    const { projectId, isAutoAssigned, limit, requestId = ownRequestId() } = request;
    return this.store.transaction(async (transaction) => {
      const repeated = await transaction.begin(requestId);
      if (repeated?.after) return repeated.after;
      if (!isAutoAssigned) await checkLimit(transaction, projectId, limit);
      const free = await takeFrom(transaction, request);
      const state = { projectId, isAutoAssigned, fixedIpId: null, host: null };
      const given = existing(free.address, await transaction.write(free.id, state));
      await transaction.remember(requestId, { after: given });
      return given;
    });
  }

  /**
   * Gives it back to its pool, where it rests; one that nobody holds stays as it is. Answers what it was, undefined when
   * it was left alone. Throws FloatingIpNotFoundForAddress, FloatingIpAssociated, what the guard throws.
   */
  async release(request: FloatingIpRequest): Promise<FloatingIp | undefined> {
    const done = await this.changeOnce(request, async (transaction, before) => {
      if (before.association) throw new FloatingIpAssociated(before.address.toString());
      if (before.projectId !== null) await transaction.release([before.id]);
      return undefined;
    });
    return done?.before;
  }

  /**
   * Lets it stand for the fixed IP, carried by the host; from then on it no longer stands for another one. Undefined when
   * it was left alone. Throws FloatingIpNotFoundForAddress, FixedIpNotFoundForAddress (the instance no longer has it),
   * FloatingIpAssociateFailed (nobody holds the floating IP, or it may not be taken), what the guard throws.
   */
  async associate(request: AssociationRequest): Promise<AssociationOutcome | undefined> {
    const { fixedIp, host, mayTake } = request;
    const done = await this.changeOnce(request, async (transaction, floatingIp) => {
      const { id, address, projectId, isAutoAssigned, association } = floatingIp;
      if (projectId === null) throw new FloatingIpAssociateFailed(address.toString(), 'Nobody holds it.');
      if (association && association.fixedIpId !== fixedIp.id && !mayTake) {
        const { instanceUuid } = association;
        throw new FloatingIpAssociateFailed(address.toString(), `It stands for instance ${instanceUuid}.`);
      }
      const after = await transaction.write(id, { projectId, isAutoAssigned, fixedIpId: fixedIp.id, host });
      if (after?.association?.instanceUuid === fixedIp.instanceUuid) return after;
      throw new FixedIpNotFoundForAddress(fixedIp.address.toString());
    });
    if (!done?.after) return undefined;
    const { before, after } = done;
    const isStanding = !done.isRepeated || (await this.find(request.address))?.revision === after.revision;
    return { before, change: isStanding ? { before, after } : undefined };
  }

  /**
   * Answers what it was, undefined when it was left alone. Throws FloatingIpNotFoundForAddress, FloatingIpNotAssociated,
   * what the guard throws.
   */
  async disassociate(request: FloatingIpRequest): Promise<FloatingIp | undefined> {
    const done = await this.changeOnce(request, async (transaction, before) => {
      if (!before.association) throw new FloatingIpNotAssociated(before.address.toString());
      return transaction.write(before.id, { ...stateOf(before), fixedIpId: null, host: null });
    });
    return done?.before;
  }

  /**
   * Lets a free floating IP stand for the fixed IP, as one that comes and goes with the instance. A fixed IP that a
   * floating IP stands for keeps that one. Throws FixedIpNotFoundForAddress, FloatingIpPoolNotFound, NoMoreFloatingIps.
   */
  async assign(request: FloatingIpAssignment): Promise<FloatingIpChange> {
    const { fixedIp, projectId, host } = request;
    let change: FloatingIpChange | undefined;
    return this.store.transaction(async (transaction) => {
      if (!(await transaction.lockFixedIp(fixedIp.id, fixedIp.instanceUuid))) {
        throw new FixedIpNotFoundForAddress(fixedIp.address.toString());
      }
      const [held] = await transaction.find({ fixedIpIds: [fixedIp.id] });
      // the commit got through although its answer did not
      if (change && held?.revision === change.after.revision) return change;
      const before = held ?? (await takeFrom(transaction, request));
      const state = held ? stateOf(held) : { projectId, isAutoAssigned: true };
      const after = await transaction.write(before.id, { ...state, fixedIpId: fixedIp.id, host });
      change = { before, after: existing(before.address, after) };
      return change;
    });
  }

  /**
   * Ends every association of an instance, or of some of its fixed IPs, and gives back what was auto-assigned. Answers
   * what they were: nothing the second time.
   */
  async detach(owner: FloatingIpOwner): Promise<FloatingIp[]> {
    let detached: FloatingIp[] = [];
    const candidates = await this.store.find(owner);
    if (candidates.length === 0) return detached;
    await this.store.transaction(async (transaction) => {
      const locked = await transaction.lock({ ids: candidates.map(({ id }) => id) });
      const associated = locked.filter(({ association }) => association && isOwner(owner, association));
      if (associated.length === 0) return;
      // kept over a retry whose first commit got through although its answer did not
      detached = associated;
      const [autoAssigned, kept] = partition(associated, ({ isAutoAssigned }) => isAutoAssigned);
      await transaction.release(autoAssigned.map(({ id }) => id));
      for (const floatingIp of kept) {
        await transaction.write(floatingIp.id, { ...stateOf(floatingIp), fixedIpId: null, host: null });
      }
    });
    return detached;
  }

  /** Undefined when somebody has changed the floating IP since it was looked at. */
  moveHost(floatingIp: FloatingIp, host: HostName | null): Promise<FloatingIpChange | undefined> {
    let change: FloatingIpChange | undefined;
    return this.store.transaction(async (transaction) => {
      const [before] = await transaction.lock({ ids: [floatingIp.id] });
      // the commit got through although its answer did not
      if (change && before?.revision === change.after.revision) return change;
      if (before?.revision !== floatingIp.revision || !before.association) return undefined;
      const after = await transaction.write(before.id, { ...stateOf(before), host });
      change = after && { before, after };
      return change;
    });
  }

  /**
   * Makes the floating IP what it was before the change, unless somebody has changed it since; answers whether it is. A
   * repetition of the request that made the change is a new request then.
   */
  undo({ before, after }: FloatingIpChange, requestId?: string): Promise<boolean> {
    return this.store.transaction(async (transaction) => {
      if (requestId !== undefined) await transaction.forget(requestId);
      const [current] = await transaction.lock({ ids: [after.id] });
      if (current?.revision === after.revision) await transaction.revert(before);
      return current?.revision === after.revision || current?.revision === before.revision;
    });
  }

  /** Answers what was done now or when the request came for the first time, undefined when the guard wants nothing done. */
  private changeOnce(
    { address, guard, requestId = ownRequestId() }: FloatingIpRequest,
    change: (transaction: FloatingIpTransaction, before: FloatingIp) => Promise<FloatingIp | undefined>,
  ): Promise<DoneRequest | undefined> {
    return this.store.transaction(async (transaction) => {
      const repeated = await transaction.begin(requestId);
      if (repeated?.before) return { before: repeated.before, after: repeated.after, isRepeated: true };
      const [found] = await transaction.lock({ addresses: [address] });
      const before = existing(address, found);
      if (!guard(before)) return undefined;
      const after = await change(transaction, before);
      await transaction.remember(requestId, { before, ...(after && { after }) });
      return { before, after, isRepeated: false };
    });
  }
}

interface DoneRequest {
  readonly before: FloatingIp;
  readonly after: FloatingIp | undefined;
  readonly isRepeated: boolean;
}

function isOwner(owner: FloatingIpOwner, { instanceUuid, fixedIpId }: FloatingIpAssociation): boolean {
  return 'instanceUuid' in owner ? owner.instanceUuid === instanceUuid : owner.fixedIpIds.includes(fixedIpId);
}

function existing(address: Ipv4, floatingIp: FloatingIp | undefined): FloatingIp {
  if (!floatingIp) throw new FloatingIpNotFoundForAddress(address.toString());
  return floatingIp;
}

function stateOf({ projectId, isAutoAssigned, association, host }: FloatingIp): FloatingIpState {
  return { projectId, isAutoAssigned, fixedIpId: association?.fixedIpId ?? null, host };
}

async function checkLimit(
  transaction: FloatingIpTransaction,
  projectId: string,
  standard: number,
): Promise<void> {
  const limit = (await transaction.limitOf(projectId)) ?? standard;
  if (limit < 0) return;
  if ((await transaction.countLocked(projectId)) >= limit) throw new FloatingIpLimitExceeded();
}

async function takeFrom(
  transaction: FloatingIpTransaction,
  { pool, restSeconds }: FloatingIpSource,
): Promise<FloatingIp> {
  const poolId = await transaction.poolId(pool);
  if (poolId === undefined) throw new FloatingIpPoolNotFound();
  const free = await transaction.take(poolId, restSeconds);
  if (!free) throw new NoMoreFloatingIps();
  return free;
}

function partition<T>(all: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [all.filter(isFirst), all.filter((item) => !isFirst(item))];
}
