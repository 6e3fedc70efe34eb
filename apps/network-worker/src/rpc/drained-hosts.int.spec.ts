import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { startCloud, type TestCloud } from '../known-faults/testing/test-cloud.js';
import { addressOf, allocate, createNetwork, failureOf } from '../testing/requests.js';

const ours = { namespace: 'novanet', context: { is_admin: true } };

const drain = (cloud: TestCloud, args: object, server?: string) =>
  cloud.call('drain_host', { ...args }, { ...ours, ...(server && { server }) });

async function floatingFor({ call }: Pick<TestCloud, 'call'>, fixed: unknown): Promise<string> {
  const address = String(await call('allocate_floating_ip', { project_id: 'p' }));
  await call('associate_floating_ip', { floating_address: address, fixed_address: fixed });
  return address;
}

/** h1 serves a network of its own, and on another one its own instance; each instance has a floating IP. */
async function busyHost() {
  const cloud = await startCloud({ default_floating_pool: 'nova' });
  const [h1, h2] = await cloud.startAll('h1', 'h2');
  const single = await createNetwork(cloud);
  const more = { label: 'multi', cidr: '10.1.0.0/24', bridge: 'br101', multi_host: true };
  const multi = await createNetwork(cloud, more);
  await cloud.call('grow_floating_pool', { range: '203.0.113.0/29' }, ours);
  const asked = cloud.at('h1');
  const [away, here] = [randomUUID(), randomUUID()];
  const wish = (uuid: string) => ({ requested_networks: [[uuid, null]] });
  const awayInfo = await allocate(asked, away, { host: 'h2', ...wish(single.uuid) });
  const hereInfo = await allocate(asked, here, { host: 'h1', ...wish(multi.uuid) });
  const moving = await floatingFor(asked, addressOf(awayInfo));
  const staying = await floatingFor(asked, addressOf(hereInfo));
  return { cloud, h1: h1!, h2: h2!, single, here, moving, staying };
}

const statuses = (cloud: TestCloud) =>
  cloud.rows('SELECT host, disabled, disabled_reason FROM services ORDER BY host');
const drained = { host: 'h1', disabled: 1, disabled_reason: 'drained' };
const open = (host: string) => ({ host, disabled: 0, disabled_reason: null });

test.each([
  { name: 'by itself', server: 'h1', args: {} },
  { name: 'by another', server: 'h2', args: {} },
  { name: 'for an heir', server: 'h1', args: { heir: 'h2' } },
])('a living host is emptied $name, and keeps what only it can serve', async ({ server, args }) => {
  const { cloud, h1, h2, single, here, moving, staying } = await busyHost();
  const left = { host: 'h1', addresses: [], floating_ips_left: [staying], instances: [here], problems: [] };
  expect(await drain(cloud, { host: 'h1', ...args }, server)).toEqual({
    ...left,
    networks: [single.uuid],
    floating_ips_moved: [moving],
  });
  // A host that is slow to clean up holds nobody up.
  await expect.poll(() => [h1.linux.bridges, h2.linux.bridges]).toEqual([['br101'], ['br100']]);
  await expect.poll(() => [h1.linux.carried, h2.linux.carried]).toEqual([[staying], [moving]]);
  expect(await statuses(cloud)).toEqual([drained, open('h2')]);
  const again = { ...left, networks: [], floating_ips_moved: [] };
  expect(await drain(cloud, { host: 'h1', ...args }, server)).toEqual(again);
  await cloud.call('deallocate_for_instance', { instance: { uuid: here } });
  await cloud.call('delete_instance', { uuid: here }, ours);
  const empty = { ...again, floating_ips_left: [], instances: [] };
  expect(await drain(cloud, { host: 'h1' })).toEqual(empty);
});

test('a host whose heir makes no sense is left as it is', async () => {
  const { cloud, h1, single } = await busyHost();
  await cloud.start('h3');
  const h3 = { host: 'h3', binary: 'network-worker' };
  await cloud.call('set_service_status', { ...h3, disabled: true, reason: 'new disks' }, ours);
  const refusals: [object, string][] = [
    [{ host: 'h1', heir: 'h1' }, 'InvalidInput'],
    [{ host: 'h1', heir: 'h9' }, 'no worker of that name ever reported'],
    [{ host: 'h1', heir: 'h3' }, 'it is disabled: new disks'],
    [{ host: 'h9' }, 'no worker of that name ever reported'],
  ];
  for (const [args, text] of refusals) expect(await failureOf(drain(cloud, args))).toContain(text);
  expect(await statuses(cloud)).toMatchObject([open('h1'), open('h2'), { host: 'h3', disabled: 1 }]);
  expect(h1.linux.bridges).toEqual(['br100', 'br101']);
  expect(await cloud.rows('SELECT host FROM networks WHERE id = ?', [single.id])).toEqual([{ host: 'h1' }]);
});

test('what cannot be moved stays and is told, and is moved by the next try', async () => {
  const { cloud, h2, single, moving, staying } = await busyHost();
  h2.linux.problems = [{ subject: 'br100', message: 'no such device', blocks: 'all' }];
  const failed = {
    networks: [],
    floating_ips_moved: [],
    floating_ips_left: expect.arrayContaining([moving, staying]),
    problems: [expect.stringMatching(`^network ${single.uuid} stays: .*no such device`)],
  };
  expect(await drain(cloud, { host: 'h1' }, 'h1')).toMatchObject(failed);
  expect(await cloud.rows('SELECT host FROM networks WHERE id = ?', [single.id])).toEqual([{ host: 'h1' }]);
  h2.linux.problems = [];
  const done = { networks: [single.uuid], floating_ips_moved: [moving], problems: [] };
  expect(await drain(cloud, { host: 'h1' }, 'h1')).toMatchObject(done);
});
