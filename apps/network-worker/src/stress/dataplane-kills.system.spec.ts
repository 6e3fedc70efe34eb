import { afterAll, beforeAll, expect, it } from 'vitest';
import { createNetwork } from '../testing/requests.js';
import { AimedKiller } from './testing/aimed-killer.js';
import { ComputeService } from './testing/compute-service.js';
import { DataplaneChurn } from './testing/dataplane-churn.js';
import { DataplaneHost, type Served } from './testing/dataplane-host.js';
import { seededRandom, testSeed } from './testing/seeded-random.js';
import { startServers, type Servers } from './testing/worker-cloud.js';

const KILLS = Number(process.env['KILL_POINTS'] ?? 40);
const KILLS_BETWEEN_CHECKS = 5;
const ROWS = 6;
const PROJECT = 'p1';

let servers: Servers;
beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers.stop());

/** A network, and two floating IPs for each row of instances. */
async function prepare({ cloud }: DataplaneHost) {
  const network = await createNetwork(cloud);
  const ours = { topic: cloud.topic, version: '1.0', namespace: 'novanet' };
  await cloud.client.call(ours, 'grow_floating_pool', { pool: 'nova', range: '203.0.113.0/27' });
  const floatingIps: string[][] = [];
  for (let row = 0; row < ROWS; row += 1) {
    const pair = [await cloud.call('allocate_floating_ip', { project_id: PROJECT, pool: 'nova' })];
    pair.push(await cloud.call('allocate_floating_ip', { project_id: PROJECT, pool: 'nova' }));
    floatingIps.push(pair.map(String));
  }
  return { network, floatingIps };
}

/** What the database says that this host carries. */
async function recorded({ cloud: { rows } }: DataplaneHost): Promise<Served> {
  const floatingIps = await rows<{ text: string }>(
    `SELECT CONCAT(l.address, ' ', f.address) AS text FROM floating_ips l JOIN fixed_ips f ON f.id = l.fixed_ip_id
      WHERE l.host = 'w1'`,
  );
  const hosts = await rows<{ text: string }>(
    `SELECT CONCAT(v.mac, ' ', f.address) AS text FROM fixed_ips f JOIN virtual_interfaces v ON v.id = f.vif_id
      WHERE f.allocated = 1`,
  );
  const textsOf = (found: readonly { text: string }[]) => found.map(({ text }) => text).toSorted();
  return { floatingIps: textsOf(floatingIps), hosts: textsOf(hosts) };
}

it(
  `after ${KILLS} kills at any moment the kernel is as the database says`,
  { timeout: 120_000 + KILLS * 20_000 },
  async () => {
    const seed = testSeed();
    console.log(`STRESS_SEED=${seed} KILL_POINTS=${KILLS}`);
    const host = await DataplaneHost.create(servers);
    await host.worker.start();
    await host.waitUntilReady();
    const { network, floatingIps } = await prepare(host);
    const compute = new ComputeService(host.cloud);
    const where = { project: PROJECT, instanceHost: 'w1', network: network.uuid, floatingIps };
    const churn = new DataplaneChurn(compute, host, { ...where, random: seededRandom(seed) });
    const killer = new AimedKiller(host.worker, seededRandom(seed + 1), () => host.waitUntilReady());
    const began = performance.now();
    for (let kills = 1; kills <= KILLS; kills += 1) {
      churn.run();
      await killer.kill();
      await host.worker.start();
      if (kills % KILLS_BETWEEN_CHECKS !== 0 && kills !== KILLS) continue;
      await churn.pause();
      await host.settle(network.id);
      const found = { after: kills, ...(await host.served()), taps: await host.plugged() };
      expect(found).toEqual({ after: kills, ...churn.given, taps: churn.taps });
      expect(await recorded(host)).toEqual(churn.given);
      expect(await host.dhcpProcesses()).toBe(2);
      const { changed, changes, problems } = await host.check();
      expect({ after: kills, changed, changes, problems }).toEqual({
        after: kills,
        changed: false,
        changes: [],
        problems: [],
      });
    }
    await churn.end();
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    console.log(
      `${compute.calls} calls, ${KILLS} kills in ${seconds} s, at:`,
      Object.fromEntries(killer.kills),
    );
    const aimed = [...killer.kills].filter(([moment]) => !['any', 'start'].includes(moment));
    expect(aimed.length).toBeGreaterThan(0);
  },
);
