import { randomUUID } from 'node:crypto';
import { NetworkHostUnavailable } from '@novanet/ipam';
import { parseHostName } from '@novanet/net-address';
import { expect, it } from 'vitest';
import { addressOf, allocate, createNetwork, failureOf } from '../testing/requests.js';
import { sharedWorker } from '../testing/test-worker.js';

const worker = sharedWorker();
const admin = { context: { user_id: 'root', project_id: 'ops', is_admin: true } };

/** An instance on h2, in a network that h1 serves, with a floating IP. */
async function instanceElsewhere() {
  worker().hosts.up.add('h2');
  const { uuid: network } = await createNetwork(worker());
  const uuid = randomUUID();
  const fixed_address = addressOf(await allocate(worker(), uuid, { host: 'h2' }));
  await worker().callOurs('grow_floating_pool', { pool: 'nova', range: '172.16.0.1' }, admin);
  await worker().call('allocate_floating_ip', { project_id: 'p', pool: 'nova' }, admin);
  const args = { floating_address: '172.16.0.1', fixed_address };
  await worker().call('associate_floating_ip', args, admin);
  expect(await carriers()).toEqual(['h1']);
  return { network, uuid };
}

async function carriers() {
  return (await worker().ipam.floatingIps.list()).map(({ host }) => host);
}

it('floating IPs are carried by whoever serves a converted network', async () => {
  const { network } = await instanceElsewhere();
  await worker().callOurs('convert_network', { network_uuid: network, multi_host: true }, admin);
  expect(await carriers()).toEqual(['h2']);
  expect(worker().hosts.asked).toContain('carry 172.16.0.1 for 10.0.0.2 on h2');
  expect(worker().hosts.asked).toContain('drop 172.16.0.1 on h1');
  await worker().callOurs('convert_network', { network_uuid: network, multi_host: false, host: 'h1' }, admin);
  expect(await carriers()).toEqual(['h1']);
});

it('a host that refuses an instance which was to come is told that it does not', async () => {
  const { network, uuid } = await instanceElsewhere();
  await worker().callOurs('convert_network', { network_uuid: network, multi_host: true }, admin);
  worker().hosts.up.add('h3');
  worker().hosts.failure = new NetworkHostUnavailable(parseHostName('h3'), 'test');
  worker().hosts.asked.length = 0;
  const args = { instance_id: 1, instance: { uuid, host: 'h2' }, host: 'h3' };
  expect(await failureOf(worker().call('setup_networks_on_host', args))).toMatch('NetworkHostUnavailable');
  expect(worker().hosts.asked).toEqual(['set up private on h3', 'tear down on h3']);
  expect(await worker().ipam.whereabouts.hostsOf(uuid)).toEqual(['h2']);
});
