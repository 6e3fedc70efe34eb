import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { inNamespace, ipBatch, tryCommand, waitFor } from '@novanet/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CloudApi } from './cloud/api.js';
import { FloatingIps } from './cloud/floating-ips.js';
import { MessageBus } from './cloud/message-bus.js';
import {
  modes,
  type Mode,
  openedPorts,
  type PacketRow,
  packetRows,
  type Place,
} from './packets/packet-rows.js';
import { type Ends, isAnswered } from './packets/probe.js';
import { floatingRange } from './plan/lab-plan.js';
import { lab } from './testing/run-lab.js';
import { TestCloud, type TestInstance } from './testing/test-cloud.js';

const echoProgram = join(import.meta.dirname, '../dist/packets/echo-server.js');
const PRIVATE = { label: 'private', cidr: '10.0.0.0/24', cidr_v6: 'fd00:0:0:1::/64' };
const SECOND = { label: 'second', cidr: '10.1.0.0/24' };
const OUTSIDE_V6 = '2001:db8::1';

const upWords: Readonly<Record<Mode, readonly string[]>> = {
  flat: ['--hosts', '2', '--manager', 'flat'],
  flatdhcp: ['--hosts', '2'],
  multi: ['--hosts', '2', '--multi-host', '--no-network'],
  vlan: ['--manager', 'vlan'],
};

/** Where packets come from and go to, in one cloud. */
interface World {
  readonly netns: Partial<Readonly<Record<Place, string>>>;
  readonly addresses: Partial<Readonly<Record<Place, string>>>;
  readonly addresses6: Partial<Readonly<Record<Place, string>>>;
}

describe.each(modes)('packets in a cloud of $name', ({ mode }) => {
  const rows = packetRows.filter(({ arrives }) => arrives[mode] !== undefined);
  const labName = `syspackets-${mode}`;
  let world: World;
  beforeAll(async () => {
    world = await buildWorld(mode, labName);
  }, 180_000);
  afterAll(() => lab('down', '--lab', labName));

  it.concurrent.each(rows.map((row) => [titleOf(row, mode), row] as const))('%s', async (title, row) => {
    const arrives = row.arrives[mode] ?? false;
    const send = () => isAnswered(endsOf(world, row), row.packet);
    // What is to arrive may need a moment, for neighbours to be found; what is not, must not.
    if (arrives) await waitFor(send, { limitMs: 15_000, what: title });
    expect(await send()).toBe(arrives);
  });

  it.runIf(mode === 'multi')('an instance reads on its link that it is itself', async () => {
    const url = 'http://[fe80::a9fe:a9fe%25eth0]/latest/meta-data/hostname';
    const read = () => tryCommand(['curl', '-s', '-m', '2', url], { netns: world.netns.web ?? '' });
    await expect.poll(async () => (await read()).stdout, { timeout: 15_000 }).toMatch(/^web/);
  });
});

function titleOf({ from, to, packet, arrives }: PacketRow, mode: Mode): string {
  return `${packet} from ${from} to ${to} ${arrives[mode] ? 'arrives' : 'is dropped'}`;
}

function endsOf({ netns, addresses, addresses6 }: World, { from, to, packet }: PacketRow): Ends {
  const source = netns[from];
  const address = (packet.includes('6') ? addresses6 : addresses)[to];
  if (!source || !address) throw new Error(`this cloud has no ${from}, or nothing of ${to}`);
  return { netns: source, address };
}

