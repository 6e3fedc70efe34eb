import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { startCloud, type TestCloud } from '../known-faults/testing/test-cloud.js';
import { allocate, createNetwork, failureOf } from '../testing/requests.js';

const ours = { namespace: 'novanet', context: { is_admin: true } };
const service = { binary: 'network-worker' };

const disable = (cloud: TestCloud, host: string) =>
  cloud.call('set_service_status', { ...service, host, disabled: true, reason: 'new disks' }, ours);
const enable = (cloud: TestCloud, host: string) =>
  cloud.call('set_service_status', { ...service, host, disabled: false }, ours);

/** Label → who serves it. */
async function owners(cloud: TestCloud): Promise<Record<string, string | null>> {
  const rows = await cloud.rows<{ label: string; host: string | null }>('SELECT label, host FROM networks');
  return Object.fromEntries(rows.map(({ label, host }) => [label, host]));
}

const networkOf = (cloud: TestCloud, n: number) =>
  createNetwork(cloud, { label: `n${n}`, cidr: `10.${n}.0.0/24`, bridge: `br${n}` });

test('a disabled host keeps the networks that it serves, and those it is asked for go to hosts that are not', async () => {
  const cloud = await startCloud();
  const [h1, h2] = await cloud.startAll('h1', 'h2');
  const asked = cloud.at('h1');
  const first = await networkOf(cloud, 0);
  await allocate(asked, randomUUID(), { requested_networks: [[first.uuid, null]] });
  await disable(cloud, 'h1');
  const second = await networkOf(cloud, 1);
  const networks = [first, second].map(({ uuid }) => [uuid, null]);
  await allocate(asked, randomUUID(), { requested_networks: networks });
  expect(await owners(cloud)).toEqual({ n0: 'h1', n1: 'h2' });
  expect([h1?.linux.bridges, h2?.linux.bridges]).toEqual([['br0'], ['br1']]);
  expect([h1?.linux.servedMacs.length, h2?.linux.servedMacs.length]).toEqual([2, 1]);
  const third = await networkOf(cloud, 2);
  expect(await asked.call('set_network_host', { network_ref: { id: third.id } })).toBe('h2');
  await enable(cloud, 'h1');
  const fourth = await networkOf(cloud, 3);
  expect(await asked.call('set_network_host', { network_ref: { id: fourth.id } })).toBe('h1');
});

test('where every host is disabled, a network that nobody serves stays so, and the instance gets nothing', async () => {
  const cloud = await startCloud();
  await cloud.start('h1');
  await networkOf(cloud, 0);
  await disable(cloud, 'h1');
  const uuid = randomUUID();
  expect(await failureOf(allocate(cloud, uuid))).toBe(
    'NetworkHostUnavailable: The network worker on h1 is not available: it is disabled, and so is every other that is alive',
  );
  expect(await owners(cloud)).toEqual({ n0: null });
  expect(await cloud.rows('SELECT address FROM fixed_ips WHERE instance_uuid = ?', [uuid])).toEqual([]);
});

test('an operator who names a disabled host is told so', async () => {
  const cloud = await startCloud();
  await cloud.startAll('h1', 'h2');
  const { uuid: network_uuid } = await networkOf(cloud, 0);
  await disable(cloud, 'h2');
  const refusals: [string, object][] = [
    ['modify_network', { network_uuid, host: 'h2' }],
    ['convert_network', { network_uuid, multi_host: false, host: 'h2' }],
    ['remove_host', { host: 'h9', heir: 'h2' }],
  ];
  for (const [method, args] of refusals) {
    expect(await failureOf(cloud.call(method, { ...args }, { ...ours, server: 'h1' }))).toBe(
      'NetworkHostUnavailable: The network worker on h2 is not available: it is disabled: new disks',
    );
  }
  expect(await owners(cloud)).toEqual({ n0: null });
});

test('what a disabled host serves can be said to it again', async () => {
  const cloud = await startCloud();
  await cloud.startAll('h1', 'h2');
  const { uuid: network_uuid } = await networkOf(cloud, 0);
  await cloud.call('modify_network', { network_uuid, host: 'h2' }, ours);
  await disable(cloud, 'h2');
  await cloud.call('modify_network', { network_uuid, host: 'h2' }, ours);
  await cloud.call('convert_network', { network_uuid, multi_host: false }, ours);
  expect(await owners(cloud)).toEqual({ n0: 'h2' });
});

test('a disabled worker that is asked to remove a host, or to let one host serve a network, chooses another', async () => {
  const cloud = await startCloud();
  await cloud.startAll('h1', 'h2');
  const [lost, wide] = [await networkOf(cloud, 0), await networkOf(cloud, 1)];
  await cloud.rows("UPDATE networks SET host = 'h9' WHERE id = ?", [lost.id]);
  await disable(cloud, 'h1');
  const own = { ...ours, server: 'h1' };
  expect(await cloud.call('remove_host', { host: 'h9' }, own)).toMatchObject({ networks: [lost.uuid] });
  await cloud.call('convert_network', { network_uuid: wide.uuid, multi_host: true }, own);
  await cloud.call('convert_network', { network_uuid: wide.uuid, multi_host: false }, own);
  expect(await owners(cloud)).toEqual({ n0: 'h2', n1: 'h2' });
});

test('an instance on a disabled host is served there in networks that each host serves', async () => {
  const cloud = await startCloud();
  const h1 = await cloud.start('h1');
  await createNetwork(cloud, { multi_host: true });
  await disable(cloud, 'h1');
  await allocate(cloud, randomUUID(), { host: 'h1' });
  expect(h1.linux.servedMacs).toHaveLength(1);
});
