import { afterAll, beforeAll, expect, it } from 'vitest';
import { waitFor } from '@novanet/testbed';
import { createNetwork } from '../testing/requests.js';
import { Churn } from './testing/churn.js';
import { ComputeService } from './testing/compute-service.js';
import { seededRandom, testSeed } from './testing/seeded-random.js';
import { startCloud, startServers, type Servers, type WorkerCloud } from './testing/worker-cloud.js';
import { RandomKiller } from './testing/worker-process.js';

const hosts = ['w1', 'w2', 'w3', 'w4'];
const projects = ['p1', 'p2', 'p3', 'p4'];
const CYCLES = Number(process.env['STRESS_CYCLES'] ?? 10_000);
const AT_ONCE = 48;
/** More than a project has at a time, much less than it has in the whole run: what is not given back shows. */
const QUOTA = 150;

let servers: Servers;
beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers.stop());

/** Everything that may not be there when all instances are gone. */
async function leftovers({ rows }: WorkerCloud) {
  const tables = {
    addresses: "SELECT * FROM fixed_ips WHERE role = 'instance' OR allocated = 1 OR leased = 1",
    strangers: "SELECT * FROM fixed_ips WHERE role NOT IN ('instance', 'gateway', 'dhcp')",
    vifs: 'SELECT * FROM virtual_interfaces',
    instances: 'SELECT * FROM instances',
    expected: 'SELECT * FROM expected_instances',
    floating: 'SELECT * FROM floating_ips',
    counted: `SELECT i.project_id, COUNT(*) AS held FROM instances i
                JOIN fixed_ips f ON f.instance_uuid = i.uuid GROUP BY i.project_id`,
  };
  const found = Object.entries(tables).map(async ([what, sql]) => [what, await rows(sql)] as const);
  const all = await Promise.all(found);
  return Object.fromEntries(all.filter(([, own]) => own.length > 0));
}

it(
  `${CYCLES} cycles with random kills leave an empty, consistent database`,
  { timeout: 400_000 },
  async () => {
    const seed = testSeed();
    console.log(`STRESS_SEED=${seed}`);
    const cloud = await startCloud(servers, hosts, {
      quota_fixed_ips: String(QUOTA),
      fixed_ip_disassociate_timeout: '4',
      converge_interval: '1',
    });
    const size = { network_size: 512 };
    const single = await createNetwork(cloud, { label: 'single', cidr: '10.0.0.0/23', ...size });
    const multi = await createNetwork(cloud, {
      label: 'multi',
      cidr: '10.1.0.0/23',
      multi_host: true,
      ...size,
    });
    const owner = String(await cloud.call('set_network_host', { network_ref: { id: single.id } }));
    const networks = new Map([
      [single.uuid, () => owner],
      [multi.uuid, (host: string) => host],
    ]);
    const before = await cloud.rows('SELECT * FROM processed_requests');
    const compute = new ComputeService(cloud);
    const random = seededRandom(seed);
    const churn = new Churn(compute, { cycles: CYCLES, atOnce: AT_ONCE, random, hosts, projects, networks });
    const killer = new RandomKiller(cloud.workers, seededRandom(seed + 1), 4_000);
    const began = performance.now();
    try {
      await churn.run();
    } finally {
      await killer.stop();
    }
    const seconds = (performance.now() - began) / 1000;
    console.log(
      `${CYCLES} cycles (${compute.calls} calls) in ${seconds.toFixed(0)} s: ${Math.round(CYCLES / seconds)} cycles/s,`,
      `${killer.kills} kills, longest call ${Math.round(compute.longestMs)} ms, repeated: `,
      Object.fromEntries(compute.repeated),
    );
    expect(churn.wrong).toEqual([]);
    const isEmpty = async () => Object.keys(await leftovers(cloud)).length === 0;
    await waitFor(isEmpty, { limitMs: 30_000, everyMs: 200, what: 'everything is given back' }).catch(
      () => undefined,
    );
    expect(await leftovers(cloud)).toEqual({});
    expect(await cloud.rows('SELECT * FROM processed_requests')).toEqual(before);
    const own = await cloud.rows(
      "SELECT host FROM fixed_ips WHERE role = 'dhcp' AND host IS NOT NULL ORDER BY host",
    );
    expect(own).toEqual(hosts.map((host) => ({ host })));
  },
);
