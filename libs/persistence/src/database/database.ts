import { DatabaseUnavailable } from '@novanet/ipam';
import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import type { DatabaseLog } from './database-log.js';
import { Gate } from './gate.js';
import { withRetries, type RetryCounts } from './retry.js';

/** What is still running may take this long when we close. */
const CLOSING_MS = 2000;

/**
 * An open database: the one place where transactions begin, end and are run again. Made by {@link openDatabase}.
 *
 * Work handed to `transaction` or `run` MUST use only the manager it gets: asking for a second connection while holding
 * one locks up when all others do the same.
 */
export class Database {
  /** Since the start, for metrics. */
  readonly retries: RetryCounts = { deadlock: 0, 'lock-wait': 0, connection: 0 };
  private readonly gate: Gate;
  private closing: Promise<void> | undefined;

  /** @internal use openDatabase */
  constructor(
    private readonly dataSource: DataSource,
    poolSize: number,
    private readonly log: DatabaseLog,
  ) {
    this.gate = new Gate(poolSize);
  }

  /**
   * All or nothing, READ COMMITTED. The whole work runs again after a deadlock, a lock wait or a lost connection, a
   * bounded number of times: it must be repeatable, also when the lost answer was that to COMMIT.
   */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.attempt(() => this.dataSource.transaction(work));
  }

  /** Single statements that each commit by themselves. */
  run<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.attempt(() => work(this.dataSource.manager));
  }

  /** One round trip, not run again: for health checks. Throws DatabaseUnavailable. */
  async ping(): Promise<void> {
    if (this.closing) throw closed();
    try {
      await this.gate.pass(() => this.dataSource.query('SELECT 1'));
    } catch (error) {
      throw new DatabaseUnavailable(error instanceof Error ? error.message : String(error), { cause: error });
    }
  }

  /** Lets running work end, refuses new work. Repeatable. */
  close(): Promise<void> {
    this.closing ??= (async () => {
      await Promise.race([this.gate.whenIdle(), delay(CLOSING_MS, undefined, { ref: false })]);
      await this.dataSource.destroy();
    })();
    return this.closing;
  }

  private attempt<T>(work: () => Promise<T>): Promise<T> {
    const guarded = async () => {
      if (this.closing) throw closed();
      return this.gate.pass(work);
    };
    return withRetries(guarded, this.retries, this.log);
  }
}

function closed(): DatabaseUnavailable {
  return new DatabaseUnavailable('this process is shutting down');
}
