import { freePorts, startRabbitmq, type BackingServer } from '@novanet/testbed';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';

import { OsloClient } from '../client/oslo-client.js';
import { RpcTimeout } from '../errors.js';
import { closeAfter } from '../testing/close-after.js';
import { cuttableBroker, type CuttableBroker } from '../testing/cuttable-broker.js';
import { runPython } from '../testing/python-peer.js';
import {
  recordingLog,
  startTestWorker,
  testBroker,
  testBus,
  type TestBus,
  type TestWorker,
} from '../testing/test-worker.js';

const amqpUrl = inject('amqpUrl');
const patience = { timeout: 20_000, interval: 10 };

describe('when the network is cut', () => {
  let way: CuttableBroker;
  let bus: TestBus;
  let worker: TestWorker;
  let client: OsloClient;
  beforeEach(async () => {
    way = await cuttableBroker(amqpUrl);
    bus = testBus(way.url);
    worker = await startTestWorker(bus);
    client = new OsloClient({ broker: testBroker(bus) });
    await client.call({ topic: bus.topic }, 'echo');
  });
  afterEach(async () => {
    worker.state.release.resolve();
    await client.close();
    await worker.close();
    await way.close();
  });

  it('no call of a running load is lost', async () => {
    const { topic } = bus;
    const load = { isOver: false };
    const callers = Array.from({ length: 16 }, async (_, caller) => {
      let calls = 0;
      for (; !load.isOver; calls += 1) {
        const args = { caller, calls };
        expect(await client.call({ topic }, 'echo', args, { timeoutMs: 20_000 })).toEqual(args);
      }
      return calls;
    });
    for (let cuts = 0; cuts < 3; cuts += 1) {
      const before = worker.state.runs.length;
      await expect.poll(() => worker.state.runs.length, patience).toBeGreaterThan(before + 200);
      way.cut();
      await expect.poll(() => client.isConnected && worker.server.isConnected, patience).toBe(true);
    }
    load.isOver = true;
    const total = (await Promise.all(callers)).reduce((sum, calls) => sum + calls, 0);
    const different = new Set(worker.state.runs.slice(1));
    expect(different.size).toBe(total);
    // Nothing was done twice, either.
    expect(worker.state.runs.slice(1)).toHaveLength(total);
  });

  it('a call whose request is in work gets its answer, once', async () => {
    const call = client.call({ topic: bus.topic }, 'held', {}, { timeoutMs: 20_000 });
    await expect.poll(() => worker.server.inFlight, patience).toBe(1);
    way.cut();
    await expect.poll(() => client.isConnected, patience).toBe(false);
    await expect.poll(() => client.isConnected && worker.server.isConnected, patience).toBe(true);
    worker.state.release.resolve();
    expect(await call).toBe('released');
    expect(worker.state.runs.filter((run) => run.startsWith('held'))).toHaveLength(1);
  });

  it('everybody is back within a second', async () => {
    const startedAt = performance.now();
    way.cut();
    await expect.poll(() => client.isConnected, patience).toBe(false);
    await client.call({ topic: bus.topic, server: 'net1' }, 'echo');
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    await client.fanout({ topic: bus.topic }, 'update_dns', {});
    await expect.poll(() => worker.state.runs.at(-1), patience).toBe('update_dns {}');
  });

  it('for long, a call ends at its deadline, and says that the broker is away', async () => {
    way.refuse(true);
    way.cut();
    await expect.poll(() => client.isConnected, patience).toBe(false);
    const startedAt = performance.now();
    const call = client.call({ topic: bus.topic }, 'echo', { late: 'call' }, { timeoutMs: 300 });
    await expect(call).rejects.toMatchObject({ name: 'RpcTimeout', stage: 'connecting' });
    const cast = client.cast({ topic: bus.topic }, 'echo', { late: 'cast' }, { timeoutMs: 300 });
    await expect(cast).rejects.toBeInstanceOf(RpcTimeout);
    // far below what a heartbeat or a connection attempt waits
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    way.refuse(false);
    await expect.poll(() => client.isConnected && worker.server.isConnected, patience).toBe(true);
    expect(await client.call({ topic: bus.topic }, 'echo', { a: 1 })).toEqual({ a: 1 });
    // What failed is not carried out afterwards.
    expect(worker.state.runs).toEqual(['echo {}', 'echo {"a":1}']);
  });
});

