import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { addressOf, allocate, createNetwork, failureOf } from '../testing/requests.js';
import { startCloud } from './testing/test-cloud.js';

const options = {
  update_dns_entries: 'true',
  instance_dns_manager: 'dnsmasq',
  instance_dns_domain: 'vm.lan',
  floating_ip_dns_manager: 'dnsmasq',
};

/** Two hosts that serve a network; what each of them serves as names. */
async function cloudOfTwo() {
  const cloud = await startCloud(options);
  const [h1, h2] = await cloud.startAll('h1', 'h2');
  const network = await createNetwork(cloud, { multi_host: true });
  await allocate(cloud, randomUUID(), { host: 'h2' });
  const namesAt2 = () => h2?.linux.plan?.names.content ?? '';
  return { cloud, h1, h2, network, namesAt2 };
}

const soon = { timeout: 5000, interval: 20 };

// nova: told the others of a deletion with numbers as text, which none of them recognised.
test('names of a deleted instance are gone from the other hosts, and come back changed', async () => {
  const { cloud, namesAt2 } = await cloudOfTwo();
  const uuid = randomUUID();
  const boot = () => allocate(cloud, uuid, { host: 'h1' });
  const first = String(addressOf(await boot()));
  await expect.poll(namesAt2, soon).toContain(`${first} ${uuid}`);
  await cloud.call('deallocate_for_instance', { instance: { uuid, host: 'h1' } });
  await expect.poll(namesAt2, soon).not.toContain(uuid);
  const second = String(addressOf(await boot()));
  expect(second).not.toBe(first);
  await expect.poll(namesAt2, soon).toContain(`${second} ${uuid}`);
  expect(namesAt2()).not.toContain(first);
});

test('every host of a network knows the names that DHCP gives to instances of the others, until they go', async () => {
  const { cloud, h2 } = await cloudOfTwo();
  const uuid = randomUUID();
  const given = () => h2?.linux.plan?.dhcpServers.map(({ instanceNames }) => instanceNames?.content).join('');
  const address = String(addressOf(await allocate(cloud, uuid, { host: 'h1' })));
  await expect.poll(given, soon).toContain(`${address} server-${uuid}.novalocal\n`);
  expect(given()?.match(/\n/g)).toHaveLength(2);
  await cloud.call('deallocate_for_instance', { instance: { uuid, host: 'h1' } });
  await expect.poll(given, soon).not.toContain(uuid);
});

test('update_dns is understood with numbers, numbers as text and uuids', async () => {
  const { cloud, h2, network } = await cloudOfTwo();
  for (const id of [network.id, String(network.id), network.uuid, network.uuid.toUpperCase()]) {
    h2!.linux.plan = undefined;
    await cloud.client.fanout({ topic: cloud.topic, version: '1.3' }, 'update_dns', { network_ids: [id] });
    await expect.poll(() => h2?.linux.plan, soon).toBeDefined();
  }
});

test('an entry that was deleted cannot be modified, and can be added anew', async () => {
  const { cloud, namesAt2 } = await cloudOfTwo();
  const www = { name: 'www', domain: 'example.org' };
  await cloud.call('create_public_dns_domain', { domain: 'example.org' });
  await cloud.call('add_dns_entry', { ...www, address: '203.0.113.10', dns_type: 'A' });
  await expect.poll(namesAt2, soon).toContain('203.0.113.10 www.example.org');
  await cloud.call('delete_dns_entry', www);
  await expect.poll(namesAt2, soon).not.toContain('www');
  const modified = cloud.call('modify_dns_entry', { ...www, address: '203.0.113.11' });
  expect(await failureOf(modified)).toContain('NotFound');
  await cloud.call('add_dns_entry', { ...www, address: '203.0.113.12', dns_type: 'A' });
  await expect.poll(namesAt2, soon).toContain('203.0.113.12 www.example.org');
});
