import { randomUUID } from 'node:crypto';
import type { NetworkDict } from '@novanet/contracts';
import { NetworkHostUnavailable } from '@novanet/ipam';
import { parseHostName } from '@novanet/net-address';
import { HostSetupFailed } from '@novanet/network-managers';
import { describe, expect, it } from 'vitest';
import { addressOf, allocate, createNetwork, failureOf } from '../testing/requests.js';
import { sharedWorker } from '../testing/test-worker.js';

const shared = sharedWorker();

describe('an instance', () => {
  it('gets the lowest address, the next one the next', async () => {
    const worker = shared();
    await createNetwork(worker);
    expect(addressOf(await allocate(worker, randomUUID()))).toBe('10.0.0.2');
    expect(addressOf(await allocate(worker, randomUUID()))).toBe('10.0.0.3');
    expect(worker.hosts.asked).toEqual(['set up private on h1', 'set up private on h1']);
  });

  it('keeps what it has when it is allocated again', async () => {
    const worker = shared();
    await createNetwork(worker);
    const uuid = randomUUID();
    const first = await allocate(worker, uuid);
    expect(await allocate(worker, uuid)).toEqual(first);
    expect(await worker.call('get_instance_nw_info', { instance_id: uuid })).toEqual(first);
  });

  it('is answered all its NICs when it gets one more, and none more unless asked for', async () => {
    const worker = shared();
    await createNetwork(worker);
    const uuid = randomUUID();
    const first = await allocate(worker, uuid);
    const more = await createNetwork(worker, { label: 'more', cidr: '10.1.0.0/24' });
    expect(await allocate(worker, uuid)).toEqual(first);
    const both = await allocate(worker, uuid, { requested_networks: [[more.uuid, null]] });
    expect(both.map((vif) => vif.network.label)).toEqual(['private', 'more']);
  });

  it('keeps what another request was answered when this one fails', async () => {
    const worker = shared();
    await createNetwork(worker);
    const uuid = randomUUID();
    const first = await allocate(worker, uuid);
    worker.hosts.failure = new HostSetupFailed('h1', 'private', ['no such device']);
    expect(await failureOf(allocate(worker, uuid))).toContain('HostSetupFailed');
    expect(await worker.call('get_instance_nw_info', { instance_id: uuid })).toEqual(first);
  });

  it('gets a NIC in each of several networks, in the order asked for', async () => {
    const worker = shared();
    await createNetwork(worker, { label: 'front' });
    const back = await createNetwork(worker, { label: 'back', cidr: '10.1.0.0/24', bridge: 'br101' });
    const front = ((await worker.call('get_all_networks')) as NetworkDict[]).find(
      ({ label }) => label === 'front',
    );
    const info = await allocate(worker, randomUUID(), {
      requested_networks: [
        [back.uuid, '10.1.0.9'],
        [front?.uuid, null],
      ],
      macs: ['fa:16:3e:00:00:01', 'fa:16:3e:00:00:02'],
    });
    expect(
      info.map((vif) => [vif.address, vif.network.label, vif.network.subnets[0].ips[0]?.address]),
    ).toEqual([
      ['fa:16:3e:00:00:01', 'back', '10.1.0.9'],
      ['fa:16:3e:00:00:02', 'front', '10.0.0.2'],
    ]);
  });

  it('leaves the database as it was when its host cannot set the network up', async () => {
    const worker = shared();
    await createNetwork(worker);
    worker.hosts.failure = new HostSetupFailed('h1', 'private', ['device eth9 does not exist']);
    const uuid = randomUUID();
    expect(await failureOf(allocate(worker, uuid))).toContain('device eth9 does not exist');
    expect(await worker.ipam.fixedIps.nicsOf(uuid)).toEqual([]);
    worker.hosts.failure = undefined;
    expect(addressOf(await allocate(worker, uuid))).toMatch(/^10\.0\.0\./);
  });

  it('keeps its first NIC when the second one fails', async () => {
    const worker = shared();
    await createNetwork(worker);
    const uuid = randomUUID();
    const first = await allocate(worker, uuid);
    const more = await createNetwork(worker, { label: 'more', cidr: '10.1.0.0/24' });
    worker.hosts.failure = new HostSetupFailed('h1', 'more', ['no such device']);
    const wish = { requested_networks: [[more.uuid, null]] };
    expect(await failureOf(allocate(worker, uuid, wish))).toContain('HostSetupFailed');
    expect(await worker.call('get_instance_nw_info', { instance_id: uuid })).toEqual(first);
  });

  it('is refused before anything is written when the host of its network is down', async () => {
    const worker = shared();
    const { id } = await createNetwork(worker);
    await worker.ipam.networks.claimHost(id, parseHostName('h9'));
    const uuid = randomUUID();
    expect(await failureOf(allocate(worker, uuid))).toContain('NetworkHostUnavailable');
    expect(await worker.ipam.instances.find(uuid)).toBeUndefined();
  });

  it('gives everything back, and its address is free again', async () => {
    const worker = shared();
    await createNetwork(worker);
    const uuid = randomUUID();
    const address = addressOf(await allocate(worker, uuid));
    await worker.call('deallocate_for_instance', { instance: { uuid }, requested_networks: null });
    await worker.call('deallocate_for_instance', { instance: { uuid }, requested_networks: null });
    expect(await worker.call('get_instance_nw_info', { instance_id: uuid })).toEqual([]);
    expect(await failureOf(worker.call('get_fixed_ip_by_address', { address }))).toContain(
      'FixedIpNotFoundForAddress',
    );
  });

  it('gives back its addresses also when its host is down', async () => {
    const worker = shared();
    await createNetwork(worker);
    const uuid = randomUUID();
    await allocate(worker, uuid);
    worker.hosts.failure = new NetworkHostUnavailable('h1', 'down');
    await worker.call('deallocate_for_instance', { instance: { uuid } });
    expect(await worker.ipam.fixedIps.nicsOf(uuid)).toEqual([]);
  });

  it("is not found by a number: that is the compute service's own", async () => {
    const worker = shared();
    await createNetwork(worker);
    const uuid = randomUUID();
    const first = await allocate(worker, uuid);
    const byNumber = { instance_id: 1, host: 'compute1', project_id: 'p' };
    expect(await failureOf(worker.call('deallocate_for_instance', byNumber))).toContain('InstanceNotFound');
    expect(await worker.call('get_instance_nw_info', { instance_id: uuid })).toEqual(first);
  });

  it('is known by the number that its compute service says when it moves', async () => {
    const worker = shared();
    await createNetwork(worker);
    const uuid = randomUUID();
    await allocate(worker, uuid);
    const args = { instance_id: 42, host: 'h1', instance: { id: 42, uuid, host: 'h1' } };
    await worker.call('setup_networks_on_host', args);
    expect(await worker.ipam.instances.find(uuid)).toMatchObject({ computeId: 42 });
  });

  it('may leave another password once the first is cleared, also one that is not there', async () => {
    const worker = shared();
    const uuid = randomUUID();
    const target = { topic: worker.topic, namespace: 'novanet', version: '1.0' };
    const { instances } = worker.ipam;
    await worker.client.call(target, 'put_instance', { instance: { uuid } });
    await instances.leavePassword(uuid, 'first');
    await worker.client.call(target, 'clear_instance_password', { uuid });
    expect(await instances.password(uuid)).toBe('');
    await worker.client.call(target, 'clear_instance_password', { uuid });
    expect(await instances.leavePassword(uuid, 'second')).toBe('stored');
    await worker.client.call(target, 'clear_instance_password', { uuid: randomUUID() });
    expect(await instances.password(uuid)).toBe('second');
  });

  it('is registered and removed by its compute service', async () => {
    const worker = shared();
    const uuid = randomUUID();
    const target = { topic: worker.topic, namespace: 'novanet', version: '1.0' };
    const put = { instance: { uuid, project_id: 'p', hostname: 'web', meta: { role: 'front' } } };
    expect(await worker.client.call(target, 'put_instance', put)).toMatchObject({
      hostname: 'web',
      registered: true,
    });
    expect(await worker.call('get_instance_nw_info', { instance_id: uuid })).toEqual([]);
    await worker.client.call(target, 'delete_instance', { uuid });
    expect(await failureOf(worker.call('get_instance_nw_info', { instance_id: uuid }))).toContain(
      'InstanceNotFound',
    );
  });
});
