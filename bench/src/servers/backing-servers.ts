import { join } from 'node:path';

import { BackgroundProcess, mariadbServer, rabbitmqServer } from '@novanet/testbed';

import { runFolder } from './run-folder.js';
import type { Backing } from './worker.js';

export interface BackingServers extends Backing {
  readonly databasePid: number;
  readonly brokerPid: number;
}

/**
 * What a cloud's database is set to, and MariaDB's own defaults: a commit is answered when the disk has it, and pages
 * are written twice. Tests have it faster.
 */
const durable = [
  '--innodb-flush-log-at-trx-commit=1',
  '--innodb-doublewrite=1',
  '--innodb-log-file-size=96M',
  '--innodb-buffer-pool-size=128M',
];

export async function startBackingServers(): Promise<BackingServers> {
  const directories = { database: join(runFolder, 'database'), broker: join(runFolder, 'broker') };
  const database = await mariadbServer({
    directory: directories.database,
    schema: 'novanet',
    daemonArguments: durable,
  });
  const broker = await rabbitmqServer({ directory: directories.broker });
  await Promise.all([database.start(), broker.start()]);
  return {
    databaseUrl: database.url,
    amqpUrl: broker.url,
    databasePid: pidOf('mariadb', directories.database),
    brokerPid: pidOf('rabbitmq', directories.broker),
  };
}

function pidOf(name: string, directory: string): number {
  return new BackgroundProcess({ name, directory, argv: [] }).identity()?.pid ?? 0;
}
