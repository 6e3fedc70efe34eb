import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { RpcUndeliverable } from '../errors.js';
import { closeAfter } from '../testing/close-after.js';
import { cuttableBroker } from '../testing/cuttable-broker.js';
import { startPythonServer } from '../testing/python-peer.js';
import { RawPeer } from '../testing/raw-peer.js';
import { startTestWorker, testBroker, testBus, type TestBus } from '../testing/test-worker.js';
import { OsloClient } from './oslo-client.js';

const amqpUrl = inject('amqpUrl');
const patience = { timeout: 10_000, interval: 10 };
const shared = testBus(amqpUrl);
let peer: RawPeer;
beforeAll(async () => {
  peer = await RawPeer.open(shared);
});
afterAll(() => peer.close());

const clientOf = (bus: TestBus) => closeAfter(new OsloClient({ broker: testBroker(bus) }));

/** The queues of a worker that is gone. */
async function deserted(): Promise<TestBus> {
  const bus = testBus(amqpUrl);
  const worker = closeAfter(await startTestWorker(bus));
  await worker.close();
  return bus;
}

/** Answers after how many milliseconds the call failed with what. */
async function failureOf(call: Promise<unknown>): Promise<{ readonly error: unknown; readonly ms: number }> {
  const startedAt = performance.now();
  const error = await call.then(
    () => 'no failure',
    (reason: unknown) => reason,
  );
  return { error, ms: performance.now() - startedAt };
}

describe('a call to a worker that was killed', () => {
  it('fails in milliseconds, and leaves nothing in the queue', async () => {
    const bus = testBus(amqpUrl);
    const lifeline = closeAfter(await cuttableBroker(amqpUrl));
    closeAfter(await startTestWorker({ ...bus, url: lifeline.url }));
    const client = clientOf(bus);
    const target = { topic: bus.topic, server: 'net1' };
    await client.call(target, 'echo');
    lifeline.refuse(true);
    lifeline.cut();
    const queue = `${bus.topic}.net1`;
    await expect.poll(() => peer.channel.checkQueue(queue), patience).toMatchObject({ consumerCount: 0 });
    // What it had answered, and could not acknowledge any more, is back in the queue.
    const { messageCount } = await peer.channel.checkQueue(queue);
    const { error, ms } = await failureOf(client.call(target, 'echo'));
    expect(error).toBeInstanceOf(RpcUndeliverable);
    expect(error).toMatchObject({ reason: 'no consumer', destination: queue });
    expect(String(error)).toContain(`echo: nobody serves ${queue}: its queue exists`);
    expect(ms).toBeLessThan(500);
    expect(await peer.channel.checkQueue(queue)).toMatchObject({ messageCount });
  });

  it('fails the same way when it was a Python service', async () => {
    const bus = testBus(amqpUrl);
    const server = await startPythonServer(bus);
    const client = clientOf(bus);
    try {
      expect(await client.call({ topic: bus.topic }, 'echo', { a: 1 })).toEqual({ a: 1 });
    } finally {
      await server.stop();
    }
    await expect.poll(() => peer.channel.checkQueue(bus.topic), patience).toMatchObject({ consumerCount: 0 });
    const { error, ms } = await failureOf(client.call({ topic: bus.topic }, 'echo'));
    expect(error).toMatchObject({ name: 'RpcUndeliverable', reason: 'no consumer' });
    expect(ms).toBeLessThan(500);
  });

  it('goes to another that serves the same queue', async () => {
    const bus = testBus(amqpUrl);
    const dead = closeAfter(await startTestWorker(bus));
    closeAfter(await startTestWorker(bus, { host: 'net2' }));
    await dead.close();
    const client = clientOf(bus);
    expect(await client.call({ topic: bus.topic }, 'echo', { a: 1 })).toEqual({ a: 1 });
    const { error } = await failureOf(client.call({ topic: bus.topic, server: 'net1' }, 'echo'));
    expect(error).toBeInstanceOf(RpcUndeliverable);
  });
});

