import { randomBytes } from 'node:crypto';

import { NestFactory } from '@nestjs/core';

import type { RpcLog } from '../rpc-log.js';
import { OsloServer, type OsloServerOptions } from '../server/oslo-server.js';
import type { TopologyOptions } from '../topology/topology-options.js';
import { OsloBroker } from '../transport/oslo-broker.js';
import { TestError, TestMethodsModule, TestMethodsState } from './test-methods.js';

export interface TestBus {
  readonly url: string;
  /** Of this test alone, as is the topic: the broker is shared. */
  readonly exchange: string;
  readonly topic: string;
}

export function testBus(url: string): TestBus {
  const id = randomBytes(4).toString('hex');
  return { url, exchange: `nova-${id}`, topic: `network-${id}` };
}

export interface LogEntry {
  readonly level: keyof RpcLog;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export function recordingLog(): RpcLog & { readonly entries: LogEntry[] } {
  const entries: LogEntry[] = [];
  const record =
    (level: keyof RpcLog): RpcLog['info'] =>
    (fields, message) => {
      entries.push({ level, message, fields });
    };
  return {
    entries,
    debug: record('debug'),
    info: record('info'),
    warn: record('warn'),
    error: record('error'),
  };
}

export function testBroker(
  bus: TestBus,
  log: RpcLog = recordingLog(),
  topology: TopologyOptions = {},
): OsloBroker {
  return new OsloBroker({
    transportUrl: bus.url,
    controlExchange: bus.exchange,
    serviceName: 'messaging-test',
    topology,
    log,
  });
}

export interface TestWorker {
  readonly server: OsloServer;
  readonly broker: OsloBroker;
  readonly state: TestMethodsState;
  readonly log: ReturnType<typeof recordingLog>;
  close(): Promise<void>;
}

/** A Nest application that serves TestMethods. */
export async function startTestWorker(
  bus: TestBus,
  options: Partial<OsloServerOptions> & { readonly topologyOptions?: TopologyOptions } = {},
): Promise<TestWorker> {
  const log = recordingLog();
  const broker = options.broker ?? testBroker(bus, log, options.topologyOptions);
  const server = new OsloServer({ host: 'net1', topic: bus.topic, describeError, ...options, broker });
  const app = await NestFactory.createMicroservice(TestMethodsModule, { strategy: server, logger: false });
  await app.listen();
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= app.close());
  return { server, broker, log, state: app.get(TestMethodsState), close };
}

function describeError(error: unknown) {
  if (!(error instanceof TestError)) return { class: 'Error', module: 'novanet', message: String(error) };
  return { class: error.className, module: error.moduleName, message: error.message, kwargs: error.kwargs };
}
