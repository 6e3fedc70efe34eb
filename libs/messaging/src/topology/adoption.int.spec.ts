import { connect, type Channel, type Options } from 'amqplib';
import { describe, expect, inject, it } from 'vitest';

import { OsloClient } from '../client/oslo-client.js';
import { startTestWorker, testBroker, testBus, type TestBus } from '../testing/test-worker.js';
import { probe } from '../testing/python-peer.js';
import type { TopologyOptions } from './topology-options.js';

const amqpUrl = inject('amqpUrl');

interface Row {
  readonly name: string;
  /** How another service declared the queues, and whether the exchange is durable, too. */
  readonly queue: Options.AssertQueue;
  readonly ours: TopologyOptions;
  /** What differs, and is warned of. */
  readonly objects: (bus: TestBus) => string[];
}

const transient = { durable: false };
const queues = ({ topic }: TestBus) => [`queue ${topic}`, `queue ${topic}.net1`];
const all = (bus: TestBus) => [`exchange ${bus.exchange}`, ...queues(bus)];

const rows: Row[] = [
  { name: 'durable queues', queue: { durable: true }, ours: {}, objects: all },
  {
    name: 'quorum queues',
    queue: { durable: true, arguments: { 'x-queue-type': 'quorum' } },
    ours: {},
    objects: all,
  },
  {
    name: 'mirrored queues',
    queue: { ...transient, arguments: { 'x-ha-policy': 'all' } },
    ours: {},
    objects: () => [],
  },
  {
    name: 'queues with a limit',
    queue: { ...transient, maxLength: 100, messageTtl: 60_000 },
    ours: {},
    objects: queues,
  },
  {
    name: 'default queues, while we want durable ones',
    queue: transient,
    ours: { mode: 'durable' },
    objects: all,
  },
  {
    name: 'default queues, while we want quorum queues',
    queue: transient,
    ours: { mode: 'quorum' },
    objects: all,
  },
];

async function onChannel<T>(work: (channel: Channel) => Promise<T>): Promise<T> {
  const connection = await connect(amqpUrl, { noDelay: true });
  try {
    return await work(await connection.createChannel());
  } finally {
    await connection.close();
  }
}

async function declareAsAnother(bus: TestBus, queue: Options.AssertQueue): Promise<void> {
  await onChannel(async (channel) => {
    await channel.assertExchange(bus.exchange, 'topic', { durable: queue.durable === true });
    await channel.assertQueue(bus.topic, queue);
    await channel.assertQueue(`${bus.topic}.net1`, queue);
  });
}

async function removeDurable(bus: TestBus): Promise<void> {
  await onChannel(async (channel) => {
    await channel.deleteQueue(bus.topic);
    await channel.deleteQueue(`${bus.topic}.net1`);
    await channel.deleteExchange(bus.exchange);
  });
}

describe('what another service declared is used as it is', () => {
  it.each(rows)('$name', async ({ queue, ours, objects }) => {
    const bus = testBus(amqpUrl);
    await declareAsAnother(bus, queue);
    const worker = await startTestWorker(bus, { topologyOptions: ours });
    const client = new OsloClient({ broker: testBroker(bus, undefined, ours) });
    try {
      expect(await client.call({ topic: bus.topic }, 'echo', { a: 1 })).toEqual({ a: 1 });
      expect(await client.call({ topic: bus.topic, server: 'net1' }, 'echo', { a: 2 })).toEqual({ a: 2 });
      await client.fanout({ topic: bus.topic }, 'update_dns', {});
      await expect.poll(() => worker.state.runs, { timeout: 10_000 }).toContain('update_dns {}');
      const adopted = worker.log.entries.filter(({ message }) => message.startsWith('declared otherwise'));
      expect(adopted.map(({ fields }) => fields['object'])).toEqual(objects(bus));
    } finally {
      await client.close();
      await worker.close();
      await removeDurable(bus);
    }
  });
});

describe('what we declare ourselves', () => {
  it('is exactly what a Python service declares by default', async () => {
    const bus = testBus(amqpUrl);
    const worker = await startTestWorker(bus);
    const declareAsPython = onChannel(async (channel) => {
      await channel.assertExchange(bus.exchange, 'topic', { durable: false, autoDelete: false });
      await channel.assertQueue(bus.topic, { durable: false, autoDelete: false });
      await channel.assertQueue(`${bus.topic}.net1`, { durable: false, autoDelete: false });
      await channel.assertExchange(`${bus.topic}_fanout`, 'fanout', { durable: false, autoDelete: true });
    });
    // The broker would refuse a declaration that differs in anything.
    await expect(declareAsPython).resolves.toBeUndefined();
    await worker.close();
  });

  it('is durable in durable mode, and a durable Python client agrees', async () => {
    const bus = testBus(amqpUrl);
    const worker = await startTestWorker(bus, { topologyOptions: { mode: 'durable' } });
    try {
      const durable = ['--option', 'amqp_durable_queues=true'];
      const { stdout } = await probe(bus, ['--method', 'echo', '--args', '{"a": 1}', ...durable]);
      expect(stdout).toBe('{"a": 1}');
      await onChannel(async (channel) => {
        await channel.assertExchange(bus.exchange, 'topic', { durable: true });
        await channel.assertQueue(bus.topic, { durable: true });
      });
    } finally {
      await worker.close();
      await removeDurable(bus);
    }
  });
});

describe('what the broker refuses for good', () => {
  it('ends the start with an error that says why', async () => {
    const bus = testBus(amqpUrl);
    const connection = await connect(amqpUrl, { noDelay: true });
    const channel = await connection.createChannel();
    await channel.assertQueue(`${bus.topic}.net1`, { exclusive: true });
    try {
      await expect(startTestWorker(bus)).rejects.toThrow(
        /queue network-.*net1: .*RESOURCE_LOCKED.*second worker/,
      );
    } finally {
      await connection.close();
    }
  });
});
