import { randomUUID } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import { addressOf, allocate, createNetwork } from '../testing/requests.js';
import type { CloudWorker } from './testing/cloud-worker.js';
import type { PlannedHost } from './testing/planned-host.js';
import { startCloud, type TestCloud } from './testing/test-cloud.js';

// nova: an instance whose network's host was down could not be deleted: after a minute it was in error.

/** An instance with two NICs, two addresses in the first and floating IPs, all served by h1; asked is h2. */
async function cloudOfTwo() {
  const cloud = await startCloud({ default_floating_pool: 'nova', service_down_time: '60' });
  const [h1] = await cloud.startAll('h1', 'h2');
  const ours = { namespace: 'novanet' };
  const single = await createNetwork(cloud);
  const multi = await createNetwork(cloud, {
    label: 'multi',
    cidr: '10.1.0.0/24',
    bridge: 'br101',
    multi_host: true,
  });
  await cloud.call('create_floating_pool', { name: 'nova' }, ours);
  await cloud.call('grow_floating_pool', { pool: 'nova', range: '203.0.113.0/29' }, ours);
  const uuid = randomUUID();
  const asked = cloud.at('h1');
  const fixed = String(addressOf(await allocate(asked, uuid, { host: 'h1' })));
  await asked.call('add_fixed_ip_to_instance', { instance_id: uuid, host: 'h1', network_id: single.uuid });
  const floating = [await floatingFor(asked, fixed), await floatingFor(asked, fixed)];
  return { cloud, h1: h1!, single, multi, uuid, fixed, floating };
}

async function floatingFor({ call }: Pick<TestCloud, 'call'>, fixed: string): Promise<string> {
  const address = String(await call('allocate_floating_ip', { project_id: 'p' }));
  await call('associate_floating_ip', { floating_address: address, fixed_address: fixed });
  return address;
}

/** The three ways not to answer, and what a single call may take then. */
const ways = [
  {
    name: 'known to be down',
    limitMs: 1000,
    async end(cloud: TestCloud, h1: CloudWorker<PlannedHost>) {
      await h1.stop();
      await cloud.rows(
        "UPDATE services SET last_seen_at = UTC_TIMESTAMP(6) - INTERVAL 1 HOUR WHERE host = 'h1'",
      );
    },
  },
  {
    name: 'dead since a moment',
    limitMs: 1000,
    end: (_: TestCloud, h1: CloudWorker<PlannedHost>) => h1.stop(),
  },
  {
    name: 'hanging',
    limitMs: 2000,
    async end(_: TestCloud, h1: CloudWorker<PlannedHost>) {
      const { promise, resolve } = Promise.withResolvers<void>();
      h1.linux.stuck = promise;
      onTestFinished(() => resolve());
    },
  },
];

describe.each(ways)('while the host of its network is $name', (way) => {
  test('an instance and its addresses are released at once', async () => {
    const { cloud, h1, single, multi, uuid, fixed, floating } = await cloudOfTwo();
    await way.end(cloud, h1);
    const steps = [
      ['disassociate_floating_ip', { address: floating[0] }],
      ['deallocate_floating_ip', { address: floating[0] }],
      ['remove_fixed_ip_from_instance', { instance_id: uuid, host: 'h1', address: fixed }],
      ['deallocate_for_instance', { instance: { uuid, host: 'h1' }, requested_networks: null }],
      ['delete_network', { uuid: single.uuid }],
      ['delete_network', { uuid: multi.uuid }],
    ] as const;
    for (const [method, args] of steps) {
      const startedAt = performance.now();
      await cloud.call(method, args, { server: 'h2' });
      expect.soft([method, performance.now() - startedAt < way.limitMs]).toEqual([method, true]);
    }
    expect(await cloud.rows("SELECT address FROM fixed_ips WHERE role = 'instance'")).toEqual([]);
    expect(await cloud.rows('SELECT address FROM floating_ips WHERE fixed_ip_id IS NOT NULL')).toEqual([]);
    expect(await cloud.rows('SELECT uuid FROM networks')).toEqual([]);
  });
});
