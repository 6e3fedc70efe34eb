import { randomUUID } from 'node:crypto';
import { metrics } from '@novanet/observability';
import { beforeEach, describe, expect, test } from 'vitest';
import type { CloudWorker } from '../known-faults/testing/cloud-worker.js';
import type { PlannedHost } from '../known-faults/testing/planned-host.js';
import { startCloud, type TestCloud } from '../known-faults/testing/test-cloud.js';
import { addressOf, allocate, createNetwork } from '../testing/requests.js';

const timeout = 600;

let cloud: TestCloud;
let workers: CloudWorker<PlannedHost>[];
let uuid: string;
let address: string;

/** An instance of h1, whose network h1 serves. */
beforeEach(async () => {
  cloud = await startCloud({
    fixed_ip_disassociate_timeout: String(timeout),
    instance_dns_manager: 'dnsmasq',
    instance_dns_domain: 'cloud.example',
  });
  workers = await cloud.startAll('h1', 'h2', 'h3');
  await createNetwork(cloud);
  uuid = randomUUID();
  address = await booted(uuid);
});

const booted = async (instance: string) =>
  String(addressOf(await allocate(cloud.at('h1'), instance, { host: 'h1' })));
const leased = () => cloud.call('lease_fixed_ip', { address }, { server: 'h1' });

/** Everything was written so long ago. */
async function age(seconds: number): Promise<void> {
  const then = 'UTC_TIMESTAMP(6) - INTERVAL ? SECOND';
  for (const table of ['fixed_ips', 'instances']) {
    await cloud.rows(`UPDATE ${table} SET created_at = ${then}, updated_at = ${then}`, [seconds, seconds]);
  }
  for (const table of ['virtual_interfaces', 'processed_requests']) {
    await cloud.rows(`UPDATE ${table} SET created_at = ${then}`, [seconds]);
  }
}

/** What the workers have counted so far, by kind. */
async function counted(): Promise<Map<string, number>> {
  const lines = (await metrics.metrics()).matchAll(/^novanet_reconciled_rows_total\{kind="(\w+)"\} (\d+)$/gm);
  return new Map([...lines].map(([, kind = '', count]) => [kind, Number(count)]));
}

/** All hosts at once; answers what they counted, without what there was none of. */
async function housekeep(): Promise<Record<string, number>> {
  const before = await counted();
  await Promise.all(workers.map(({ housekeeping }) => housekeeping.run()));
  const now = [...(await counted())].map(([kind, count]) => [kind, count - (before.get(kind) ?? 0)] as const);
  return Object.fromEntries(now.filter(([, count]) => count > 0));
}

/** What a worker has written when it dies in the middle of a deallocation: no host was told. */
const diedWhileDeallocating = () => workers[1]!.ipam.fixedIps.deallocate(uuid);

/** Its compute service deletes it for good. */
const deleted = async (instance: string) => {
  await cloud.call('deallocate_for_instance', { instance: { uuid: instance } });
  await workers[0]!.ipam.instances.remove(instance);
};

/** The request had waited somewhere while its instance was deleted. */
async function allocatedAfterDeletion(): Promise<void> {
  await deleted(uuid);
  address = await booted(uuid);
}

const kinds: { readonly kind: string; readonly name: string; readonly make: () => Promise<unknown> }[] = [
  {
    kind: 'unreleased',
    name: 'leased to an instance that is gone, since the worker died that deallocated it',
    make: async () => {
      await leased();
      await diedWhileDeallocating();
      await workers[1]!.ipam.instances.remove(uuid);
    },
  },
  {
    kind: 'orphaned',
    name: 'allocated to an instance that nobody knows',
    make: async () => {
      await cloud.rows('UPDATE fixed_ips SET vif_id = NULL WHERE address = ?', [address]);
      await cloud.rows('DELETE FROM virtual_interfaces');
      await cloud.rows('DELETE FROM instances');
    },
  },
  { kind: 'deleted', name: 'allocated to an instance after its deletion', make: allocatedAfterDeletion },
  {
    kind: 'forgotten',
    name: 'neither leased nor allocated',
    make: async () => {
      await deleted(uuid);
      await cloud.rows(
        `INSERT INTO fixed_ips (subnet_id, address, number, role)
         SELECT id, '10.0.0.9', 167772169, 'instance' FROM subnets`,
      );
    },
  },
];

const used = () => cloud.rows("SELECT address FROM fixed_ips WHERE role = 'instance'");

describe('an address', () => {
  test.each(kinds)('$name is free after the timeout, and counts as $kind', async ({ kind, make }) => {
    await make();
    await age(timeout - 10);
    expect(await housekeep()).toEqual({});
    expect(await used()).toHaveLength(1);
    await age(timeout + 10);
    expect(await housekeep()).toMatchObject({ [kind]: 1 });
    expect(await used()).toEqual([]);
  });

  test('allocated to an instance after its deletion leaves neither a name nor anything on its host', async () => {
    await allocatedAfterDeletion();
    expect(workers[0]?.linux.servedMacs).toHaveLength(1);
    await age(timeout + 10);
    await housekeep();
    expect(await cloud.rows('SELECT id FROM dns_entries')).toEqual([]);
    await workers[0]?.converge();
    expect(workers[0]?.linux.servedMacs).toEqual([]);
    await housekeep();
    expect(await cloud.rows('SELECT id FROM instances')).toEqual([]);
  });
});

describe('an address is left alone', () => {
  const signsOfLife: { readonly name: string; readonly make: () => Promise<unknown> }[] = [
    { name: 'whose instance never asked for a lease', make: async () => {} },
    { name: 'whose instance holds a lease', make: leased },
    { name: 'whose instance was deallocated before and came back', make: backAgain },
    {
      name: 'of an instance whose lease is over for long',
      make: () => cloud.rows("UPDATE fixed_ips SET leased = 1, lease_expires_at = '2001-01-01'"),
    },
    {
      name: 'of an instance on a host that is gone',
      make: () => cloud.rows("UPDATE instances SET host = 'h9'"),
    },
    {
      name: 'of an instance that nobody was told of yet',
      make: () => cloud.rows('UPDATE virtual_interfaces SET confirmed = 0'),
    },
    {
      name: 'of an instance that was deleted, and is registered',
      make: async () => {
        await allocatedAfterDeletion();
        await cloud.rows('UPDATE instances SET is_registered = 1');
      },
    },
    {
      name: 'of an instance that was deleted, and was seen since',
      make: async () => {
        await allocatedAfterDeletion();
        await cloud.rows('UPDATE instances SET observed_at = UTC_TIMESTAMP(3)');
      },
    },
    {
      name: 'of an instance that was deleted, and holds a lease',
      make: async () => {
        await allocatedAfterDeletion();
        await leased();
      },
    },
  ];

  async function backAgain(): Promise<void> {
    await cloud.call('deallocate_for_instance', { instance: { uuid } });
    address = await booted(uuid);
  }

  test.each(signsOfLife)('$name', async ({ make }) => {
    await make();
    await age(30 * 24 * 3600);
    // what is remembered of deletions would be forgotten at that age
    await cloud.rows('UPDATE processed_requests SET created_at = UTC_TIMESTAMP(6) - INTERVAL 3600 SECOND');
    const before = await cloud.dump();
    expect(await housekeep()).toEqual({});
    expect(await cloud.dump()).toEqual(before);
  });
});
