import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLogger } from '@novanet/observability';
import { OsloBroker, OsloServer, type RpcContext } from '@novanet/messaging';
import {
  BackgroundProcess,
  freePorts,
  rabbitmqServer,
  runCommand,
  waitFor,
  type BackingServer,
} from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const HOST = 'node.1';
/** Events while everything is well, and while there is no broker. */
const [BEFORE, EVENTS] = [10, 1000];

let directory: string;
let rabbitmq: BackingServer;
let service: BackgroundProcess;
let healthPort: number;
let cleanup: (() => Promise<unknown>)[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'novanet-dhcpbridge-'));
  cleanup = [() => rm(directory, { recursive: true, force: true })];
  rabbitmq = await rabbitmqServer({ directory: join(directory, 'rabbitmq') });
  cleanup.push(() => rabbitmq.remove());
  [healthPort = 0] = await freePorts(1);
  const file = join(directory, 'novanet.conf');
  const url = rabbitmq.url.replace('amqp:', 'rabbit:');
  await writeFile(
    file,
    `[DEFAULT]\nhost=${HOST}\ntransport_url=${url}\nspool_path=${directory}/spool\ndhcpbridge_health_port=${healthPort}\n`,
  );
  service = new BackgroundProcess({
    name: 'dhcpbridge',
    directory,
    argv: [process.execPath, here('../dist/main.js'), '--config-file', file],
  });
  cleanup.push(() => service.kill());
});
afterEach(async () => {
  for (const each of cleanup.toReversed()) await each();
});

/** A worker that notes what it is told; a repeated request does not reach its methods. */
function workerOf(told: string[]) {
  const broker = new OsloBroker({
    transportUrl: rabbitmq.url,
    serviceName: 'worker',
    log: createLogger('worker', 'fatal'),
  });
  const describeError = (error: unknown) => ({ class: 'Error', module: 'builtins', message: String(error) });
  const server = new OsloServer({ broker, host: HOST, describeError });
  for (const method of ['lease_fixed_ip', 'release_fixed_ip']) {
    const note = async (args: Record<string, unknown>, _context: RpcContext) => {
      told.push([method, args['address'], args['mac'], args['expires_at']].join(' '));
      return null;
    };
    server.addHandler(method, note, false, { rpcMethod: method, rpcNamespace: null });
  }
  const listening = new Promise<void>((resolve, reject) =>
    server.listen((error) =>
      error === undefined ? resolve() : reject(new Error('the worker does not listen', { cause: error })),
    ),
  );
  cleanup.push(() => server.close());
  return { server, listening };
}

const addressOf = (index: number) => `10.0.${index >> 8}.${index & 255}`;

async function leaseEvents(first: number, count: number): Promise<void> {
  // As dnsmasq does it: one after the other, a new process each.
  const loop = `i=${first}; while [ $i -lt ${first + count} ]; do
    "$0" add fa:16:3e:00:00:01 10.0.$((i / 256)).$((i % 256)) 'vm "one"'; i=$((i + 1)); done`;
  const env = {
    NOVANET_SPOOL: join(directory, 'spool'),
    NETWORK_ID: '1',
    DNSMASQ_LEASE_EXPIRES: '1790000000',
  };
  await runCommand(['sh', '-c', loop, here('../bin/novanet-dhcpbridge')], { env });
}

const pending = async () =>
  (await readdir(join(directory, 'spool'))).filter((name) => /^\d/.test(name)).length;

async function ready(): Promise<{ status: number; checks: Record<string, string> }> {
  const answer = await fetch(`http://127.0.0.1:${healthPort}/health/ready`);
  const body: unknown = await answer.json();
  return { ...(body as { checks: Record<string, string> }), status: answer.status };
}

describe('lease events', () => {
  it('survive a broker that stops and a service that is killed: each arrives once, in order', async () => {
    const told: string[] = [];
    await rabbitmq.start();
    await workerOf(told).listening;
    await service.start();
    await waitFor(async () => (await ready()).status === 200, {
      limitMs: 10_000,
      what: 'the service is ready',
    });
    await leaseEvents(0, BEFORE);
    await waitFor(() => told.length === BEFORE, { limitMs: 10_000, what: 'the first events arrive' });

    await rabbitmq.stop();
    await leaseEvents(BEFORE, EVENTS);
    expect(await pending()).toBe(EVENTS);
    await service.kill();
    await service.start();
    await waitFor(async () => (await ready()).status === 503, {
      limitMs: 10_000,
      what: 'the broker is missed',
    });
    expect((await ready()).checks['broker']).toBe('no connection to the message broker');

    await rabbitmq.start();
    for (const at of [100, 400]) {
      await waitFor(() => told.length >= BEFORE + at, { limitMs: 30_000, what: `${at} events arrive` });
      await service.kill();
      await service.start();
    }
    await waitFor(async () => (await pending()) === 0, { limitMs: 60_000, what: 'the spool is empty' });
    expect(told).toEqual(
      Array.from(
        { length: BEFORE + EVENTS },
        (_, index) => `lease_fixed_ip ${addressOf(index)} fa:16:3e:00:00:01 1790000000`,
      ),
    );
    await waitFor(async () => (await ready()).status === 200, {
      limitMs: 5_000,
      what: 'the service is ready',
    });
    const metrics = await (await fetch(`http://127.0.0.1:${healthPort}/metrics`)).text();
    expect(metrics).toMatch(/^novanet_dhcpbridge_pending_events 0$/m);
    expect(metrics).toMatch(/^novanet_dhcpbridge_oldest_event_age_seconds 0$/m);

    await service.stop();
    expect(service.lastLogLines(1)).toContain('service stopped');
  });
});
