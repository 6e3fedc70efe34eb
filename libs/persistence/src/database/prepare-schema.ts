import { DatabaseUnavailable } from '@novanet/ipam';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { setTimeout as delay } from 'node:timers/promises';
import { connectionOf, CONNECT_TIMEOUT_MS } from './data-source.js';
import type { DatabaseLog } from './database-log.js';
import type { DatabaseTarget } from './database-url.js';
import { driverErrorOf, passingFailureOf, translated } from './driver-error.js';

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5000;
const LOCK_SECONDS = 2;

/**
 * Waits for the server, makes sure that the schema exists, and runs `work` (the migrations) while no other process
 * does. Throws DatabaseUnavailable when the signal ends the waiting, or when the server refuses us.
 */
export async function withSchemaLocked<T>(
  target: DatabaseTarget,
  { log, signal }: { readonly log: DatabaseLog; readonly signal: AbortSignal | undefined },
  work: () => Promise<T>,
): Promise<T> {
  const connection = await connectWithPatience(target, log, signal);
  try {
    await ensureSchema(connection, target);
    await lockMigrations(connection, target.schema, signal);
    return await work();
  } catch (error) {
    throw translated(error);
  } finally {
    // the lock ends with the connection
    connection.destroy();
  }
}

async function connectWithPatience(
  target: DatabaseTarget,
  log: DatabaseLog,
  signal: AbortSignal | undefined,
): Promise<Connection> {
  const { username, ...where } = connectionOf(target);
  for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(LONGEST_DELAY_MS, delayMs * 2)) {
    try {
      return await mysql.createConnection({ ...where, user: username, connectTimeout: CONNECT_TIMEOUT_MS });
    } catch (error) {
      if (passingFailureOf(error) !== 'connection' || isRefusal(error)) throw translated(error);
      log.warn({ reason: describe(error), delayMs }, 'waiting for the database');
      await delay(delayMs * (0.5 + Math.random() / 2), undefined, signal ? { signal } : {}).catch(() => {
        throw new DatabaseUnavailable(describe(error), { cause: error });
      });
    }
  }
}

/** mysql2 marks every failed handshake as fatal; wrong credentials do not mend themselves. */
function isRefusal(error: unknown): boolean {
  return driverErrorOf(error)?.code?.includes('ACCESS_DENIED') ?? false;
}

async function ensureSchema(connection: Connection, { schema, username }: DatabaseTarget): Promise<void> {
  const [found] = await connection.query<RowDataPacket[]>(
    'SELECT 1 FROM information_schema.schemata WHERE schema_name = ?',
    [schema],
  );
  if (found.length > 0) return;
  try {
    await connection.query('CREATE DATABASE IF NOT EXISTS ?? CHARACTER SET utf8mb4 COLLATE utf8mb4_bin', [
      schema,
    ]);
  } catch (error) {
    const reason = `the schema ${schema} does not exist and ${username} may not create it; as administrator: CREATE DATABASE \`${schema}\`; GRANT ALL ON \`${schema}\`.* TO ${username}`;
    throw new DatabaseUnavailable(reason, { cause: error });
  }
}

async function lockMigrations(
  connection: Connection,
  schema: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  // lock names are for the whole server, and at most 64 characters long
  const name = `novanet/${schema}`.slice(0, 64);
  for (;;) {
    const [[row]] = await connection.query<(RowDataPacket & { locked: number | null })[]>(
      'SELECT GET_LOCK(?, ?) AS locked',
      [name, LOCK_SECONDS],
    );
    if (row?.locked === 1) return;
    if (signal?.aborted) throw new DatabaseUnavailable('another process is still migrating the schema');
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message || (driverErrorOf(error)?.code ?? error.name) : String(error);
}