async function buildWorld(mode: Mode, name: string): Promise<World> {
  const cloud = await upCloud(mode, name);
  await serveFromFirstHost(cloud);
  const web = await cloud.boot('web', 'h1');
  for (const words of openedPorts) await cloud.run('allow', 'web', ...words);
  const twin = await cloud.boot('twin', 'h1');
  const peer = cloud.status.hosts.length > 1 ? await cloud.boot('peer', 'h2') : undefined;
  const [host, outside] = [cloud.host('h1'), cloud.status.outside];
  const base = { web: web.netns, twin: twin.netns, ...(peer && { peer: peer.netns }), host: host.netns };
  const addresses = { web: web.address, twin: twin.address, ...(peer && { peer: peer.address }) };
  await Promise.all(
    [web, twin, ...(peer ? [peer] : [])].map(({ netns }) => startEcho(netns, '::', '80', '81')),
  );
  // It has a web server on port 80 already.
  await startEcho(outside.netns, outside.address, '81');
  if (mode === 'flat') return { netns: base, addresses, addresses6: {} };
  await ipBatch(outside.netns, [
    `route add ${PRIVATE.cidr} via ${host.public_address}`,
    `route add 169.254.169.254 via ${host.public_address}`,
  ]);
  const stranger = await bootStranger(cloud, mode);
  const floating = (await cloud.run('associate', 'web')).trim();
  const addresses6 = mode === 'multi' ? await joinOverIpv6(cloud, { web, twin, ...(peer && { peer }) }) : {};
  return {
    netns: { ...base, stranger: stranger.netns, outside: outside.netns },
    addresses: {
      ...addresses,
      outside: outside.address,
      floating,
      gateway: web.lease().routers[0] ?? '',
      metadata: '169.254.169.254',
    },
    addresses6: { ...addresses6, link: 'fe80::a9fe:a9fe%eth0' },
  };
}

/** The lab's own first network has no IPv6. */
async function upCloud(mode: Mode, name: string): Promise<TestCloud> {
  if (mode !== 'multi') return TestCloud.up(name, ...upWords[mode]);
  const directory = mkdtempSync(join(tmpdir(), 'novanet-test-'));
  const file = join(directory, 'ipv6.conf');
  writeFileSync(file, '[DEFAULT]\nuse_ipv6 = true\n');
  const cloud = await TestCloud.up(name, ...upWords[mode], '--config', file);
  rmSync(directory, { recursive: true });
  const place = { bridge: 'br100', bridge_interface: 'eth1', multi_host: true };
  await new CloudApi(cloud.status.api_url).createNetwork({ ...PRIVATE, ...place });
  await MessageBus.with(cloud.status.amqp_url, (bus) => new FloatingIps(bus).growPool(floatingRange));
  return cloud;
}

/** Who serves a network of one host is left to chance, unless somebody says so. */
async function serveFromFirstHost({ status }: TestCloud): Promise<void> {
  if (status.multi_host || status.hosts.length === 1) return;
  await MessageBus.with(status.amqp_url, async (bus) => {
    const networks = await bus.call({ version: '1.0' }, 'get_all_networks', {});
    for (const network of networks as readonly object[]) {
      await bus.call({ version: '1.0', server: 'h1' }, 'set_network_host', { network_ref: network });
    }
  });
}

/** In a network of its own, with VLANs in a project of its own. */
async function bootStranger(cloud: TestCloud, mode: Mode): Promise<TestInstance> {
  const place =
    mode === 'vlan'
      ? { bridge_interface: 'eth1' }
      : { bridge: 'br200', bridge_interface: 'eth2', multi_host: mode === 'multi' };
  await new CloudApi(cloud.status.api_url).createNetwork({ ...SECOND, ...place });
  await serveFromFirstHost(cloud);
  const words = mode === 'vlan' ? ['--project', 'other'] : ['--network', 'second'];
  return cloud.boot('stranger', 'h1', ...words);
}

async function joinOverIpv6(
  cloud: TestCloud,
  instances: Partial<Readonly<Record<Place, TestInstance>>>,
): Promise<World['addresses6']> {
  const host = '2001:db8::11';
  await ipBatch(cloud.host('h1').netns, [`addr add ${host}/64 dev eth0 nodad`]);
  await ipBatch(cloud.status.outside.netns, [
    `addr add ${OUTSIDE_V6}/64 dev eth0 nodad`,
    `route add fd00:0:0:1::/64 via ${host}`,
  ]);
  const own = Object.entries(instances).map(([place, { record }]) => {
    const subnets = record.network_info[0]?.network.subnets ?? [];
    return [place, subnets.find(({ version }) => version === 6)?.ips[0]?.address ?? ''];
  });
  return { ...Object.fromEntries(own), outside: OUTSIDE_V6 };
}

/** Ends with its namespace. */
async function startEcho(netns: string, ...words: readonly string[]): Promise<void> {
  const [command = '', ...args] = inNamespace(netns, [process.execPath, echoProgram, ...words]);
  const server = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(server.stdout, 'data', { signal: AbortSignal.timeout(20_000) });
}
