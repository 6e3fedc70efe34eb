import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { runCommand } from '@novanet/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf, allocate, createNetwork, failureOf } from '../testing/requests.js';
import { startCloud, startServers, type Servers, type WorkerCloud } from './testing/worker-cloud.js';

const hosts = ['w1', 'w2', 'w3', 'w4'];
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

let servers: Servers;
beforeAll(async () => {
  servers = await startServers();
});
afterAll(() => servers.stop());

/** Instance → address, as the database has it. */
async function held({ rows }: WorkerCloud): Promise<Map<string, string>> {
  const found = await rows<{ uuid: string; address: string }>(
    'SELECT instance_uuid AS uuid, address FROM fixed_ips WHERE allocated = 1',
  );
  return new Map(found.map(({ uuid, address }) => [uuid, address]));
}

async function served({ workers }: WorkerCloud): Promise<number[]> {
  return Promise.all(workers.map((worker) => worker.answered('allocate_for_instance')));
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

function report(calls: number, began: number): void {
  const seconds = (performance.now() - began) / 1000;
  console.log(`${calls} allocations by four workers in ${seconds.toFixed(1)} s`);
}

describe('500 allocations at once on one /22', () => {
  it('get 500 addresses from four workers, and no errors', async () => {
    const cloud = await startCloud(servers, hosts);
    await createNetwork(cloud, { cidr: '10.0.0.0/22', network_size: 1024 });
    const uuids = Array.from({ length: 500 }, () => randomUUID());
    const began = performance.now();
    const infos = await Promise.all(uuids.map((uuid) => allocate(cloud, uuid)));
    report(500, began);
    const answers = new Map(infos.map((info, index) => [uuids[index], addressOf(info)]));
    expect(new Set(answers.values()).size).toBe(500);
    expect(await held(cloud)).toEqual(answers);
    const shares = await served(cloud);
    expect(sum(shares)).toBe(500);
    expect(Math.min(...shares)).toBeGreaterThan(0);
  });

  it('get 500 addresses also when the callers are Python', async () => {
    const cloud = await startCloud(servers, hosts);
    await createNetwork(cloud, { cidr: '10.0.0.0/22', network_size: 1024 });
    const { exchange, topic } = cloud;
    const began = performance.now();
    const output = await runCommand(
      // Debian's, for which python3-oslo.messaging is installed
      ['/usr/bin/python3', here('testing/allocate_many.py'), '--url', servers.amqpUrl].concat([
        '--exchange',
        exchange,
        '--topic',
        topic,
        '--instances',
        '500',
      ]),
      { env: { ...process.env, PYTHONPATH: here('../../../../libs/testbed/python') }, timeoutMs: 100_000 },
    );
    report(500, began);
    const answers: Record<string, string> = JSON.parse(output);
    expect(new Set(Object.values(answers)).size).toBe(500);
    expect(await held(cloud)).toEqual(new Map(Object.entries(answers)));
  });
});

describe('100 requests at once for one address', () => {
  it('are won by one, the others are told who has it, and leave nothing behind', async () => {
    const cloud = await startCloud(servers, hosts);
    const { uuid: network } = await createNetwork(cloud, { cidr: '10.0.0.0/24' });
    const uuids = Array.from({ length: 100 }, () => randomUUID());
    const wish = { requested_networks: [[network, '10.0.0.77']] };
    const outcomes = await Promise.all(uuids.map((uuid) => failureOf(allocate(cloud, uuid, wish))));
    const winners = uuids.filter((_, index) => outcomes[index] === 'nothing was refused');
    expect(winners).toHaveLength(1);
    const refusal = `FixedIpAlreadyInUse: Fixed IP address 10.0.0.77 is already in use on instance ${winners[0]}.`;
    expect(outcomes.filter((outcome) => outcome === refusal)).toHaveLength(99);
    expect(await held(cloud)).toEqual(new Map([[winners[0], '10.0.0.77']]));
    expect(await cloud.rows('SELECT uuid FROM instances')).toEqual([{ uuid: winners[0] }]);
    const vifs = await cloud.rows('SELECT instance_uuid AS uuid FROM virtual_interfaces');
    expect(vifs).toEqual([{ uuid: winners[0] }]);
  });
});
