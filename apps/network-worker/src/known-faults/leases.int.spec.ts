import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { addressOf, allocate, createNetwork, failureOf } from '../testing/requests.js';
import type { CloudWorker } from './testing/cloud-worker.js';
import type { PlannedHost } from './testing/planned-host.js';
import { startCloud, type TestCloud } from './testing/test-cloud.js';

// nova: a lost or late event of dnsmasq kept an address for ten minutes or for ever, or gave its lease to the next owner.

let cloud: TestCloud;
let [h1, h2]: CloudWorker<PlannedHost>[] = [];

beforeEach(async () => {
  cloud = await startCloud({ fixed_ip_disassociate_timeout: '600' });
  [h1, h2] = await cloud.startAll('h1', 'h2');
});

const macOf = (n: number) => `fa:16:3e:00:00:0${n}`;
const toldTo = (server: string, method: string, address: string, mac: string) =>
  cloud.call(method, { address, mac }, { server });

/** An instance of this host, its address leased there. */
async function running(host: string, n = 1): Promise<{ uuid: string; address: string; mac: string }> {
  const [uuid, mac] = [randomUUID(), macOf(n)];
  const address = String(addressOf(await allocate(cloud.at('h1'), uuid, { host, macs: [mac] })));
  await toldTo(host, 'lease_fixed_ip', address, mac);
  return { uuid, address, mac };
}

const remove = (uuid: string) => cloud.call('deallocate_for_instance', { instance: { uuid } });
const age = (seconds: number) =>
  cloud.rows('UPDATE fixed_ips SET updated_at = UTC_TIMESTAMP(6) - INTERVAL ? SECOND', [seconds]);
const draining = () => cloud.rows('SELECT address FROM fixed_ips WHERE leased = 1 AND allocated = 0');

async function housekeep(): Promise<void> {
  for (const worker of [h1, h2]) await worker?.housekeeping.run();
}

describe('an address whose release was lost is freed after fixed_ip_disassociate_timeout', () => {
  test.each([
    { network: 'single-host', where: 'on its host', since: undefined },
    { network: 'multi-host', where: 'on its host', since: undefined },
    { network: 'multi-host', where: 'on no host', since: 'UPDATE instances SET host = NULL' },
    { network: 'multi-host', where: 'forgotten', since: 'DELETE FROM instances' },
    { network: 'multi-host', where: 'on a host that was removed', since: "UPDATE instances SET host = 'h9'" },
  ])('in a $network network, its instance $where', async ({ network, since }) => {
    await createNetwork(cloud, { multi_host: network === 'multi-host' });
    const { uuid, address } = await running('h1');
    await remove(uuid);
    if (since) await cloud.rows(`${since} WHERE uuid = ?`, [uuid]);
    if (since) await cloud.rows("UPDATE fixed_ips SET lease_host = 'h9' WHERE leased = 1");
    await age(590);
    await housekeep();
    expect(await draining()).toEqual([{ address }]);
    await age(610);
    await housekeep();
    expect(await draining()).toEqual([]);
    expect(await failureOf(cloud.call('get_fixed_ip_by_address', { address }))).toContain('NotFound');
  });
});

test('an address is free as soon as its instance gave it back', async () => {
  await createNetwork(cloud, { cidr: '10.0.0.0/30' });
  for (let n = 1; n <= 5; n += 1) {
    const { uuid, address, mac } = await running('h1', n);
    expect(address).toBe('10.0.0.2');
    await remove(uuid);
    await toldTo('h1', 'release_fixed_ip', address, mac);
    const brief = randomUUID();
    expect(addressOf(await allocate(cloud, brief))).toBe('10.0.0.2');
    await remove(brief);
  }
});

test('a lease event of a MAC that does not hold the address changes nothing and ends that lease', async () => {
  await createNetwork(cloud, { cidr: '10.0.0.0/29' });
  const gone = await running('h1', 1);
  await remove(gone.uuid);
  const held = await running('h1', 2);
  const before = await cloud.dump();
  const stranger = macOf(9);
  for (const address of [gone.address, held.address, '10.0.0.6']) {
    await toldTo('h1', 'lease_fixed_ip', address, stranger);
    expect(h1?.endedLeases.splice(0)).toEqual([`${address} ${stranger}`]);
    await toldTo('h1', 'release_fixed_ip', address, stranger);
  }
  expect(await cloud.dump()).toEqual(before);
});

test('the late events of a former owner do not touch the lease of the next one', async () => {
  await createNetwork(cloud, { cidr: '10.0.0.0/30' });
  const former = await running('h1', 1);
  await remove(former.uuid);
  await toldTo('h1', 'release_fixed_ip', former.address, former.mac);
  const next = await running('h1', 2);
  expect(next.address).toBe(former.address);
  const before = await cloud.dump();
  await toldTo('h1', 'lease_fixed_ip', former.address, former.mac);
  await toldTo('h1', 'release_fixed_ip', former.address, former.mac);
  expect(await cloud.dump()).toEqual(before);
});

test('a lease that comes while its instance is deleted leaves nothing behind', async () => {
  await createNetwork(cloud);
  for (let n = 1; n <= 9; n += 1) {
    const { uuid, address, mac } = await running('h1', n);
    await Promise.all([remove(uuid), toldTo('h1', 'lease_fixed_ip', address, mac)]);
    await toldTo('h1', 'release_fixed_ip', address, mac);
  }
  expect(await cloud.rows("SELECT address FROM fixed_ips WHERE role = 'instance'")).toEqual([]);
});
