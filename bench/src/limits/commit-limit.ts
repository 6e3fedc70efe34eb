import { createConnection, type Connection } from 'mysql2/promise';

import type { Round } from '../figures/speed.js';

const schema = 'bench_limits';

/**
 * Inserts of a single row, each a transaction that is on the disk when it is answered; some connections at once make so
 * many each.
 */
export async function measureCommits(databaseUrl: string, times: number, parallel: number): Promise<Round> {
  const connections = await Promise.all(
    Array.from({ length: parallel }, () => createConnection(databaseUrl)),
  );
  try {
    await createTable(connections[0]);
    const latencies: number[] = [];
    const insert = async (connection: Connection) => {
      for (let made = 0; made < times; made += 1) {
        const begun = performance.now();
        await connection.query(`INSERT INTO ${schema}.commits (text) VALUES ('one row')`);
        latencies.push(performance.now() - begun);
      }
    };
    const started = performance.now();
    await Promise.all(connections.map(insert));
    return { seconds: (performance.now() - started) / 1_000, latencies, errors: [] };
  } finally {
    for (const connection of connections) connection.destroy();
  }
}

async function createTable(connection: Connection | undefined): Promise<void> {
  await connection?.query(`CREATE DATABASE IF NOT EXISTS ${schema}`);
  await connection?.query(
    `CREATE TABLE IF NOT EXISTS ${schema}.commits (id INT AUTO_INCREMENT PRIMARY KEY, text VARCHAR(20)) ENGINE=InnoDB`,
  );
}
