import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { addressOf, allocate, createNetwork } from '../testing/requests.js';
import { startWorker } from '../testing/test-worker.js';

const mac = 'fa:16:3e:00:00:01';

/** An instance that comes, gets a lease, gives it back and goes. */
async function live(options: Record<string, string>) {
  const worker = await startWorker(options);
  await createNetwork(worker);
  const uuid = randomUUID();
  const address = addressOf(await allocate(worker, uuid, { macs: [mac] }));
  await worker.call('lease_fixed_ip', { address, mac, expires_at: 1_900_000_000 });
  await worker.call('lease_fixed_ip', { address, mac: 'fa:16:3e:00:00:99' });
  await worker.call('release_fixed_ip', { address, mac });
  await worker.call('deallocate_for_instance', { instance: { uuid } });
  return { uuid, address, told: worker.notifications.told };
}

it('fixed IPs are notified, with who owns them', async () => {
  const { uuid, address, told } = await live({ notification_driver: 'messagingv2' });
  const payload = { project_id: 'p', instance_id: uuid, fixed_ip: address };
  expect(told).toEqual(
    ['allocate', 'lease', 'release', 'deallocate'].map((event) => ({
      eventType: `network.fixed_ip.${event}`,
      payload,
    })),
  );
});

it('nothing is asked and said where nobody is notified', async () => {
  const { told } = await live({});
  expect(told).toEqual([]);
});
