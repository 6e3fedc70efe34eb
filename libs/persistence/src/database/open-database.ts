import 'reflect-metadata';
import type { DataSource } from 'typeorm';
import { dataSourceOf } from './data-source.js';
import { Database } from './database.js';
import { silentLog, type DatabaseLog } from './database-log.js';
import { parseDatabaseUrl } from './database-url.js';
import { withSchemaLocked } from './prepare-schema.js';

export interface DatabaseOptions {
  /** As in nova.conf: `mysql://user:password@host:port/schema`, also `mysql+pymysql://`. */
  readonly url: string;
  /** Connections of this process, and so transactions at a time. */
  readonly poolSize: number;
  readonly log?: DatabaseLog;
  /** Ends the waiting for a server that does not answer. Without it we wait for ever. */
  readonly signal?: AbortSignal;
  /** Is told every statement before it is sent, without its parameters. */
  readonly onStatement?: (sql: string) => void;
}

/**
 * Opens the database when it can be had: waits for the server with growing pauses, creates the schema when it is
 * missing and we may, and brings it up to date. Any number of processes may do so at once.
 *
 * Throws InvalidDatabaseUrl; DatabaseUnavailable when the signal ends the waiting or the server refuses us.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { url, poolSize, log = silentLog, signal, onStatement } = options;
  const target = parseDatabaseUrl(url);
  const dataSource = dataSourceOf(target, poolSize, onStatement);
  await withSchemaLocked(target, { log, signal }, async () => {
    const migrations = await migrate(dataSource);
    if (migrations > 0) log.info({ schema: target.schema, migrations }, 'schema brought up to date');
  });
  return new Database(dataSource, poolSize, log);
}

/** How many migrations were missing. */
async function migrate(dataSource: DataSource): Promise<number> {
  await dataSource.initialize();
  try {
    // DDL commits by itself: a transaction around it would only pretend
    const applied = await dataSource.runMigrations({ transaction: 'none' });
    return applied.length;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}
