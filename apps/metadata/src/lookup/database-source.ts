import { DatabaseUnavailable, type InstanceRegistry, type PasswordOutcome } from '@novanet/ipam';
import type { IpAddress, Mac } from '@novanet/net-address';
import { createIpam, openDatabase, type Database, type DatabaseLog } from '@novanet/persistence';
import type { PasswordStore } from '../password/password-store.js';
import type { FoundInstance } from '../tree/instance-facts.js';
import type { InstanceSource } from './instance-source.js';

const POOL_SIZE = 8;

/** Instances wait ten seconds for an answer. */
const LIMIT_MS = 4000;

/** What the database says of instances, in time or not at all. */
export class DatabaseSource implements InstanceSource, PasswordStore {
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

  owners(places: readonly (IpAddress | Mac)[]): Promise<readonly (string | undefined)[]> {
    return this.inTime((registry) => registry.owners(places));
  }

  load(uuid: string): Promise<FoundInstance | undefined> {
    return this.inTime((registry) => registry.findWithNics(uuid));
  }

  password(uuid: string): Promise<string> {
    return this.inTime((registry) => registry.password(uuid));
  }

  leavePassword(uuid: string, password: string): Promise<PasswordOutcome> {
    return this.inTime((registry) => registry.leavePassword(uuid, password));
  }

  /** Throws DatabaseUnavailable. */
  async check(): Promise<void> {
    await this.present().database.ping();
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.opened?.database.close();
  }

  private async inTime<T>(work: (registry: InstanceRegistry) => Promise<T>): Promise<T> {
    const { registry } = this.present();
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new DatabaseUnavailable('no answer in time')), LIMIT_MS);
    try {
      return await Promise.race([work(registry), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  private present() {
    if (!this.opened) throw new DatabaseUnavailable('not connected yet');
    return this.opened;
  }
}