describe('with several brokers in the URL', () => {
  it('one that answers is found', async () => {
    const [nobody = 0] = await freePorts(1);
    const { host } = new URL(amqpUrl);
    const bus = testBus(`rabbit://guest:guest@127.0.0.1:${nobody},guest:guest@${host}/`);
    closeAfter(await startTestWorker(bus));
    const client = closeAfter(new OsloClient({ broker: testBroker(bus) }));
    expect(await client.call({ topic: bus.topic }, 'echo', { a: 1 })).toEqual({ a: 1 });
  });
});

describe('when the broker itself', () => {
  let rabbitmq: BackingServer;
  beforeAll(async () => {
    rabbitmq = await startRabbitmq();
  });
  afterAll(() => rabbitmq.remove());

  it.each([
    { name: 'transient', mode: 'compat' as const },
    { name: 'durable', mode: 'durable' as const },
  ])(
    'is killed and comes back, everything works again: $name queues',
    async ({ mode }) => {
      await rabbitmq.start();
      const bus = testBus(rabbitmq.url);
      const worker = closeAfter(await startTestWorker(bus, { topologyOptions: { mode } }));
      const client = closeAfter(new OsloClient({ broker: testBroker(bus, undefined, { mode }) }));
      await client.call({ topic: bus.topic }, 'echo');
      await rabbitmq.kill();
      await expect.poll(() => client.isConnected || worker.server.isConnected, patience).toBe(false);
      const call = client.call({ topic: bus.topic, server: 'net1' }, 'echo', { a: 1 }, { timeoutMs: 60_000 });
      await rabbitmq.start();
      expect(await call).toEqual({ a: 1 });
    },
    60_000,
  );

  it('is gone for good, everything closes in good time', async () => {
    await rabbitmq.start();
    const bus = testBus(rabbitmq.url);
    const worker = closeAfter(await startTestWorker(bus));
    const client = closeAfter(new OsloClient({ broker: testBroker(bus) }));
    await client.call({ topic: bus.topic }, 'echo');
    await rabbitmq.kill();
    await expect.poll(() => client.isConnected || worker.server.isConnected, patience).toBe(false);
    const startedAt = performance.now();
    await client.close();
    await worker.close();
    // far below what a heartbeat or a connection attempt waits
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  }, 60_000);

  it('is not there yet, a worker waits for it, and a call with it', async () => {
    await rabbitmq.stop();
    const bus = testBus(rabbitmq.url);
    const client = closeAfter(new OsloClient({ broker: testBroker(bus) }));
    await client.connect();
    expect(client.isConnected).toBe(false);
    const starting = startTestWorker(bus);
    await rabbitmq.start();
    const worker = closeAfter(await starting);
    expect(await client.call({ topic: bus.topic }, 'echo', { a: 1 })).toEqual({ a: 1 });
    await client.close();
    await worker.close();
  }, 60_000);
});

describe('a password that the broker refuses', () => {
  it('is told in the log, and a call does not wait longer than it may', async () => {
    const url = Object.assign(new URL(amqpUrl), { password: 'wrong' }).href;
    const bus = testBus(url);
    const log = recordingLog();
    const client = closeAfter(new OsloClient({ broker: testBroker(bus, log) }));
    await expect(client.call({ topic: bus.topic }, 'echo', {}, { timeoutMs: 500 })).rejects.toBeInstanceOf(
      RpcTimeout,
    );
    const warning = log.entries.find(({ level }) => level === 'warn');
    expect(warning?.fields['error']).toMatch(/ACCESS.REFUSED/);
  });
});

describe('when Python calls during a cut of our worker', () => {
  it('its load sees no error', async () => {
    const way = closeAfter(await cuttableBroker(amqpUrl));
    const bus = testBus(amqpUrl);
    const worker = closeAfter(await startTestWorker({ ...bus, url: way.url }));
    const load = runPython(bus, 'oslo_load.py', ['--threads', '4', '--calls', '150', '--check-echo']);
    await expect.poll(() => worker.state.runs.length, patience).toBeGreaterThan(200);
    way.cut();
    expect(JSON.parse((await load).stdout)).toMatchObject({ errors: 0, ok: 600 });
  });
});
