import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';

import { RpcClosed } from '../errors.js';
import { closeAfter } from '../testing/close-after.js';
import { cuttableBroker } from '../testing/cuttable-broker.js';
import { RawPeer } from '../testing/raw-peer.js';
import { recordingLog, testBroker, testBus, type TestBus } from '../testing/test-worker.js';
import type { Notification } from '../wire/notification.js';
import {
  OsloNotificationListener,
  type OsloNotificationListenerOptions,
} from './oslo-notification-listener.js';

const amqpUrl = inject('amqpUrl');
const patience = { timeout: 10_000, interval: 10 };
let peer: RawPeer;
beforeAll(async () => {
  peer = await RawPeer.open(testBus(amqpUrl));
});
afterAll(() => peer.close());

let bus: TestBus;
let log: ReturnType<typeof recordingLog>;
let queue: string;
/** The numbers of the notifications that were handled, or tried. */
let handled: number[];
beforeEach(() => {
  bus = testBus(amqpUrl);
  log = recordingLog();
  queue = `${bus.topic}-of-novanet`;
  handled = [];
});

const numberOf = ({ payload }: Notification) => (payload as { n: number }).n;

function listenerOn(
  url: string,
  options: Partial<OsloNotificationListenerOptions> = {},
): OsloNotificationListener {
  const listener = new OsloNotificationListener({
    broker: testBroker({ ...bus, url }, log),
    queue,
    exchanges: [bus.exchange],
    topics: [bus.topic],
    pause: { firstMs: 1, longestMs: 20 },
    drainMs: 500,
    handle: async (notification) => {
      handled.push(numberOf(notification));
    },
    ...options,
  });
  return closeAfter(listener);
}

async function listen(
  options: Partial<OsloNotificationListenerOptions> = {},
): Promise<OsloNotificationListener> {
  const listener = listenerOn(amqpUrl, options);
  await listener.start();
  return listener;
}

const numbered = (n: number) => ({
  message_id: `m-${n}`,
  publisher_id: 'compute.compute1',
  event_type: 'compute.instance.update',
  priority: 'INFO',
  payload: { n },
  timestamp: '2026-11-20 22:42:11.021541',
  _unique_id: `u-${n}`,
  _context_request_id: 'req-1',
});

const inEnvelope = (inner: unknown) => ({ 'oslo.version': '2.0', 'oslo.message': JSON.stringify(inner) });

function send(body: unknown, priority = 'info'): void {
  const content = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  peer.channel.publish(bus.exchange, `${bus.topic}.${priority}`, content, {
    contentType: 'application/json',
  });
}

const sendNumbers = (count: number) => {
  for (let n = 0; n < count; n += 1) send(inEnvelope(numbered(n)));
};

async function nothingIsLeft(): Promise<void> {
  await expect.poll(() => backlog(), patience).toBe(0);
}

/** What nobody has taken yet, or what came back. */
async function backlog(): Promise<number> {
  return (await peer.channel.checkQueue(queue)).messageCount;
}

const logged = (message: string) => log.entries.filter((entry) => entry.message === message);

