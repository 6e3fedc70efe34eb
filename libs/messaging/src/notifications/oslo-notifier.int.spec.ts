import type { ConsumeMessage } from 'amqplib';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';

import { closeAfter } from '../testing/close-after.js';
import { cuttableBroker } from '../testing/cuttable-broker.js';
import { RawPeer } from '../testing/raw-peer.js';
import { recordingLog, testBroker, testBus, type TestBus } from '../testing/test-worker.js';
import type { JsonObject } from '../wire/is-record.js';
import { OsloNotifier, type NotificationToSend, type OsloNotifierOptions } from './oslo-notifier.js';

const amqpUrl = inject('amqpUrl');
const patience = { timeout: 20_000, interval: 10 };
let peer: RawPeer;
beforeAll(async () => {
  peer = await RawPeer.open(testBus(amqpUrl));
});
afterAll(() => peer.close());

let bus: TestBus;
let log: ReturnType<typeof recordingLog>;
beforeEach(() => {
  bus = testBus(amqpUrl);
  log = recordingLog();
});

function notifierOn(url: string, options: Partial<OsloNotifierOptions> = {}): OsloNotifier {
  const broker = testBroker({ ...bus, url }, log);
  return closeAfter(new OsloNotifier({ broker, driver: 'messagingv2', topics: [bus.topic], ...options }));
}

const numbered = (n: number): NotificationToSend => ({
  publisherId: 'network.net1',
  eventType: 'network.test',
  priority: 'INFO',
  payload: { n },
});

const logged = (message: string) => log.entries.filter((entry) => entry.message === message);

/** Waits until so many messages are in the queue, and takes them all. */
async function takeAll(queue: string, count: number): Promise<ConsumeMessage[]> {
  await expect
    .poll(() => peer.channel.checkQueue(queue).then(({ messageCount }) => messageCount), patience)
    .toBeGreaterThanOrEqual(count);
  const { messageCount } = await peer.channel.checkQueue(queue);
  const messages: ConsumeMessage[] = [];
  const { consumerTag } = await peer.channel.consume(queue, (message) => message && messages.push(message), {
    noAck: true,
  });
  await expect.poll(() => messages, patience).toHaveLength(messageCount);
  await peer.channel.cancel(consumerTag);
  return messages;
}

const payloadNumbers = (messages: ConsumeMessage[]) =>
  messages.map((message) => (peer.inner(message)['payload'] as { n: number }).n);

describe('a notification as it arrives', () => {
  const associated: NotificationToSend = {
    publisherId: 'network.net1',
    eventType: 'network.floating_ip.associate',
    priority: 'ERROR',
    payload: { project_id: 'p1', floating_ip: '203.0.113.10', text: 'é☃' },
    context: { user_id: 'u1', project_id: 'p1', auth_token: 'secret', service_catalog: [] },
  };

  it.each([
    { driver: 'messagingv2' as const, open: (body: JsonObject) => JSON.parse(String(body['oslo.message'])) },
    { driver: 'messaging' as const, open: (body: JsonObject) => body },
  ])('waits in a queue of its own making, by $driver', async ({ driver, open }) => {
    const notifier = notifierOn(amqpUrl, { driver });
    notifier.notify(associated);
    await expect.poll(() => notifier.waiting, patience).toBe(0);
    const other = closeAfter(await RawPeer.open(bus));
    const [message] = await takeAll(`${bus.topic}.error`, 1);
    // The broker would refuse a declaration that differs from Python's in anything.
    await other.channel.assertExchange(bus.exchange, 'topic', { durable: false, autoDelete: false });
    await other.channel.assertQueue(`${bus.topic}.error`, { durable: false, autoDelete: false });
    expect(message?.fields).toMatchObject({ exchange: bus.exchange, routingKey: `${bus.topic}.error` });
    const given = Object.entries(message?.properties ?? {}).filter(([, value]) => value !== undefined);
    expect(Object.fromEntries(given)).toEqual({
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      deliveryMode: 2,
      priority: 0,
      headers: {},
    });
    const inner = open(JSON.parse(message?.content.toString() ?? ''));
    expect(inner).toEqual({
      message_id: expect.any(String),
      publisher_id: 'network.net1',
      event_type: 'network.floating_ip.associate',
      priority: 'ERROR',
      payload: associated.payload,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/),
      _unique_id: expect.any(String),
      _context_user_id: 'u1',
      _context_project_id: 'p1',
    });
  });

  it('is told to each topic', async () => {
    const topics = [bus.topic, `${bus.topic}-versioned`];
    const notifier = notifierOn(amqpUrl, { topics });
    notifier.notify(numbered(1));
    await expect.poll(() => notifier.waiting, patience).toBe(0);
    const ids: unknown[] = [];
    for (const topic of topics) {
      const [message] = await takeAll(`${topic}.info`, 1);
      ids.push(message && peer.inner(message)['message_id']);
    }
    expect(ids[0]).toEqual(expect.any(String));
    expect(ids[1]).toBe(ids[0]);
  });
});

describe('a notifier that is told to send nothing', () => {
  it('does not even connect', async () => {
    const broker = testBroker(bus, log);
    const notifier = closeAfter(new OsloNotifier({ broker }));
    notifier.notify(numbered(1));
    expect(notifier.waiting).toBe(0);
    await notifier.close();
    expect(log.entries).toEqual([]);
  });
});

