import mysql, { type RowDataPacket } from 'mysql2/promise';
import type { EntityManager } from 'typeorm';
import { connectionOf, CONNECT_TIMEOUT_MS, dataSourceOf } from '../database/data-source.js';
import type { DatabaseTarget } from '../database/database-url.js';
import { driverErrorOf, translated } from '../database/driver-error.js';
import { ImportTargetUnfit } from './errors.js';

/**
 * Whether the schema has tables of ours. Throws ImportTargetUnfit when it has somebody else's: they would be taken for
 * ours. A server that does not answer at once is an error: somebody waits for the command.
 */
export async function inspectTarget(target: DatabaseTarget): Promise<'empty' | 'ours'> {
  const { username, ...where } = connectionOf(target);
  try {
    const connection = await mysql.createConnection({
      ...where,
      user: username,
      connectTimeout: CONNECT_TIMEOUT_MS,
    });
    try {
      const [rows] = await connection.query<(RowDataPacket & { name: string })[]>(
        'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ?',
        [target.schema],
      );
      if (rows.some(({ name }) => name === 'schema_migrations')) return 'ours';
      if (rows.length === 0) return 'empty';
    } finally {
      connection.destroy();
    }
  } catch (error) {
    throw translated(error);
  }
  throw new ImportTargetUnfit(`the schema ${target.schema} has tables that are not Novanet's`);
}

/** Reads without changing anything, the schema neither. Throws ImportTargetUnfit when it is an older one. */
export async function peek<T>(
  target: DatabaseTarget,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  const dataSource = await dataSourceOf(target, 1).initialize();
  try {
    if (await dataSource.showMigrations()) {
      throw new ImportTargetUnfit(
        `the schema ${target.schema} is that of an older Novanet, and a dry run does not change it: start a worker once`,
      );
    }
    return await work(dataSource.manager);
  } catch (error) {
    throw driverErrorOf(error) ? translated(error) : error;
  } finally {
    await dataSource.destroy();
  }
}
