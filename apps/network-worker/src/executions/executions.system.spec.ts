import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServers, type Servers } from '../stress/testing/worker-cloud.js';
import { addressOf, allocate, createNetwork } from '../testing/requests.js';
import { NamespacedWorker } from './testing/namespaced-worker.js';

let servers: Servers;
beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers.stop());

const ours = { namespace: 'novanet' };
const floating = (index: number) => `203.0.113.${index}`;

/** What a worker runs that finds nothing of ours on a host, besides a dnsmasq for each network. */
const COLD_START = ['ip', 'iptables-save', 'ip', 'iptables-restore', 'perl'];

async function allocatePublicAddresses(worker: NamespacedWorker): Promise<void> {
  await worker.call('create_floating_pool', { name: 'nova' }, ours);
  await worker.call('grow_floating_pool', { pool: 'nova', range: '203.0.113.0/24' }, ours);
  for (let count = 0; count < 102; count += 1) await worker.call('allocate_floating_ip', { project_id: 'p' });
}

it('a worker runs hardly any programs', async () => {
  const worker = await NamespacedWorker.on(servers, {
    network_manager: 'FlatDHCPManager',
    default_floating_pool: 'nova',
    quota_floating_ips: '-1',
    converge_interval: '3600',
  });
  await worker.start();
  await createNetwork(worker, { bridge: 'br101', bridge_interface: 'eth1' });
  await createNetwork(worker, { bridge: 'br102', bridge_interface: 'eth2', cidr: '10.0.1.0/24' });
  const fixed = addressOf(await allocate(worker, randomUUID()));
  await allocatePublicAddresses(worker);
  const associate = (index: number) =>
    worker.call('associate_floating_ip', { floating_address: floating(index), fixed_address: fixed });
  await associate(1);

  expect(await worker.programsOf(() => allocate(worker, randomUUID()))).toEqual([]);
  expect(await worker.programsOf(() => associate(2))).toEqual(['iptables-restore', 'perl']);
  const disassociate = () => worker.call('disassociate_floating_ip', { address: floating(2) });
  expect(await worker.programsOf(disassociate)).toEqual(['ip', 'iptables-restore', 'perl']);

  const hundred = await worker.programsOf(() =>
    Promise.all(Array.from({ length: 100 }, (_, index) => associate(index + 3))),
  );
  console.log(`100 associations at once: ${hundred.length} programs`);
  expect(hundred.length).toBeLessThanOrEqual(10);

  // The host boots.
  await worker.stop();
  await worker.drain();
  const cold = await worker.programsOf(() => worker.start());
  expect(cold.filter((name) => name !== 'dnsmasq').toSorted()).toEqual(COLD_START.toSorted());
  expect(cold.filter((name) => name === 'dnsmasq')).toHaveLength(2);
  expect(await worker.countedPrograms()).toBe(cold.length);
  // Only the worker starts again.
  await worker.stop();
  expect((await worker.programsOf(() => worker.start())).toSorted()).toEqual(['ip', 'iptables-save', 'perl']);
});
