import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OsloBroker, OsloClient } from '@novanet/messaging';
import { createLogger } from '@novanet/observability';
import { openDatabase } from '@novanet/persistence';
import {
  createScratchDatabase,
  startBackingServices,
  uniqueExchange,
  type BackingServices,
} from '@novanet/testbed';
import { onTestFinished } from 'vitest';
import { WorkerProcess } from './worker-process.js';

/** Database and broker for a file of tests. */
export interface Servers extends BackingServices {
  readonly directory: string;
}

export async function startServers(): Promise<Servers> {
  const directory = mkdtempSync(join(tmpdir(), 'novanet-stress-'));
  const services = await startBackingServices(directory);
  const stop = async () => {
    await services.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  return { ...services, directory, stop };
}

/** A schema and an exchange of its own, for one test. */
export interface EmptyCloud {
  readonly client: OsloClient;
  /** Looks into the database. */
  readonly rows: <Row>(sql: string, parameters?: readonly unknown[]) => Promise<Row[]>;
  readonly exchange: string;
  readonly topic: string;
  call(method: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** What its workers are started with. */
  readonly options: Readonly<Record<string, string>>;
}

/** With worker processes. */
export interface WorkerCloud extends EmptyCloud {
  readonly workers: readonly WorkerProcess[];
}

/** Returns when all of them take requests. Their logs are kept until the servers are stopped. */
export async function startCloud(
  servers: Servers,
  hosts: readonly string[],
  options: Readonly<Record<string, string>> = {},
): Promise<WorkerCloud> {
  const cloud = await openCloud(servers);
  const directory = join(servers.directory, cloud.exchange);
  const workers = await startWorkers(hosts, directory, { ...cloud.options, ...options });
  return { ...cloud, workers };
}

/** One without workers. */
export async function openCloud(servers: Servers): Promise<EmptyCloud> {
  const scratch = await createScratchDatabase(servers.databaseUrl);
  onTestFinished(() => scratch.drop());
  const exchange = uniqueExchange();
  const topic = `network-${exchange}`;
  const database = await openDatabase({ url: scratch.url, poolSize: 2 });
  onTestFinished(() => database.close());
  const client = startClient(servers.amqpUrl, exchange);
  const target = { topic, version: '1.0' };
  return {
    client,
    rows: (sql, parameters = []) => database.run((manager) => manager.query(sql, [...parameters])),
    exchange,
    topic,
    call: (method, args = {}) => client.call(target, method, args),
    options: {
      transport_url: servers.amqpUrl,
      database_connection: scratch.url,
      control_exchange: exchange,
      network_topic: topic,
      network_manager: 'FlatDHCPManager',
      flat_network_bridge: 'br100',
      log_level: 'warn',
    },
  };
}

async function startWorkers(
  hosts: readonly string[],
  directory: string,
  options: Readonly<Record<string, string>>,
): Promise<WorkerProcess[]> {
  const workers = await Promise.all(
    hosts.map((host) =>
      WorkerProcess.describe(host, directory, { ...options, state_path: join(directory, `${host}-state`) }),
    ),
  );
  for (const worker of workers) onTestFinished(() => worker.kill());
  await Promise.all(workers.map((worker) => worker.start()));
  await Promise.all(workers.map((worker) => worker.waitUntilReady()));
  return workers;
}

/** A compute service, as the broker sees it. */
function startClient(transportUrl: string, controlExchange: string): OsloClient {
  const log = createLogger('test', 'fatal');
  const broker = new OsloBroker({ transportUrl, serviceName: 'compute', controlExchange, log });
  const client = new OsloClient({ broker, timeoutMs: 60_000 });
  onTestFinished(() => client.close());
  return client;
}
