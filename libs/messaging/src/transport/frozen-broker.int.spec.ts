import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';

import { OsloClient } from '../client/oslo-client.js';
import { RpcTimeout } from '../errors.js';
import { OsloNotificationListener } from '../notifications/oslo-notification-listener.js';
import { OsloNotifier } from '../notifications/oslo-notifier.js';
import { closeAfter } from '../testing/close-after.js';
import { freezableBroker, type FreezableBroker } from '../testing/freezable-broker.js';
import {
  startTestWorker,
  testBroker,
  testBus,
  type TestBus,
  type TestWorker,
} from '../testing/test-worker.js';

const patience = { timeout: 10_000, interval: 10 };
let rabbitmq: FreezableBroker;
let bus: TestBus;
let worker: TestWorker;
let client: OsloClient;
beforeAll(async () => {
  rabbitmq = await freezableBroker();
});
afterAll(() => rabbitmq.remove());
beforeEach(async () => {
  bus = testBus(rabbitmq.url);
  worker = await startTestWorker(bus);
  client = new OsloClient({ broker: testBroker(bus) });
  await client.call({ topic: bus.topic }, 'echo');
});
afterEach(async () => {
  rabbitmq.thaw();
  worker.state.release.resolve();
  await client.close();
  await worker.close();
});

it.each([
  { name: 'while nothing is in work', method: undefined },
  { name: 'while an answer is due', method: 'held' },
])('a client and a server close in good time $name', async ({ method }) => {
  const call = method === undefined ? undefined : client.call({ topic: bus.topic }, method);
  const failure = call?.catch((error: unknown) => error);
  await expect.poll(() => worker.server.inFlight, patience).toBe(method === undefined ? 0 : 1);
  await rabbitmq.freeze();
  const limit = sleep(10_000, 'too late', { ref: false });
  const startedAt = performance.now();
  expect(await Promise.race([client.close(), limit])).toBeUndefined();
  expect(performance.now() - startedAt).toBeLessThan(1_500);
  worker.state.release.resolve();
  expect(await Promise.race([worker.close(), limit])).toBeUndefined();
  expect(performance.now() - startedAt).toBeLessThan(4_000);
  await failure;
});

it.each([
  // The exchange of a fanout is made sure of each time, the server of a call looked for: both wait for the broker.
  { name: 'fanout' as const, method: 'update_dns' },
  { name: 'call' as const, method: 'echo' },
])(
  'a $name that failed at its deadline before it could be sent is not sent afterwards',
  async ({ name, method }) => {
    await rabbitmq.freeze();
    const sending = client[name]({ topic: bus.topic }, method, { late: true }, { timeoutMs: 300 });
    await expect(sending).rejects.toBeInstanceOf(RpcTimeout);
    rabbitmq.thaw();
    await client.fanout({ topic: bus.topic }, 'update_dns', { a: 1 });
    await expect.poll(() => worker.state.runs.at(-1), patience).toBe('update_dns {"a":1}');
    expect(worker.state.runs).toEqual(['echo {}', 'update_dns {"a":1}']);
  },
);

it('a notifier and a listener close in good time, and do not hold their callers up', async () => {
  const topics = [bus.topic];
  const notifier = closeAfter(new OsloNotifier({ broker: testBroker(bus), driver: 'messagingv2', topics }));
  const listener = closeAfter(
    new OsloNotificationListener({
      broker: testBroker(bus),
      queue: `${bus.topic}-of-novanet`,
      exchanges: [bus.exchange],
      topics,
      handle: async () => undefined,
    }),
  );
  await listener.start();
  const notification = {
    publisherId: 'network.net1',
    eventType: 'network.test',
    priority: 'INFO' as const,
    payload: {},
  };
  notifier.notify(notification);
  await expect.poll(() => notifier.waiting, patience).toBe(0);
  await rabbitmq.freeze();
  const startedAt = performance.now();
  for (let n = 0; n < 1_000; n += 1) notifier.notify(notification);
  expect(performance.now() - startedAt).toBeLessThan(500);
  await Promise.all([notifier.close(), listener.close()]);
  expect(performance.now() - startedAt).toBeLessThan(4_000);
  expect(notifier).toMatchObject({ waiting: 0, dropped: 1_000 });
});