/** A handler that waits, once for each notification. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const handle = async (notification: Notification) => {
    handled.push(numberOf(notification));
    await promise;
  };
  return { handle, open: resolve };
}

describe('a notification is given to the handler', () => {
  it.each([
    { name: 'with the envelope', body: inEnvelope(numbered(1)) },
    { name: 'without it', body: numbered(1) },
  ])('$name', async ({ body }) => {
    const got: Notification[] = [];
    await listen({ handle: async (notification) => void got.push(notification) });
    send(body);
    await expect
      .poll(() => got, patience)
      .toEqual([
        {
          messageId: 'm-1',
          publisherId: 'compute.compute1',
          eventType: 'compute.instance.update',
          priority: 'INFO',
          payload: { n: 1 },
          sentAt: new Date('2026-11-20T22:42:11.021Z'),
          context: { request_id: 'req-1' },
        },
      ]);
    await nothingIsLeft();
  });

  it('of each exchange, topic and priority that is wished', async () => {
    const other = { ...bus, exchange: `${bus.exchange}-2`, topic: `${bus.topic}-2` };
    const got: string[] = [];
    await listen({
      exchanges: [bus.exchange, other.exchange],
      topics: [bus.topic, other.topic],
      priorities: ['INFO', 'ERROR'],
      handle: async ({ eventType }) => void got.push(eventType),
    });
    const sent: string[] = [];
    for (const exchange of [bus.exchange, other.exchange]) {
      for (const key of [`${bus.topic}.info`, `${other.topic}.error`, `${bus.topic}.warn`]) {
        const eventType = `${exchange} ${key}`;
        if (!key.endsWith('warn')) sent.push(eventType);
        peer.channel.publish(exchange, key, Buffer.from(JSON.stringify({ event_type: eventType })));
      }
    }
    await expect.poll(() => got.toSorted(), patience).toEqual(sent.toSorted());
    await nothingIsLeft();
  });

  it('and to nobody else’s loss', async () => {
    await listen();
    const theirs = `${bus.topic}.info`;
    await peer.channel.assertQueue(theirs, { durable: false });
    await peer.channel.bindQueue(theirs, bus.exchange, theirs);
    sendNumbers(3);
    await expect.poll(() => handled, patience).toEqual([0, 1, 2]);
    expect(await peer.channel.checkQueue(theirs)).toMatchObject({ messageCount: 3 });
  });

  it('of one worker only, of all that share the queue', async () => {
    const gates = [gate(), gate()];
    for (const { handle } of gates) await listen({ handle, concurrency: 5 });
    sendNumbers(10);
    await expect
      .poll(() => handled.toSorted((a, b) => a - b), patience)
      .toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const { open } of gates) open();
    await nothingIsLeft();
  });

  it('no more of them at once than wished; the rest waits where others can take it', async () => {
    const { handle, open } = gate();
    await listen({ handle, concurrency: 2 });
    sendNumbers(5);
    await expect.poll(() => backlog(), patience).toBe(3);
    expect(handled).toEqual([0, 1]);
    open();
    await expect.poll(() => handled, patience).toEqual([0, 1, 2, 3, 4]);
  });

  it('also if it was sent while no worker ran', async () => {
    const listener = await listen();
    await listener.close();
    sendNumbers(2);
    await expect.poll(() => backlog(), patience).toBe(2);
    await listen();
    await expect.poll(() => handled, patience).toEqual([0, 1]);
  });
});

describe('what another service declared', () => {
  it('is used as it is', async () => {
    await peer.channel.assertExchange(bus.exchange, 'topic', { durable: true });
    try {
      await listen();
      sendNumbers(1);
      await expect.poll(() => handled, patience).toEqual([0]);
      expect(logged('declared otherwise by another service, used as it is')).toHaveLength(1);
    } finally {
      await peer.channel.deleteExchange(bus.exchange);
    }
  });

  it('may be refused, and the error says why', async () => {
    const other = closeAfter(await RawPeer.open(bus));
    await other.channel.assertQueue(queue, { exclusive: true });
    const listener = listenerOn(amqpUrl);
    await expect(listener.start()).rejects.toThrow(/queue .*RESOURCE_LOCKED/);
    expect(listener.isConnected).toBe(false);
  });

  it.each([{ queue: '#' }, { exchanges: ['a b'] }, { topics: ['*'] }])('has a name: not %j', (names) => {
    expect(() => listenerOn(amqpUrl, names)).toThrow(/is not a host name/);
  });
});

describe('a handler that fails', () => {
  it.each([
    { name: 'for a time', isTransient: () => false, failures: 2 },
    { name: 'for a reason that passes, as often as it may', isTransient: () => true, failures: 12 },
  ])('$name, is given the notification again', async ({ isTransient, failures }) => {
    await listen({
      attempts: 3,
      isTransient,
      handle: async (notification) => {
        handled.push(numberOf(notification));
        if (handled.length <= failures) throw new Error('database away');
      },
    });
    sendNumbers(1);
    await expect.poll(() => handled, patience).toHaveLength(failures + 1);
    await nothingIsLeft();
    const told = logged('notification not handled, again later');
    expect(told).toHaveLength(failures);
    expect(told.at(-1)?.fields).toMatchObject({
      event_type: 'compute.instance.update',
      message_id: 'm-0',
      failures,
      error: 'Error: database away',
    });
    for (const { fields } of told) expect(fields['pause_ms']).toBeLessThanOrEqual(20);
  });

  it('again and again, does not keep others from being handled, and is rid of it in the end', async () => {
    await listen({
      attempts: 3,
      concurrency: 2,
      handle: async (notification) => {
        handled.push(numberOf(notification));
        if (numberOf(notification) === 0) throw new Error('a bug');
      },
    });
    sendNumbers(5);
    await expect.poll(() => handled.toSorted((a, b) => a - b), patience).toEqual([0, 0, 0, 1, 2, 3, 4]);
    await nothingIsLeft();
    expect(logged('notification dropped, its handler fails')).toEqual([
      expect.objectContaining({
        level: 'error',
        fields: expect.objectContaining({ message_id: 'm-0', failures: 3 }),
      }),
    ]);
  });

  it('leaves the attempt to another worker, when its own stops', async () => {
    const failing = await listen({
      pause: { firstMs: 60_000, longestMs: 60_000 },
      handle: async () => {
        throw new Error('database away');
      },
    });
    sendNumbers(1);
    await expect.poll(() => logged('notification not handled, again later'), patience).toHaveLength(1);
    const startedAt = performance.now();
    await failing.close();
    expect(performance.now() - startedAt).toBeLessThan(500);
    await listen();
    await expect.poll(() => handled, patience).toEqual([0]);
  });
});

describe('what is no notification', () => {
  it.each([
    { name: 'no JSON', body: 'hello' },
    { name: 'a list', body: '[1]' },
    { name: 'without a type', body: '{"payload": {}}' },
    { name: 'another envelope', body: { 'oslo.version': '3.0', 'oslo.message': '{}' } },
    { name: 'very long', body: { 'oslo.version': 'x'.repeat(100_000), 'oslo.message': '{}' } },
  ])('is dropped, with a line in the log: $name', async ({ body }) => {
    await listen();
    send(body);
    sendNumbers(1);
    await expect.poll(() => handled, patience).toEqual([0]);
    await nothingIsLeft();
    expect(logged('undecodable notification dropped')).toHaveLength(1);
    expect(JSON.stringify(log.entries).length).toBeLessThan(2_000);
  });
});

describe('a listener', () => {
  it('is back after the network was cut, and does again what it could not acknowledge', async () => {
    const way = closeAfter(await cuttableBroker(amqpUrl));
    const { handle, open } = gate();
    const listener = listenerOn(way.url, { handle });
    await listener.start();
    sendNumbers(1);
    await expect.poll(() => handled, patience).toEqual([0]);
    way.cut();
    await expect.poll(() => listener.isConnected, patience).toBe(false);
    await expect.poll(() => listener.isConnected, patience).toBe(true);
    await expect.poll(() => handled, patience).toEqual([0, 0]);
    open();
    send(inEnvelope(numbered(1)));
    await expect.poll(() => handled, patience).toEqual([0, 0, 1]);
    await nothingIsLeft();
  });

  it('makes its queue anew when somebody deletes it', async () => {
    await listen();
    await peer.channel.deleteQueue(queue);
    await expect
      .poll(() => {
        send(inEnvelope(numbered(1)));
        return handled.length;
      }, patience)
      .toBeGreaterThan(0);
  });

  it('waits for a broker that is not there yet, and may be closed meanwhile', async () => {
    const way = closeAfter(await cuttableBroker(amqpUrl));
    way.refuse(true);
    const impatient = listenerOn(way.url);
    const failure = impatient.start().catch((error: unknown) => error);
    await expect.poll(() => logged('broker not connected, trying again').length, patience).toBeGreaterThan(0);
    await impatient.close();
    expect(await failure).toBeInstanceOf(RpcClosed);
    const patient = listenerOn(way.url);
    const starting = patient.start();
    expect(patient.isConnected).toBe(false);
    way.refuse(false);
    await starting;
    expect(patient.isConnected).toBe(true);
  });

  it('that closes finishes what is in work, and takes nothing more', async () => {
    const { handle, open } = gate();
    const listener = await listen({ handle, concurrency: 1, drainMs: 5_000 });
    sendNumbers(2);
    await expect.poll(() => handled, patience).toEqual([0]);
    const closing = listener.close();
    await expect.poll(() => peer.channel.checkQueue(queue), patience).toMatchObject({ consumerCount: 0 });
    open();
    await closing;
    expect(handled).toEqual([0]);
    await expect.poll(() => backlog(), patience).toBe(1);
  });

  it('that closes gives back what is not done in time, for another', async () => {
    const { handle, open } = gate();
    const listener = await listen({ handle, drainMs: 100 });
    sendNumbers(1);
    await expect.poll(() => handled, patience).toEqual([0]);
    await Promise.all([listener.close(), listener.close()]);
    expect(logged('notifications given back at shutdown')).toHaveLength(1);
    await listen();
    await expect.poll(() => handled, patience).toEqual([0, 0]);
    open();
  });

  it('may close without ever having listened, and does not start afterwards', async () => {
    const listener = listenerOn(amqpUrl);
    await listener.close();
    await expect(listener.start()).rejects.toBeInstanceOf(RpcClosed);
    expect(log.entries).toEqual([]);
  });
});