describe('a notifier refuses', () => {
  it('a topic that would bind everything', () => {
    expect(() => new OsloNotifier({ broker: testBroker(bus, log), topics: ['#'] })).toThrow(
      /is not a host name/,
    );
  });

  it('nothing of its caller, but says what cannot be sent', async () => {
    const notifier = notifierOn(amqpUrl);
    notifier.notify({ ...numbered(0), payload: { big: 1n } });
    notifier.notify(numbered(1));
    await expect.poll(() => notifier.waiting, patience).toBe(0);
    expect(payloadNumbers(await takeAll(`${bus.topic}.info`, 1))).toEqual([1]);
    expect(logged('notification cannot be sent')).toEqual([
      expect.objectContaining({
        level: 'error',
        fields: expect.objectContaining({ event_type: 'network.test' }),
      }),
    ]);
  });
});

describe('while the broker is away', () => {
  it('callers are not held up, the oldest are dropped, and that is told once', async () => {
    const way = closeAfter(await cuttableBroker(amqpUrl));
    const notifier = notifierOn(way.url, { capacity: 3 });
    notifier.notify(numbered(0));
    await expect.poll(() => notifier.waiting, patience).toBe(0);
    way.refuse(true);
    way.cut();
    await expect.poll(() => logged('broker not connected, trying again').length, patience).toBeGreaterThan(0);
    const startedAt = performance.now();
    for (let n = 1; n <= 6; n += 1) notifier.notify(numbered(n));
    expect(performance.now() - startedAt).toBeLessThan(100);
    expect(notifier).toMatchObject({ waiting: 3, dropped: 3 });
    way.refuse(false);
    await expect.poll(() => notifier.waiting, patience).toBe(0);
    expect(payloadNumbers(await takeAll(`${bus.topic}.info`, 4))).toEqual([0, 4, 5, 6]);
    expect(logged('notifications dropped')).toHaveLength(1);
    expect(logged('notifications are taken again').map(({ fields }) => fields)).toEqual([{ dropped: 3 }]);
  });

  it('a notifier that closes gives up in good time, and says how many are lost', async () => {
    const way = closeAfter(await cuttableBroker(amqpUrl));
    way.refuse(true);
    const notifier = notifierOn(way.url, { flushMs: 200 });
    for (let n = 0; n < 5; n += 1) notifier.notify(numbered(n));
    const startedAt = performance.now();
    await Promise.all([notifier.close(), notifier.close()]);
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    expect(notifier).toMatchObject({ waiting: 0, dropped: 5 });
    notifier.notify(numbered(5));
    expect(notifier).toMatchObject({ waiting: 0, dropped: 6 });
  });
});

describe('when the network is cut', () => {
  it('every notification arrives, in order', async () => {
    const way = closeAfter(await cuttableBroker(amqpUrl));
    const notifier = notifierOn(way.url);
    const numbers = Array.from({ length: 3_000 }, (_, n) => n);
    for (const n of numbers.slice(0, 1_000)) notifier.notify(numbered(n));
    await expect.poll(() => notifier.waiting, patience).toBeLessThan(900);
    way.cut();
    for (const n of numbers.slice(1_000, 2_000)) notifier.notify(numbered(n));
    await expect.poll(() => notifier.waiting, patience).toBeLessThan(900);
    way.cut();
    for (const n of numbers.slice(2_000)) notifier.notify(numbered(n));
    await expect.poll(() => notifier.waiting, patience).toBe(0);
    const arrived = payloadNumbers(await takeAll(`${bus.topic}.info`, numbers.length));
    // What was underway at a cut may have arrived twice.
    expect([...new Set(arrived)]).toEqual(numbers);
    expect(arrived.length).toBeLessThanOrEqual(numbers.length + 200);
    expect(notifier.dropped).toBe(0);
  });
});

describe('a notifier that closes', () => {
  it('sends first what waits', async () => {
    const notifier = notifierOn(amqpUrl);
    for (let n = 0; n < 500; n += 1) notifier.notify(numbered(n));
    await notifier.close();
    expect(await peer.channel.checkQueue(`${bus.topic}.info`)).toMatchObject({ messageCount: 500 });
  });

  it('leaves its connections to a client that shares them', async () => {
    const broker = testBroker(bus, log);
    const options = { broker, driver: 'messagingv2', topics: [bus.topic] } as const;
    const other = closeAfter(new OsloNotifier(options));
    other.notify(numbered(1));
    await expect.poll(() => other.waiting, patience).toBe(0);
    const notifier = closeAfter(new OsloNotifier(options));
    notifier.notify(numbered(2));
    await notifier.close();
    other.notify(numbered(3));
    await expect.poll(() => other.waiting, patience).toBe(0);
    expect(payloadNumbers(await takeAll(`${bus.topic}.info`, 3))).toEqual([1, 2, 3]);
  });
});

describe('a queue that takes no more', () => {
  it('costs its own notifications, and no others', async () => {
    const full = `${bus.topic}.info`;
    await peer.channel.assertExchange(bus.exchange, 'topic', { durable: false });
    await peer.channel.assertQueue(full, { durable: false, maxLength: 1, overflow: 'reject-publish' });
    const notifier = notifierOn(amqpUrl);
    for (let n = 0; n < 3; n += 1) notifier.notify(numbered(n));
    notifier.notify({ ...numbered(3), priority: 'WARN' });
    await expect.poll(() => notifier.waiting, patience).toBe(0);
    expect(notifier.dropped).toBe(2);
    expect(logged('notifications dropped')).toHaveLength(1);
    expect(logged('notifications dropped')[0]?.fields['reason']).toMatch(/x-overflow/);
    expect(payloadNumbers(await takeAll(full, 1))).toEqual([0]);
    expect(payloadNumbers(await takeAll(`${bus.topic}.warn`, 1))).toEqual([3]);
    // Declared otherwise by somebody else, and used as it is.
    expect(logged('declared otherwise by another service, used as it is')).toHaveLength(1);
  });
});
