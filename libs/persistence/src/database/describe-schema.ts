import mysql, { type RowDataPacket } from 'mysql2/promise';
import { connectionOf, CONNECT_TIMEOUT_MS, MIGRATIONS_TABLE, migrationNames } from './data-source.js';
import { parseDatabaseUrl } from './database-url.js';
import { translated } from './driver-error.js';

/** Which migrations a database has seen, by their names, oldest first. */
export interface SchemaState {
  readonly present: readonly string[];
  readonly pending: readonly string[];
  /** Of a later release than this one. */
  readonly unknown: readonly string[];
}

/** Changes nothing and does not wait. Throws InvalidDatabaseUrl, DatabaseUnavailable. */
export async function describeSchema(url: string): Promise<SchemaState> {
  const target = parseDatabaseUrl(url);
  const { username: user, ...where } = connectionOf(target);
  try {
    const connection = await mysql.createConnection({ ...where, user, connectTimeout: CONNECT_TIMEOUT_MS });
    try {
      const [[table]] = await connection.query<RowDataPacket[]>(
        'SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?',
        [target.schema, MIGRATIONS_TABLE],
      );
      const [rows] = table
        ? await connection.query<(RowDataPacket & { name: string })[]>('SELECT name FROM ??.?? ORDER BY id', [
            target.schema,
            MIGRATIONS_TABLE,
          ])
        : [[]];
      return stateOf(rows.map(({ name }) => name));
    } finally {
      connection.destroy();
    }
  } catch (error) {
    throw translated(error);
  }
}

function stateOf(seen: readonly string[]): SchemaState {
  return {
    present: migrationNames.filter((name) => seen.includes(name)),
    pending: migrationNames.filter((name) => !seen.includes(name)),
    unknown: seen.filter((name) => !migrationNames.includes(name)),
  };
}