describe('a call to a worker that starts again', () => {
  it('is answered when it comes within the grace', async () => {
    const bus = await deserted();
    const call = clientOf(bus).call({ topic: bus.topic }, 'echo', { a: 1 }, { graceMs: 20_000 });
    closeAfter(await startTestWorker(bus));
    expect(await call).toEqual({ a: 1 });
  });

  it('is answered also when its queue has to be made first', async () => {
    const bus = testBus(amqpUrl);
    const call = clientOf(bus).call({ topic: bus.topic }, 'echo', { a: 1 }, { graceMs: 20_000 });
    closeAfter(await startTestWorker(bus));
    expect(await call).toEqual({ a: 1 });
  });

  it.each([
    { name: 'the grace is over', graceMs: 300, timeoutMs: 5_000 },
    { name: 'the call ends before the grace', graceMs: 5_000, timeoutMs: 1_000 },
  ])('fails when it does not come until $name', async ({ graceMs, timeoutMs }) => {
    const bus = await deserted();
    const client = clientOf(bus);
    const { error, ms } = await failureOf(
      client.call({ topic: bus.topic }, 'echo', {}, { graceMs, timeoutMs }),
    );
    expect(error).toMatchObject({ name: 'RpcUndeliverable', reason: 'no consumer' });
    expect(ms).toBeGreaterThan(200);
    expect(ms).toBeLessThan(2_000);
    expect(await peer.channel.checkQueue(bus.topic)).toMatchObject({ messageCount: 0 });
  });

  it('waits in the queue if that is wished', async () => {
    const bus = await deserted();
    const client = clientOf(bus);
    const call = client.call({ topic: bus.topic }, 'echo', { a: 1 }, { isServedOnly: false });
    await expect.poll(() => peer.channel.checkQueue(bus.topic), patience).toMatchObject({ messageCount: 1 });
    closeAfter(await startTestWorker(bus));
    expect(await call).toEqual({ a: 1 });
  });

  it('waits for it after a reconnection, as it may come back later than we do', async () => {
    const bus = testBus(amqpUrl);
    const ours = closeAfter(await cuttableBroker(amqpUrl));
    const theirs = closeAfter(await cuttableBroker(amqpUrl));
    closeAfter(await startTestWorker({ ...bus, url: theirs.url }));
    const client = clientOf({ ...bus, url: ours.url });
    await client.call({ topic: bus.topic }, 'echo');
    theirs.refuse(true);
    theirs.cut();
    ours.cut();
    await expect.poll(() => client.isConnected, patience).toBe(false);
    await expect.poll(() => client.isConnected, patience).toBe(true);
    await expect.poll(() => peer.channel.checkQueue(bus.topic), patience).toMatchObject({ consumerCount: 0 });
    const call = client.call({ topic: bus.topic }, 'echo', { a: 1 });
    theirs.refuse(false);
    expect(await call).toEqual({ a: 1 });
  });
});

describe('looking for who serves a queue', () => {
  it('is not disturbed by queues that are missing', async () => {
    const bus = testBus(amqpUrl);
    closeAfter(await startTestWorker(bus));
    const client = clientOf(bus);
    const calls = Array.from({ length: 100 }, (_, i) =>
      client.call({ topic: bus.topic, ...(i % 2 === 0 && { server: `no-${i}` }) }, 'echo', { i }),
    );
    const settled = await Promise.allSettled(calls);
    expect(settled.map(({ status }) => status)).toEqual(
      Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 'rejected' : 'fulfilled')),
    );
    const reasons = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    for (const reason of reasons) expect(reason).toMatchObject({ reason: 'no queue' });
  });

  it('is left to the server that takes messages under another name', async () => {
    const bus = testBus(amqpUrl);
    const own = closeAfter(await RawPeer.open(bus));
    await own.channel.assertExchange(bus.exchange, 'topic', { durable: false });
    const { first } = await own.listenTo(`${bus.topic}.odd`);
    const { error } = await failureOf(
      clientOf(bus).call({ topic: bus.topic, server: 'odd' }, 'echo', { a: 1 }, { timeoutMs: 300 }),
    );
    expect(own.inner(await first)).toMatchObject({ args: { a: 1 } });
    expect(error).toMatchObject({ name: 'RpcTimeout', stage: 'waiting' });
  });

  it('is not done for casts, which wait in the queue', async () => {
    const bus = await deserted();
    await clientOf(bus).cast({ topic: bus.topic }, 'update_dns', { n: 1 });
    expect(await peer.channel.checkQueue(bus.topic)).toMatchObject({ messageCount: 1 });
    const worker = closeAfter(await startTestWorker(bus));
    await expect.poll(() => worker.state.runs, patience).toEqual(['update_dns {"n":1}']);
  });
});
