import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { addressOf, allocate, createNetwork, failureOf } from '../testing/requests.js';
import { startCloud, type TestCloud } from './testing/test-cloud.js';

const uuids = (count: number) => Array.from({ length: count }, () => randomUUID());

/** As nova-compute cleans up behind a failed build: the instance is on no host, the networks are those asked for. */
const cleanUp = ({ call }: TestCloud, uuid: string, network: string) =>
  call('deallocate_for_instance', {
    instance: { uuid, host: null, project_id: 'p' },
    requested_networks: [[network, null]],
  });

async function allocatedAddresses({ rows }: TestCloud): Promise<string[]> {
  const found = await rows<{ address: string }>('SELECT address FROM fixed_ips WHERE allocated = 1');
  return found.map(({ address }) => address);
}

// nova: two requests for one address at once both succeeded, and two instances believed they had it.
test('of a hundred instances that ask for one address at once, exactly one gets it', async () => {
  const cloud = await startCloud();
  await cloud.startAll('h1', 'h2');
  const { uuid: network } = await createNetwork(cloud);
  const wish = { requested_networks: [[network, '10.0.0.77']] };
  const outcomes = await Promise.all(uuids(100).map((uuid) => failureOf(allocate(cloud, uuid, wish))));
  expect(outcomes.filter((outcome) => outcome === 'nothing was refused')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome.startsWith('FixedIpAlreadyInUse'))).toHaveLength(99);
  expect(await allocatedAddresses(cloud)).toEqual(['10.0.0.77']);
});

// nova: kept the addresses of failed builds when networks were asked for; those of multi-host networks for ever.
test.each([
  { kind: 'single-host', multi_host: false },
  { kind: 'multi-host', multi_host: true },
])('failed builds that asked for a $kind network leave its pool as it was', async ({ multi_host }) => {
  const cloud = await startCloud();
  const worker = await cloud.start('h1');
  const network = await createNetwork(cloud, { cidr: '10.0.0.0/28', multi_host });
  const wish = { host: 'h1', requested_networks: [[network.uuid, null]] };
  await allocate(cloud, randomUUID(), wish);
  const before = await cloud.dump();
  for (const uuid of uuids(20)) {
    await allocate(cloud, uuid, wish);
    await cleanUp(cloud, uuid, network.uuid);
  }
  worker.linux.problems = [{ subject: 'br100', message: 'no such device', blocks: 'all' }];
  for (const uuid of uuids(20)) {
    expect(await failureOf(allocate(cloud, uuid, wish))).toContain('HostSetupFailed');
    await cleanUp(cloud, uuid, network.uuid);
  }
  await worker.ipam.fixedIps.freeStale({ host: worker.host, before: new Date(Date.now() + 60_000) });
  expect(await cloud.dump()).toEqual(before);
});

// nova: all took the first free row, and after five lost races gave up.
test('five hundred allocations at once at two workers all succeed, each with an address of its own', async () => {
  const cloud = await startCloud();
  await cloud.startAll('h1', 'h2');
  await createNetwork(cloud, { cidr: '10.0.0.0/22', network_size: 1024 });
  const answers = await Promise.all(uuids(500).map((uuid) => allocate(cloud, uuid, { host: 'h1' })));
  expect(new Set(answers.map(addressOf)).size).toBe(500);
  expect(await allocatedAddresses(cloud)).toHaveLength(500);
});

// nova: looked for the IPv4 address it had not given, and failed.
test('an instance boots on a network that has IPv6 only', async () => {
  const cloud = await startCloud({ use_ipv6: 'true' });
  const { linux } = await cloud.start('h1');
  await createNetwork(cloud, { cidr: null, cidr_v6: 'fd00:0:0:1::/64' });
  const uuid = randomUUID();
  const [vif] = await allocate(cloud, uuid, { macs: ['fa:16:3e:1b:2c:3d'] });
  const [v4, v6] = vif?.network.subnets ?? [];
  expect(v4).toMatchObject({ cidr: null, ips: [] });
  expect(v6).toMatchObject({
    cidr: 'fd00:0:0:1::/64',
    gateway: { address: 'fd00:0:0:1::1' },
    ips: [{ address: 'fd00::1:f816:3eff:fe1b:2c3d' }],
  });
  expect(linux.bridges).toEqual(['br100']);
  await cloud.call('deallocate_for_instance', { instance: { uuid } });
  expect(await cloud.call('get_instance_nw_info', { instance_id: uuid })).toEqual([]);
});

// nova: gave anybody an address of any network whose uuid he knew.
test('an instance gets no further address in a network of another project', async () => {
  const cloud = await startCloud();
  await cloud.start('h1');
  const { uuid: common } = await createNetwork(cloud);
  const theirs = await createNetwork(cloud, { cidr: '10.1.0.0/24', bridge: 'br101', project_id: 'other' });
  const uuid = randomUUID();
  await allocate(cloud, uuid, { requested_networks: [[common, null]] });
  const before = await cloud.dump();
  const user = { user_id: 'u', project_id: 'p', is_admin: false };
  const admin = { user_id: 'root', project_id: 'ops', is_admin: true };
  for (const network_id of [theirs.uuid, theirs.id]) {
    for (const context of [user, admin]) {
      const args = { instance_id: uuid, host: 'compute1', network_id };
      const outcome = await failureOf(cloud.call('add_fixed_ip_to_instance', args, { context }));
      expect(outcome).toBe('Forbidden: Not authorized.');
    }
  }
  expect(await cloud.dump()).toEqual(before);
  await cloud.call('add_fixed_ip_to_instance', { instance_id: uuid, host: 'compute1', network_id: common });
  expect(await allocatedAddresses(cloud)).toHaveLength(2);
});
