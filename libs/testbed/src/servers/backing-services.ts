import { join } from 'node:path';

import type { BackingServer } from './backing-server.js';
import { startContainers } from './containers.js';
import { mariadbServer } from './mariadb.js';
import { rabbitmqServer } from './rabbitmq.js';

export interface BackingServices {
  /** mysql://user:password@host:port, no schema. */
  readonly databaseUrl: string;
  readonly amqpUrl: string;
  stop(): Promise<void>;
}

/**
 * A database and a broker for tests: the ones that NOVANET_MYSQL_URL and NOVANET_AMQP_URL name; else containers
 * where an engine and its images answer; else private processes. NOVANET_BACKING (containers, processes)
 * insists on one way.
 */
export async function startBackingServices(directory: string): Promise<BackingServices> {
  const { NOVANET_MYSQL_URL, NOVANET_AMQP_URL, NOVANET_BACKING: way = 'auto' } = process.env;
  if (NOVANET_MYSQL_URL && NOVANET_AMQP_URL) {
    return { databaseUrl: NOVANET_MYSQL_URL, amqpUrl: NOVANET_AMQP_URL, stop: async () => undefined };
  }
  if (way !== 'processes') {
    const containers = await startContainers(way === 'containers');
    if (containers) return containers;
  }
  return startProcesses(directory);
}

async function startProcesses(directory: string): Promise<BackingServices> {
  const database = await mariadbServer({ directory: join(directory, 'mariadb') });
  const broker = await rabbitmqServer({ directory: join(directory, 'rabbitmq') });
  const servers: BackingServer[] = [database, broker];
  const stop = async () => {
    await Promise.all(servers.map((server) => server.remove()));
  };
  const outcomes = await Promise.allSettled(servers.map((server) => server.start()));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return { databaseUrl: database.url, amqpUrl: broker.url, stop };
}
