import { describe, expect, inject, it } from 'vitest';

import { OsloClient } from '../client/oslo-client.js';
import { closeAfter } from '../testing/close-after.js';
import { cuttableBroker } from '../testing/cuttable-broker.js';
import { RawPeer } from '../testing/raw-peer.js';
import { startTestWorker, testBroker, testBus } from '../testing/test-worker.js';

const amqpUrl = inject('amqpUrl');
const patience = { timeout: 10_000, interval: 10 };

describe('a server that closes', () => {
  it('finishes what is in work, takes nothing more, and leaves nothing behind', async () => {
    const bus = testBus(amqpUrl);
    const worker = closeAfter(await startTestWorker(bus));
    const peer = closeAfter(await RawPeer.open(bus));
    peer.send(peer.request({ method: 'slow', args: { secs: 0.5 } }));
    await expect.poll(() => worker.server.inFlight, patience).toBe(1);
    const closing = worker.close();
    await expect.poll(() => peer.channel.checkQueue(bus.topic), patience).toMatchObject({ consumerCount: 0 });
    peer.send(peer.request());
    await closing;
    await expect
      .poll(() => peer.replies, patience)
      .toEqual([expect.objectContaining({ result: 'slept 0.5' })]);
    expect(await peer.channel.checkQueue(bus.topic)).toMatchObject({ messageCount: 1 });
    await expect(peer.channel.checkExchange(`${bus.topic}_fanout`)).rejects.toThrow('404');
  });

  it('gives back what is not done in time, for another', async () => {
    const bus = testBus(amqpUrl);
    const worker = closeAfter(await startTestWorker(bus, { drainMs: 100 }));
    const peer = closeAfter(await RawPeer.open(bus));
    peer.send(peer.request({ method: 'held', args: {} }));
    await expect.poll(() => worker.server.inFlight, patience).toBe(1);
    const startedAt = performance.now();
    await worker.close();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    const other = closeAfter(await startTestWorker(bus, { host: 'net2' }));
    other.state.release.resolve();
    await expect
      .poll(() => peer.replies, patience)
      .toEqual([expect.objectContaining({ result: 'released' })]);
    expect(other.state.redelivered).toHaveLength(1);
    worker.state.release.resolve();
  });

  it('may close twice, or without ever having listened', async () => {
    const bus = testBus(amqpUrl);
    const worker = closeAfter(await startTestWorker(bus));
    await Promise.all([worker.server.close(), worker.server.close()]);
    expect(worker.server.isConnected).toBe(false);
  });

  it('shares its connections with a client, which may go on', async () => {
    const bus = testBus(amqpUrl);
    const broker = testBroker(bus);
    const client = closeAfter(new OsloClient({ broker }));
    const worker = closeAfter(await startTestWorker(bus, { broker }));
    closeAfter(await startTestWorker(bus, { host: 'net2' }));
    expect(await client.call({ topic: bus.topic }, 'echo', { a: 1 })).toEqual({ a: 1 });
    await worker.close();
    expect(await client.call({ topic: bus.topic }, 'echo', { a: 2 })).toEqual({ a: 2 });
    await client.close();
    expect(broker.isConnected).toBe(false);
  });
});

describe('a worker that dies', () => {
  it('loses no request: another does what it had not answered', async () => {
    const bus = testBus(amqpUrl);
    const lifeline = closeAfter(await cuttableBroker(amqpUrl));
    const dying = closeAfter(
      await startTestWorker({ ...bus, url: lifeline.url }, { concurrency: 5, drainMs: 100 }),
    );
    const peer = closeAfter(await RawPeer.open(bus));
    for (let i = 0; i < 20; i += 1) peer.send(peer.request({ method: 'held', args: { i } }));
    await expect.poll(() => dying.server.inFlight, patience).toBe(5);
    // What exceeds its limit waits in the queue, where others can take it.
    expect(await peer.channel.checkQueue(bus.topic)).toMatchObject({ messageCount: 15 });
    lifeline.refuse(true);
    lifeline.cut();
    const other = closeAfter(await startTestWorker(bus, { host: 'net2' }));
    other.state.release.resolve();
    await expect.poll(() => peer.replies, patience).toHaveLength(20);
    expect(other.state.runs).toHaveLength(20);
    expect(other.state.redelivered).toHaveLength(5);
    dying.state.release.resolve();
  });
});
