import type { DeviceName, Ipv4 } from '@novanet/net-address';
import { InvalidInput } from '../errors.js';
import {
  FloatingIpAllocated,
  FloatingIpAssociated,
  FloatingIpExists,
  FloatingIpNotFoundForAddress,
  FloatingIpPoolExists,
  FloatingIpPoolInUse,
  FloatingIpPoolNotFound,
} from './errors.js';
import type { FloatingIp, FloatingIpPool } from './floating-ip.js';
import type { FloatingIpPoolTransaction, FloatingIpStore } from './floating-ip-store.port.js';
import { MAX_ADDRESSES_AT_ONCE } from './parse-floating-range.js';
import { ownRequestId } from './request-id.js';

/** So many rows a statement: some megabytes, well below the 16 that MariaDB takes by default. */
const ADDRESSES_PER_STATEMENT = 50_000;

/** Addresses to be added to a pool. */
export interface PoolGrowth {
  readonly pool: string;
  readonly addresses: readonly Ipv4[];
  readonly interface: DeviceName | null;
}

/**
 * Which floating IPs there are. In nova a pool exists as long as it has addresses; here it can be empty. A request that
 * comes again (its id: 32 characters, oslo's `_unique_id`) changes nothing.
 */
export class FloatingIpPools {
  constructor(private readonly store: FloatingIpStore) {}

  /** By name. */
  list(): Promise<FloatingIpPool[]> {
    return this.store.pools();
  }

  /** Throws FloatingIpPoolExists. */
  create(name: string, requestId?: string): Promise<void> {
    return this.once(requestId, async (transaction) => {
      if (!(await transaction.insertPool(name))) throw new FloatingIpPoolExists(name);
    });
  }

  /** Throws FloatingIpPoolNotFound, FloatingIpPoolInUse while it has addresses. */
  delete(name: string, requestId?: string): Promise<void> {
    return this.once(requestId, async (transaction) => {
      const outcome = await transaction.deletePool(name);
      if (outcome === 'missing') throw new FloatingIpPoolNotFound();
      if (outcome === 'in-use') throw new FloatingIpPoolInUse(name);
    });
  }

  /** All or nothing; a missing pool is created. Throws FloatingIpExists naming the address, InvalidInput. */
  async grow({ pool, addresses, interface: device }: PoolGrowth, requestId?: string): Promise<void> {
    checkCount(addresses);
    // lowest first: never used addresses are handed out in the order in which they came
    const ascending = addresses.toSorted((a, b) => a.compare(b));
    await this.once(requestId, async (transaction) => {
      const poolId = await transaction.ensurePool(pool);
      for (const part of inParts(ascending)) {
        const existing = await transaction.insert(poolId, part, device);
        if (existing) throw new FloatingIpExists(existing.toString());
      }
    });
  }

  /**
   * Takes free addresses out of the pool, or out of whichever pools they are in, all or nothing. Throws
   * FloatingIpAssociated, FloatingIpAllocated, FloatingIpNotFoundForAddress, InvalidInput.
   */
  async shrink(addresses: readonly Ipv4[], requestId?: string, pool?: string): Promise<void> {
    checkCount(addresses);
    await this.once(requestId, async (transaction) => {
      for (const part of inParts(addresses)) {
        const locked = await transaction.lock({ addresses: part });
        const found = locked.filter((each) => pool === undefined || each.pool === pool);
        checkAllFree(part, found);
        await transaction.delete(found.map(({ id }) => id));
      }
    });
  }

  /** Those of the addresses, all of which are in the pool, that somebody holds. Throws FloatingIpNotFoundForAddress, InvalidInput. */
  async heldAmong(addresses: readonly Ipv4[], pool?: string): Promise<FloatingIp[]> {
    checkCount(addresses);
    const held: FloatingIp[] = [];
    for (const part of inParts(addresses)) {
      const found = await this.store.find({ addresses: part, ...(pool !== undefined && { pool }) });
      checkAllThere(part, found);
      held.push(...found.filter(({ projectId }) => projectId !== null));
    }
    return held;
  }

  private once(
    requestId: string = ownRequestId(),
    work: (transaction: FloatingIpPoolTransaction) => Promise<void>,
  ): Promise<void> {
    return this.store.transaction(async (transaction) => {
      if (await transaction.begin(requestId)) return;
      await work(transaction);
      await transaction.remember(requestId, {});
    });
  }
}

function checkCount({ length }: readonly Ipv4[]): void {
  if (length > MAX_ADDRESSES_AT_ONCE) {
    throw new InvalidInput(`${length} addresses, at most ${MAX_ADDRESSES_AT_ONCE} are taken at once`);
  }
}

function checkAllFree(wanted: readonly Ipv4[], found: readonly FloatingIp[]): void {
  for (const { address, projectId, association } of found) {
    if (association) throw new FloatingIpAssociated(address.toString());
    if (projectId !== null) throw new FloatingIpAllocated(address.toString(), projectId);
  }
  checkAllThere(wanted, found);
}

function checkAllThere(wanted: readonly Ipv4[], found: readonly FloatingIp[]): void {
  if (found.length === wanted.length) return;
  const known = new Set(found.map(({ address }) => address.value));
  const missing = wanted.find(({ value }) => !known.has(value));
  if (missing) throw new FloatingIpNotFoundForAddress(missing.toString());
}

function inParts(addresses: readonly Ipv4[]): (readonly Ipv4[])[] {
  const parts = Math.ceil(addresses.length / ADDRESSES_PER_STATEMENT);
  return Array.from({ length: parts }, (_, part) =>
    addresses.slice(part * ADDRESSES_PER_STATEMENT, (part + 1) * ADDRESSES_PER_STATEMENT),
  );
}
