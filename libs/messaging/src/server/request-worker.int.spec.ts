import { expect, inject, it } from 'vitest';

import { closeAfter } from '../testing/close-after.js';
import { RawPeer } from '../testing/raw-peer.js';
import { startTestWorker, testBus } from '../testing/test-worker.js';

const patience = { timeout: 10_000, interval: 10 };
const long = 'x'.repeat(100_000);

it.each([
  { name: 'the name of a method', keys: { method: long }, message: 'request refused' },
  { name: 'a version', keys: { version: long }, message: 'request refused' },
  { name: 'a bad request', keys: { method: long, args: [] }, message: 'undecodable message dropped' },
])('logs only the beginning of what strangers may send: $name', async ({ keys, message }) => {
  const bus = testBus(inject('amqpUrl'));
  const worker = closeAfter(await startTestWorker(bus));
  const peer = closeAfter(await RawPeer.open(bus));
  peer.send(peer.request(keys));
  await expect.poll(() => peer.received, patience).toHaveLength(1);
  const entries = worker.log.entries.filter((entry) => entry.message === message);
  expect(entries).toHaveLength(1);
  expect(JSON.stringify(entries).length).toBeLessThan(1_000);
});

it('logs only the beginning of a unique id, and of the method that comes with it', async () => {
  const bus = testBus(inject('amqpUrl'));
  const worker = closeAfter(await startTestWorker(bus));
  const peer = closeAfter(await RawPeer.open(bus));
  peer.send(peer.request({ _unique_id: long }));
  await expect.poll(() => peer.received, patience).toHaveLength(1);
  peer.send(peer.request({ _unique_id: long, method: long }));
  await expect.poll(() => peer.received, patience).toHaveLength(2);
  const message = 'repeated request answered from memory';
  const entries = worker.log.entries.filter((entry) => entry.message === message);
  expect(entries).toHaveLength(1);
  expect(JSON.stringify(entries).length).toBeLessThan(1_000);
});
