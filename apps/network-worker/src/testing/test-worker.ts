import { NestFactory } from '@nestjs/core';
import { loadSettings } from '@novanet/config';
import { describeError } from '@novanet/contracts';
import { OsloBroker, OsloClient, OsloServer, type CallOptions } from '@novanet/messaging';
import { managerTraits } from '@novanet/network-managers';
import { createLogger, nestOptions } from '@novanet/observability';
import { createIpam, openDatabase, type Database } from '@novanet/persistence';
import { createScratchDatabase, uniqueExchange } from '@novanet/testbed';
import { beforeAll, beforeEach, inject, onTestFinished } from 'vitest';
import { workerFlows } from '../flows/worker-flows.js';
import { RpcModule } from '../rpc/rpc.module.js';
import { ToldDoctor } from './told-doctor.js';
import { leaseControl, toldEverybody } from './told-everybody.js';

const log = createLogger('test', 'fatal');

type Options = Readonly<Record<string, string>>;

/** Takes what has to be undone when the worker is not needed any more; the last first. */
type AtEnd = (undo: () => Promise<unknown>) => void;

/** A worker's RPC side on a schema and an exchange of its own, for one test; its hosts and listeners are told, not real. */
export function startWorker(options: Options = {}): Promise<TestWorker> {
  return bootWorker(options, (undo) => onTestFinished(async () => void (await undo())));
}

/** One worker for all tests of a file or a block, each with an empty database. Its row numbers go on counting. */
export function sharedWorker(options: Options = {}): () => TestWorker {
  let worker: TestWorker;
  beforeAll(async () => {
    const undo = new AsyncDisposableStack();
    worker = await bootWorker(options, (step) => undo.defer(async () => void (await step())));
    return () => undo.disposeAsync();
  });
  beforeEach(() => worker.forgetEverything());
  return () => worker;
}

async function bootWorker(options: Options, atEnd: AtEnd) {
  const scratch = await createScratchDatabase(inject('databaseUrl'));
  atEnd(() => scratch.drop());
  const database = await openDatabase({ url: scratch.url, poolSize: 8, log });
  atEnd(() => database.close());
  const ipam = createIpam(database);
  const settings = loadSettings({ argv: [], env: environment(options) });
  const traits = managerTraits(settings);
  const told = toldEverybody(settings.host);
  const flows = workerFlows({
    ...told,
    settings,
    traits,
    ipam,
    announceDns: async (networkIds) => void told.dns.push([...networkIds]),
    log,
  });
  atEnd(() => flows.securityGroups.idle());
  const leases = {
    leaseSeconds: settings.dhcpLeaseTime,
    log,
    control: leaseControl(told),
    events: flows.fixedIpEvents,
  };
  const exchange = uniqueExchange();
  const topic = `network-${exchange}`;
  const bus = { transportUrl: inject('amqpUrl'), serviceName: 'test', controlExchange: exchange, log };
  const broker = new OsloBroker(bus);
  const strategy = new OsloServer({ broker, topic, host: settings.host, describeError });
  const module = RpcModule.forRoot({
    traits,
    ipam,
    hosts: told.hosts,
    flows,
    leases,
    doctor: new ToldDoctor(),
  });
  const service = await NestFactory.createMicroservice(module, { ...nestOptions(log), strategy });
  await service.listen();
  atEnd(() => service.close());
  const client = new OsloClient({ broker, timeoutMs: 10_000 });
  atEnd(() => client.close());
  const call = (method: string, args: Record<string, unknown> = {}, more: CallOptions = {}) =>
    client.call({ topic, version: '1.0' }, method, args, more);
  const callOurs = (method: string, args: Record<string, unknown> = {}, more: CallOptions = {}) =>
    client.call({ topic, version: '1.0', namespace: 'novanet' }, method, args, more);
  const forgetEverything = async () => {
    await flows.securityGroups.idle();
    await emptyTables(database);
    told.forget();
  };
  return { ...told, ipam, database, flows, exchange, topic, client, call, callOurs, forgetEverything };
}

export type TestWorker = Awaited<ReturnType<typeof bootWorker>>;

/** All but what belongs to the schema itself. */
async function emptyTables(database: Database): Promise<void> {
  await database.transaction(async (manager) => {
    const rows: { name: string }[] = await manager.query(
      `SELECT table_name AS name FROM information_schema.tables
       WHERE table_schema = DATABASE() AND table_name NOT IN ('migrations', 'mutexes')`,
    );
    await manager.query('SET foreign_key_checks = 0');
    for (const { name } of rows) await manager.query(`DELETE FROM ${name}`);
    await manager.query('SET foreign_key_checks = 1');
  });
}

function environment(options: Options): Record<string, string> {
  const all = {
    network_manager: 'FlatDHCPManager',
    flat_network_bridge: 'br100',
    host: 'h1',
    my_ip: '192.0.2.11',
    ...options,
  };
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [`NOVANET_${name.toUpperCase()}`, value]),
  );
}
