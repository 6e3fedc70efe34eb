import { DatabaseUnavailable, type InstanceRegistry } from '@novanet/ipam';
import type { IpAddress } from '@novanet/net-address';
import { createIpam, openDatabase, type Database, type DatabaseLog } from '@novanet/persistence';
import type { FoundInstance } from '../tree/instance-facts.js';
import type { InstanceLookup } from './instance-lookup.js';

const POOL_SIZE = 8;

/** Instances wait ten seconds for an answer. */
const LIMIT_MS = 4000;

/** Asks the database, each time: nothing is remembered that could have become another instance's. */
export class DatabaseLookup implements InstanceLookup {
  private readonly closing = new AbortController();
  private opened: { readonly database: Database; readonly registry: InstanceRegistry } | undefined;

  constructor(
    private readonly url: string,
    private readonly log: DatabaseLog,
  ) {}

  /** Waits for the database as long as it takes. Until then it counts as unavailable. */
  async open(): Promise<void> {
    const { url, log, closing } = this;
    const database = await openDatabase({ url, poolSize: POOL_SIZE, log, signal: closing.signal });
    if (closing.signal.aborted) return database.close();
    this.opened = { database, registry: createIpam(database).instances };
  }

  async find(address: IpAddress): Promise<FoundInstance | undefined> {
    const { registry } = this.present();
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new DatabaseUnavailable('no answer in time')), LIMIT_MS);
    try {
      return await Promise.race([registry.findByFixedAddress(address), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Throws DatabaseUnavailable. */
  async check(): Promise<void> {
    await this.present().database.ping();
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.opened?.database.close();
  }

  private present() {
    if (!this.opened) throw new DatabaseUnavailable('not connected yet');
    return this.opened;
  }
}
