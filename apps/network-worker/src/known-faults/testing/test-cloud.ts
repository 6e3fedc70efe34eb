import { randomUUID } from 'node:crypto';
import { OsloBroker, OsloClient, type CallOptions } from '@novanet/messaging';
import { createLogger } from '@novanet/observability';
import { openDatabase, type Database } from '@novanet/persistence';
import { createScratchDatabase, uniqueExchange } from '@novanet/testbed';
import { inject, onTestFinished } from 'vitest';
import { bootWorker, type WorkerWish } from './cloud-worker.js';
import { PlannedHost } from './planned-host.js';

type Arguments = Readonly<Record<string, unknown>>;
type Options = Readonly<Record<string, string>>;
type Tables = Readonly<Record<string, readonly unknown[]>>;

const log = createLogger('test', 'fatal');

/** Any worker, or the one of a host; and whatever else a call may say. */
export interface CallTo extends CallOptions {
  readonly server?: string;
  readonly namespace?: string;
}

/** A database and an exchange for the workers of one test, and somebody who calls them. */
export async function startCloud(options: Options = {}) {
  const scratch = await createScratchDatabase(inject('databaseUrl'));
  onTestFinished(() => scratch.drop());
  const database = await openDatabase({ url: scratch.url, poolSize: 4, log });
  onTestFinished(() => database.close());
  const exchange = uniqueExchange();
  const topic = `network-${exchange}`;
  const bus = { control_exchange: exchange, network_topic: topic, transport_url: inject('amqpUrl') };
  const client = startClient(exchange);
  const call = (method: string, args: Arguments = {}, { server, namespace, ...more }: CallTo = {}) =>
    client.call(
      { topic, version: '1.0', ...(server && { server }), ...(namespace && { namespace }) },
      method,
      args,
      more,
    );
  /** What a worker of this cloud starts with. */
  const wish = (host: string, more: Options = {}): WorkerWish => ({
    host,
    options: { ...bus, ...options, ...more },
    databaseUrl: scratch.url,
  });
  const start = async (host: string, over: Partial<WorkerWish> = {}) => {
    const worker = await bootWorker({ ...wish(host), ...over }, new PlannedHost());
    onTestFinished(() => worker.stop());
    return worker;
  };
  return {
    topic,
    exchange,
    client,
    call,
    /** Who asks the worker of this host. */
    at: (server: string) => ({
      call: (method: string, args: Arguments = {}) => call(method, args, { server }),
    }),
    wish,
    start,
    /** Several workers at once. */
    startAll: (...hosts: readonly string[]) => Promise.all(hosts.map((host) => start(host))),
    rows: <Row extends object>(sql: string, parameters: readonly unknown[] = []) =>
      database.run((manager) => manager.query<Row[]>(sql, [...parameters])),
    dump: () => dump(database),
  };
}

export type TestCloud = Awaited<ReturnType<typeof startCloud>>;

/** As oslo.messaging makes them. */
export const newRequestId = () => randomUUID().replaceAll('-', '');

/** A compute service, as the broker sees it. */
function startClient(controlExchange: string): OsloClient {
  const bus = { transportUrl: inject('amqpUrl'), serviceName: 'compute', controlExchange, log };
  const client = new OsloClient({ broker: new OsloBroker(bus), timeoutMs: 20_000 });
  onTestFinished(() => client.close());
  return client;
}

/** Which addresses come next, who is alive, and which requests were answered are no possession of anybody. */
const notCompared = new Set([
  'schema_migrations',
  'mutexes',
  'processed_requests',
  'services',
  'subnet_cursors',
]);

/** When something changed is no possession either. */
function withoutTimes(row: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !/^(updated|released)_at$/.test(name)));
}

/** Every row of every table, without the times of changes. */
async function dump(database: Database): Promise<Tables> {
  const query = (sql: string) => database.run((manager) => manager.query<Record<string, unknown>[]>(sql));
  const tables = await query(
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1',
  );
  const names = tables.map(({ name }) => String(name)).filter((name) => !notCompared.has(name));
  const entries = names.map(async (name) => {
    const rows = await query(`SELECT * FROM ${name} ORDER BY 1`);
    return [name, rows.map(withoutTimes)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
