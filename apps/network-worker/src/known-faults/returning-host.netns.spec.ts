import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LinuxHost, SpawnCommandRunner } from '@novanet/linux-net';
import { processesIn, TestNetwork, tryCommand } from '@novanet/testbed';
import { expect, onTestFinished, test } from 'vitest';
import { addressOf, allocate, createNetwork } from '../testing/requests.js';
import { bootWorker } from './testing/cloud-worker.js';
import { startCloud, type TestCloud } from './testing/test-cloud.js';

// nova: a worker that came back took nothing away: two hosts answered for a public address, or for a gateway.

type Role = 'outside' | 'h1' | 'h2';
type Host = Exclude<Role, 'outside'>;

const options = {
  default_floating_pool: 'nova',
  public_interface: 'eth0',
  dhcpbridge: '/bin/true',
  service_down_time: '60',
};
const floating = '203.0.113.5';

/** Two hosts with kernels of their own, on one segment with somebody outside; their workers come and go. */
async function hostsOnOneSegment() {
  const cloud = await startCloud(options);
  const directory = await mkdtemp(join(tmpdir(), 'novanet-returning-'));
  await chmod(directory, 0o755);
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const kernels = await TestNetwork.create<Role>(['outside', 'h1', 'h2']);
  onTestFinished(() => kernels.remove());
  await kernels.ip('outside', 'link add sw type bridge', 'addr add 192.0.2.1/24 dev sw', 'link set sw up');
  await kernels.ip('outside', 'route add 203.0.113.0/24 dev sw');
  for (const [n, host] of (['h1', 'h2'] as const).entries()) {
    const far = { role: 'outside', device: host, master: 'sw' } as const;
    await kernels.cable({ role: host, device: 'eth0', address: `192.0.2.1${n + 1}/24` }, far);
  }
  const start = async (host: Host) => {
    const linux = new LinuxHost(new SpawnCommandRunner({ netns: kernels.netns(host) }));
    const wish = cloud.wish(host, { state_path: directory, networks_path: join(directory, host) });
    const worker = await bootWorker(wish, linux);
    onTestFinished(() => worker.stop());
    return worker;
  };
  return { cloud, kernels, start };
}

type Kernels = TestNetwork<Role>;

/** The worker is gone, its kernel goes on, and the others have noticed. */
async function goDown({ rows }: TestCloud, worker: { stop(): Promise<void> }): Promise<void> {
  await worker.stop();
  await rows("UPDATE services SET last_seen_at = UTC_TIMESTAMP(6) - INTERVAL 1 HOUR WHERE host = 'h1'");
}

async function addressesOf(kernels: Kernels, host: Host): Promise<string[]> {
  const text = await kernels.run(host, ['ip', '-o', '-4', 'addr', 'show', 'scope', 'global']);
  return text.split('\n').flatMap((line) => line.split(/\s+/)[3] ?? []);
}

async function rulesOf(kernels: Kernels, host: Host, address: string): Promise<string[]> {
  const rules = await kernels.run(host, ['iptables-save', '-t', 'nat']);
  return rules.split('\n').filter((line) => line.includes(address));
}

/** The hosts that say that they have the address, each asked alone. */
async function claimants(kernels: Kernels, address: string): Promise<Host[]> {
  const found: Host[] = [];
  for (const [host, other] of [['h1', 'h2'] as const, ['h2', 'h1'] as const]) {
    await kernels.ip('outside', `link set ${other} down`, 'neigh flush dev sw');
    await tryCommand(['ping', '-c', '1', '-W', '1', address], { netns: kernels.netns('outside') });
    const neighbours = await kernels.run('outside', ['ip', 'neigh', 'show', 'to', address, 'dev', 'sw']);
    if (neighbours.includes('lladdr')) found.push(host);
    await kernels.ip('outside', `link set ${other} up`);
  }
  return found;
}

test('a host that comes back gives up a floating IP that was moved while it was down', async () => {
  const { cloud, kernels, start } = await hostsOnOneSegment();
  const h1 = await start('h1');
  await start('h2');
  await createNetwork(cloud, { multi_host: true });
  const ours = { namespace: 'novanet' };
  await cloud.call('create_floating_pool', { name: 'nova' }, ours);
  await cloud.call('grow_floating_pool', { pool: 'nova', range: floating }, ours);
  const uuid = randomUUID();
  const fixed = addressOf(await allocate(cloud, uuid, { host: 'h1' }));
  await cloud.call('allocate_floating_ip', { project_id: 'p' });
  await cloud.call('associate_floating_ip', { floating_address: floating, fixed_address: fixed });
  expect(await addressesOf(kernels, 'h1')).toContain(`${floating}/32`);
  await goDown(cloud, h1);
  // evacuated
  await cloud.call('migrate_instance_finish', { instance_uuid: uuid, source: 'h1', dest: 'h2' });
  expect(await addressesOf(kernels, 'h2')).toContain(`${floating}/32`);
  expect(await claimants(kernels, floating)).toEqual(['h1', 'h2']);
  await start('h1');
  expect(await addressesOf(kernels, 'h1')).not.toContain(`${floating}/32`);
  expect(await rulesOf(kernels, 'h1', floating)).toEqual([]);
  expect(await addressesOf(kernels, 'h2')).toContain(`${floating}/32`);
  expect(await claimants(kernels, floating)).toEqual(['h2']);
});

test('a host that comes back gives up a gateway that another host has taken over', async () => {
  const { cloud, kernels, start } = await hostsOnOneSegment();
  const h1 = await start('h1');
  await createNetwork(cloud);
  await allocate(cloud, randomUUID(), { host: 'h1' });
  await start('h2');
  expect(await addressesOf(kernels, 'h1')).toContain('10.0.0.1/24');
  await goDown(cloud, h1);
  const admin = { context: { is_admin: true } };
  await cloud.call('remove_host', { host: 'h1', heir: 'h2' }, { namespace: 'novanet', ...admin });
  expect(await addressesOf(kernels, 'h2')).toContain('10.0.0.1/24');
  expect(await addressesOf(kernels, 'h1')).toContain('10.0.0.1/24');
  expect(await processesIn(kernels.netns('h1'))).not.toEqual([]);
  await start('h1');
  expect(await addressesOf(kernels, 'h1')).toEqual(['192.0.2.11/24']);
  expect(await rulesOf(kernels, 'h1', '10.0.0.')).toEqual([]);
  // its dnsmasq
  expect(await processesIn(kernels.netns('h1'))).toEqual([]);
  expect(await addressesOf(kernels, 'h2')).toContain('10.0.0.1/24');
});
