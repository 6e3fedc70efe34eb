import { beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest';

import { OsloNotificationListener } from './notifications/oslo-notification-listener.js';
import { OsloNotifier, type NotificationToSend } from './notifications/oslo-notifier.js';
import { closeAfter } from './testing/close-after.js';
import { runPython, startPythonListener, type PythonServer } from './testing/python-peer.js';
import { recordingLog, testBroker, testBus, type TestBus } from './testing/test-worker.js';
import type { Notification } from './wire/notification.js';

const patience = { timeout: 15_000, interval: 20 };
let bus: TestBus;
beforeEach(() => {
  bus = testBus(inject('amqpUrl'));
});

async function pythonListener(args: readonly string[] = []): Promise<PythonServer> {
  const listener = await startPythonListener(bus, args);
  onTestFinished(() => listener.stop());
  return listener;
}

/** What it printed, but that it was ready. */
const heardBy = ({ lines }: PythonServer): Record<string, unknown>[] =>
  lines.slice(1).map((line) => JSON.parse(line));

async function ourListener(): Promise<Notification[]> {
  const heard: Notification[] = [];
  const listener = new OsloNotificationListener({
    broker: testBroker(bus),
    queue: `${bus.topic}-of-novanet`,
    exchanges: [bus.exchange],
    topics: [bus.topic],
    priorities: ['INFO', 'ERROR'],
    handle: async (notification) => void heard.push(notification),
  });
  await closeAfter(listener).start();
  return heard;
}

const associated: NotificationToSend = {
  publisherId: 'network.net1',
  eventType: 'network.floating_ip.associate',
  priority: 'INFO',
  payload: { project_id: 'p1', instance_id: 'i1', floating_ip: '203.0.113.10', text: 'é☃😀' },
  context: { user_id: 'u1', request_id: 'req-1', auth_token: 'secret' },
};

describe('our notifications at the real Python listener', () => {
  it.each([{ driver: 'messagingv2' as const }, { driver: 'messaging' as const }])(
    'are heard, by $driver',
    async ({ driver }) => {
      const python = await pythonListener();
      const broker = testBroker(bus);
      const notifier = closeAfter(new OsloNotifier({ broker, driver, topics: [bus.topic] }));
      notifier.notify(associated);
      notifier.notify({ ...associated, priority: 'ERROR' });
      await expect.poll(() => heardBy(python), patience).toHaveLength(2);
      const heard = heardBy(python).toSorted((a, b) =>
        String(b['priority']).localeCompare(String(a['priority'])),
      );
      expect(heard[0]).toEqual({
        priority: 'info',
        publisher_id: 'network.net1',
        event_type: 'network.floating_ip.associate',
        payload: associated.payload,
        // Its driver puts client_timeout in.
        context: { user_id: 'u1', request_id: 'req-1', client_timeout: null },
        metadata: { message_id: expect.any(String), timestamp: expect.any(String) },
      });
      expect(heard[1]).toMatchObject({ priority: 'error', payload: associated.payload });
    },
  );

  it('wait for it when it comes later', async () => {
    const log = recordingLog();
    const options = { broker: testBroker(bus, log), driver: 'messagingv2', topics: [bus.topic] } as const;
    const notifier = closeAfter(new OsloNotifier(options));
    notifier.notify(associated);
    await expect.poll(() => notifier.waiting, patience).toBe(0);
    const python = await pythonListener();
    await expect.poll(() => heardBy(python), patience).toHaveLength(1);
    // It declares the same queue, which the broker would refuse if it differed.
    expect(log.entries.filter(({ level }) => level === 'warn')).toEqual([]);
  });
});

describe('our listener', () => {
  const send = (priority: string, args: readonly string[] = []) =>
    runPython(bus, 'oslo_notify.py', [
      '--send',
      'compute.instance.create.end',
      '--publisher',
      'compute.compute1',
      '--priority',
      priority,
      '--payload',
      '{"instance_id": "i1", "hostname": "vm-é"}',
      ...args,
    ]);

  it.each([
    { name: 'with the envelope', args: [] },
    { name: 'without it', args: ['--v1'] },
  ])('hears what Python notifies $name', async ({ args }) => {
    const heard = await ourListener();
    expect((await send('info', args)).exitCode).toBe(0);
    expect((await send('error', args)).exitCode).toBe(0);
    // Nobody asked for it.
    expect((await send('warn', args)).exitCode).toBe(0);
    await expect.poll(() => heard, patience).toHaveLength(2);
    expect(heard[0]).toEqual({
      messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      publisherId: 'compute.compute1',
      eventType: 'compute.instance.create.end',
      priority: 'INFO',
      payload: { instance_id: 'i1', hostname: 'vm-é' },
      sentAt: expect.any(Date),
      context: expect.objectContaining({ user_id: 'probe-user', project_id: 'probe-project' }),
    });
    expect(Math.abs(Date.now() - Number(heard[0]?.sentAt))).toBeLessThan(60_000);
    expect(heard[1]).toMatchObject({ priority: 'ERROR' });
  });

  it('takes nothing from Python’s listeners, with a pool or without', async () => {
    const pythons = [await pythonListener(), await pythonListener(['--pool', `${bus.topic}-of-ceilometer`])];
    const heard = await ourListener();
    for (let n = 0; n < 3; n += 1) await send('info');
    await expect.poll(() => heard, patience).toHaveLength(3);
    for (const python of pythons) await expect.poll(() => heardBy(python), patience).toHaveLength(3);
  });
});
