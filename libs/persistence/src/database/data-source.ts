import { readFileSync } from 'node:fs';
import mysql, { type PoolOptions } from 'mysql2';
import { DataSource, type Logger } from 'typeorm';
import { entities } from '../schema/entities.js';
import { InitialSchema1767225600000 } from '../schema/initial-schema.migration.js';
import { ServiceStatus1769126400000 } from '../schema/service-status.migration.js';
import { ComputeIds1768435200000 } from '../schema/compute-ids.migration.js';
import { InstancePasswords1768521600000 } from '../schema/instance-passwords.migration.js';
import { NetworkService1767830400000 } from '../schema/network-service.migration.js';
import type { DatabaseTarget } from './database-url.js';

/** A server that is asked to connect and does not answer is as good as absent. */
export const CONNECT_TIMEOUT_MS = 5000;

/** A server that vanished is noticed by an idle connection after this, not after the kernel's two hours. */
const KEEP_ALIVE_MS = 10_000;

/** What every session of ours agrees on, whatever the server's defaults are. */
const SESSION = [
  // UTC_TIMESTAMP and CURRENT_TIMESTAMP are the same; a lock held longer than this is somebody's fault
  "SET SESSION time_zone = '+00:00', sql_mode = 'TRADITIONAL', innodb_lock_wait_timeout = 10",
  // REPEATABLE READ locks gaps: neighbours being allocated at once would deadlock
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
];

/** In the order of their numbers. */
const migrations = [
  InitialSchema1767225600000,
  NetworkService1767830400000,
  ComputeIds1768435200000,
  InstancePasswords1768521600000,
  ServiceStatus1769126400000,
];

/** The names of all migrations, oldest first. */
export const migrationNames: readonly string[] = migrations.map(({ name }) => name);

/** Where the names of those that were carried out stand. */
export const MIGRATIONS_TABLE = 'schema_migrations';

/**
 * @param connections how many the pool may open
 * @param onStatement is told every statement, without its parameters
 */
export function dataSourceOf(
  target: DatabaseTarget,
  connections: number,
  onStatement?: (sql: string) => void,
): DataSource {
  return new DataSource({
    type: 'mariadb',
    driver: { createPool },
    ...connectionOf(target),
    database: target.schema,
    charset: 'utf8mb4',
    timezone: 'Z',
    supportBigNumbers: true,
    bigNumberStrings: false,
    connectTimeout: CONNECT_TIMEOUT_MS,
    poolSize: connections,
    extra: { trace: false, keepAliveInitialDelay: KEEP_ALIVE_MS },
    entities,
    migrations,
    migrationsTableName: MIGRATIONS_TABLE,
    logger: statementLogger(onStatement),
  });
}

/** mysql2's connection options for the target, without schema. */
export function connectionOf(target: DatabaseTarget) {
  const { host, port, username, password, socketPath, caFile } = target;
  return {
    ...(socketPath === undefined ? { host, port } : { socketPath }),
    username,
    password,
    ...(caFile === undefined ? {} : { ssl: { ca: readFileSync(caFile) } }),
  };
}

/** TypeORM's way to make a pool, with sessions prepared before anyone gets them. */
function createPool(options: PoolOptions) {
  const pool = mysql.createPool(options);
  pool.on('connection', (connection) => {
    for (const statement of SESSION) {
      // a session without its settings must not be used: times would be local, locks too wide
      connection.query(statement, (error) => error && connection.destroy());
    }
  });
  return pool;
}

function statementLogger(onStatement: ((sql: string) => void) | undefined): Logger {
  return {
    logQuery: (sql) => onStatement?.(sql),
    logQueryError() {},
    logQuerySlow() {},
    logSchemaBuild() {},
    logMigration() {},
    log() {},
  };
}
