import { Batcher, DatabaseUnavailable } from '@novanet/ipam';
import type { IpAddress, Mac } from '@novanet/net-address';
import type { Logger } from '@novanet/observability';
import type { Caller } from '../callers/caller.js';
import type { FoundInstance } from '../tree/instance-facts.js';
import type { InstanceLookup } from './instance-lookup.js';
import type { InstanceSource } from './instance-source.js';
import { isSettling } from './settling.js';

interface Remembered {
  readonly found: FoundInstance;
  readonly at: number;
}

const MOST_REMEMBERED = 10_000;

/** What the neighbour at an address says its MAC is; undefined: nobody knows. */
export type NeighbourLookup = (address: IpAddress) => Mac | undefined;

/**
 * Remembers instances, never whose an address is: that is asked for each request, all that come at a time together. So no
 * instance ever gets what belonged to the one before, and a thousand requests a second cost as many questions as the
 * database answers one after the other.
 */
export class CachedLookup implements InstanceLookup {
  private readonly remembered = new Map<string, Remembered>();
  /** By those who ask for the same instance at a time. */
  private readonly loading = new Map<string, Promise<FoundInstance | undefined>>();
  private isAway = false;
  private readonly owners: Batcher<IpAddress | Mac, string | undefined>;

  /**
   * @param memoryMs so long an instance may be told what was known of it (`metadata_cache_expiration`)
   * @param neighbour asked while the database is away
   */
  constructor(
    private readonly source: InstanceSource,
    private readonly memoryMs: number,
    private readonly neighbour: NeighbourLookup,
    private readonly log: Pick<Logger, 'info' | 'warn'>,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.owners = new Batcher((places) => source.owners(places));
  }

  async find(caller: Caller): Promise<FoundInstance | undefined> {
    try {
      const found = await this.findNow(caller);
      this.note(undefined);
      return found;
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error;
      this.note(error);
      const last = this.lastOf(caller);
      if (last) return last;
      throw error;
    }
  }

  /** Each change is worth a line, not each request. */
  private note(outage: DatabaseUnavailable | undefined): void {
    if (outage && !this.isAway) this.log.warn({ reason: outage.message }, 'metadata not available');
    if (!outage && this.isAway) this.log.info('metadata available again');
    this.isAway = outage !== undefined;
  }

  private async findNow(caller: Caller): Promise<FoundInstance | undefined> {
    const uuid =
      caller.by === 'uuid'
        ? caller.uuid
        : await this.owners.ask(caller.by === 'mac' ? caller.mac : caller.address);
    const found = uuid === undefined ? undefined : await this.instance(uuid);
    return found && isOf(found, caller) ? found : undefined;
  }

  private async instance(uuid: string): Promise<FoundInstance | undefined> {
    const known = this.remembered.get(uuid);
    if (known && this.now() - known.at < this.memoryMs) return known.found;
    const loading = this.loading.get(uuid) ?? this.load(uuid);
    this.loading.set(uuid, loading);
    return loading;
  }

  private async load(uuid: string): Promise<FoundInstance | undefined> {
    const at = this.now();
    try {
      const found = await this.source.load(uuid);
      this.remembered.delete(uuid);
      if (found && !isSettling(found.instance)) this.remembered.set(uuid, { found, at });
      const [oldest] = this.remembered.keys();
      if (this.remembered.size > MOST_REMEMBERED && oldest !== undefined) this.remembered.delete(oldest);
      return found;
    } finally {
      this.loading.delete(uuid);
    }
  }

  /** What was known of the caller, when it is certain that it is the same as then: a MAC is never another's. */
  private lastOf(caller: Caller): FoundInstance | undefined {
    if (caller.by === 'uuid') {
      const found = this.remembered.get(caller.uuid)?.found;
      return found && isOf(found, caller) ? found : undefined;
    }
    const mac = caller.by === 'mac' ? caller.mac : this.neighbour(caller.address);
    if (!mac) return undefined;
    const all = [...this.remembered.values()].map(({ found }) => found);
    return all.find(({ nics }) => nics.some(({ vif }) => vif.mac.equals(mac)));
  }
}

/** A proxy names the project as well: nova's guard against a uuid that was guessed. */
function isOf({ instance }: FoundInstance, caller: Caller): boolean {
  return caller.by !== 'uuid' || instance.projectId === caller.projectId;
}
