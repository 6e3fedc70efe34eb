import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { allocate, createNetwork } from '../testing/requests.js';
import { newRequestId, startCloud, type TestCloud } from './testing/test-cloud.js';

// nova: a repeated allocation made a second set of NICs with second addresses, and a worker remembered 16 requests.

type Ask = (server: string) => Promise<unknown>;

const ways = [
  { way: 'at once to one worker', servers: ['h1', 'h1'], isAtOnce: true },
  { way: 'one after the other to one worker', servers: ['h1', 'h1'], isAtOnce: false },
  { way: 'at once to two workers', servers: ['h1', 'h2'], isAtOnce: true },
  { way: 'one after the other to two workers', servers: ['h1', 'h2'], isAtOnce: false },
];

async function askTwice(ask: Ask, { servers, isAtOnce }: (typeof ways)[number]): Promise<unknown[]> {
  if (isAtOnce) return Promise.all(servers.map(ask));
  const answers: unknown[] = [];
  for (const server of servers) answers.push(await ask(server));
  return answers;
}

/** With a network that h1 serves, an instance in it, and floating IPs. */
async function cloudOfTwo(): Promise<{ cloud: TestCloud; uuid: string; network: string }> {
  const cloud = await startCloud();
  await cloud.startAll('h1', 'h2');
  const { uuid: network } = await createNetwork(cloud);
  const ours = { namespace: 'novanet' };
  await cloud.call('create_floating_pool', { name: 'nova' }, ours);
  await cloud.call('grow_floating_pool', { pool: 'nova', range: '203.0.113.0/28' }, ours);
  const uuid = randomUUID();
  await allocate(cloud.at('h1'), uuid);
  return { cloud, uuid, network };
}

const counts = async ({ rows }: TestCloud) => {
  const [row] = await rows(
    `SELECT (SELECT COUNT(*) FROM virtual_interfaces) AS nics,
            (SELECT COUNT(*) FROM fixed_ips WHERE allocated = 1) AS addresses,
            (SELECT COUNT(*) FROM floating_ips WHERE project_id IS NOT NULL) AS floatingIps,
            (SELECT COUNT(*) FROM networks) AS networks`,
  );
  return row;
};

describe.each(ways)('a request that comes twice, $way,', (way) => {
  test('gets one answer and is carried out once', async () => {
    const { cloud, uuid, network } = await cloudOfTwo();
    const requests = [
      ['allocate_for_instance', allocation()],
      ['add_fixed_ip_to_instance', { instance_id: uuid, host: 'h1', network_id: network }],
      ['allocate_floating_ip', { project_id: 'p', pool: 'nova' }],
      ['create_networks', { label: 'more', cidr: '10.7.0.0/24' }],
    ] as const;
    for (const [method, args] of requests) {
      const uniqueId = newRequestId();
      const [one, other] = await askTwice((server) => cloud.call(method, args, { server, uniqueId }), way);
      expect([method, other]).toEqual([method, one]);
    }
    expect(await counts(cloud)).toEqual({ nics: 2, addresses: 3, floatingIps: 1, networks: 2 });
    const uniqueId = newRequestId();
    const gone = { instance: { uuid, host: 'h1' } };
    const remove: Ask = (server) => cloud.call('deallocate_for_instance', gone, { server, uniqueId });
    expect(await askTwice(remove, way)).toEqual([null, null]);
    expect(await counts(cloud)).toEqual({ nics: 1, addresses: 1, floatingIps: 1, networks: 2 });
  });

  test('because its caller repeats it, makes no second NIC', async () => {
    const { cloud } = await cloudOfTwo();
    const args = allocation();
    const [one, other] = await askTwice(
      (server) => cloud.call('allocate_for_instance', args, { server }),
      way,
    );
    expect(one).toHaveLength(1);
    expect(other).toEqual(one);
    expect(await cloud.call('get_instance_nw_info', { instance_id: args.instance_id })).toEqual(one);
    expect(await counts(cloud)).toEqual({ nics: 2, addresses: 2, floatingIps: 0, networks: 1 });
  });
});

const allocation = () => ({ instance_id: randomUUID(), project_id: 'p', host: 'h1', macs: null, vpn: false });
