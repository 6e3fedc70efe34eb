import { randomBytes } from 'node:crypto';

import { createConnection } from 'mysql2/promise';

export interface ScratchDatabase {
  /** Of the new, empty schema: mysql://user:password@host:port/schema. */
  readonly url: string;
  drop(): Promise<void>;
}

/** Makes a schema of its own for one test file, on the server that `databaseUrl` names. */
export async function createScratchDatabase(databaseUrl: string): Promise<ScratchDatabase> {
  const schema = `novanet_test_${randomBytes(6).toString('hex')}`;
  await execute(databaseUrl, `CREATE DATABASE ${schema} CHARACTER SET utf8mb4`);
  const url = new URL(databaseUrl);
  url.pathname = `/${schema}`;
  return { url: url.href, drop: () => execute(databaseUrl, `DROP DATABASE IF EXISTS ${schema}`) };
}

async function execute(databaseUrl: string, statement: string): Promise<void> {
  const connection = await createConnection(databaseUrl);
  try {
    await connection.query(statement);
  } finally {
    await connection.end();
  }
}
