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
const CYCLES = Number(process.env['STRESS_CYCLES'] ?? 3_000);
const AT_ONCE = 64;
/** More than a project has at a time, much less than it has in the whole run: what is not given back shows. */
const QUOTA = 150;
/** Deallocations are remembered for a day, too. */
const REQUESTS = `SELECT * FROM processed_requests WHERE reply <> '{"deallocated":true}'`;

let servers: Servers;
beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers.stop());

/** Two that one host serves, and two that each host serves for its own instances; uuid → who answers DHCP there. */
async function createNetworks(cloud: WorkerCloud) {
  const networks = new Map<string, (instanceHost: string) => string>();
  const size = { network_size: 256 };
  for (const [index, owner] of ['w1', 'w2'].entries()) {
    const single = await createNetwork(cloud, {
      label: `single${index}`,
      cidr: `10.0.${index}.0/24`,
      ...size,
    });
    const target = { topic: cloud.topic, server: owner, version: '1.0' };
    await cloud.client.call(target, 'set_network_host', { network_ref: { id: single.id } });
    networks.set(single.uuid, () => owner);
    const label = `multi${index}`;
    const multi = await createNetwork(cloud, {
      label,
      cidr: `10.1.${index}.0/24`,
      multi_host: true,
      ...size,
    });
    networks.set(multi.uuid, (instanceHost) => instanceHost);
  }
  return networks;
}

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
  { timeout: 900_000 },
  async () => {
    const seed = testSeed();
    console.log(`STRESS_SEED=${seed}`);
    const cloud = await startCloud(servers, hosts, {
      quota_fixed_ips: String(QUOTA),
      fixed_ip_disassociate_timeout: '4',
      converge_interval: '1',
    });
    const networks = await createNetworks(cloud);
    const before = await cloud.rows(REQUESTS);
    const compute = new ComputeService(cloud);
    const random = seededRandom(seed);
    const churn = new Churn(compute, { cycles: CYCLES, atOnce: AT_ONCE, random, hosts, projects, networks });
    const killer = new RandomKiller(cloud.workers, seededRandom(seed + 1), 10_000);
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
    expect(killer.kills).toBeGreaterThan(0);
    expect(churn.wrong).toEqual([]);
    const isEmpty = async () => Object.keys(await leftovers(cloud)).length === 0;
    await waitFor(isEmpty, { limitMs: 30_000, everyMs: 200, what: 'everything is given back' }).catch(
      () => undefined,
    );
    expect(await leftovers(cloud)).toEqual({});
    expect(await cloud.rows(REQUESTS)).toEqual(before);
    const own = await cloud.rows<{ host: string }>(
      "SELECT host FROM fixed_ips WHERE role = 'dhcp' AND host IS NOT NULL ORDER BY host",
    );
    // one in each of the two networks that every host serves
    expect(own.map(({ host }) => host)).toEqual(hosts.flatMap((host) => [host, host]));
  },
);
