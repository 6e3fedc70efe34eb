import { randomUUID } from 'node:crypto';
import type { NetworkDict } from '@novanet/contracts';
import { NetworkHostUnavailable } from '@novanet/ipam';
import { parseHostName } from '@novanet/net-address';
import { DeleteNetwork } from '@novanet/network-managers';
import { describe, expect, it } from 'vitest';
import { allocate, createNetwork, failureOf } from '../testing/requests.js';
import { sharedWorker } from '../testing/test-worker.js';

const shared = sharedWorker();

describe('networks', () => {
  it('are created, listed, shown and deleted', async () => {
    const worker = shared();
    const created = await createNetwork(worker);
    expect(created).toMatchObject({
      label: 'private',
      cidr: '10.0.0.0/24',
      gateway: '10.0.0.1',
      dhcp_server: '10.0.0.1',
      dhcp_start: '10.0.0.2',
      bridge: 'br100',
      host: null,
    });
    expect(await worker.call('get_all_networks')).toEqual([created]);
    const shown = await worker.call('get_network', { network_uuid: created.uuid });
    expect(shown).toMatchObject({
      'nova_object.name': 'Network',
      'nova_object.data': { uuid: created.uuid },
    });
    await worker.call('delete_network', { uuid: created.uuid, fixed_range: null });
    expect(await worker.call('get_all_networks')).toEqual([]);
    expect(await failureOf(worker.call('get_network', { network_uuid: created.uuid }))).toContain(
      'NetworkNotFoundForUUID',
    );
  });

  it('are created and deleted once when the request comes twice, also to another process', async () => {
    const worker = shared();
    const uniqueId = randomUUID().replaceAll('-', '');
    const args = { label: 'private', cidr: '10.0.0.0/24' };
    const first = await worker.call('create_networks', args, { uniqueId });
    // Another process has no memory of the request, only the database.
    const second = await worker.ipam.networks.create(
      () => {
        throw new Error('planned again');
      },
      { requestId: uniqueId },
    );
    const uuids = (first as NetworkDict[]).map(({ uuid }) => uuid);
    expect(second.map((network) => network.uuid)).toEqual(uuids);
    const removal = new DeleteNetwork(
      worker.ipam.networks,
      worker.ipam.fixedIps,
      worker.hosts,
      () => undefined,
    );
    const gone = { uuid: uuids[0] ?? '' };
    await removal.run(gone, 'd'.repeat(32));
    await removal.run(gone, 'd'.repeat(32));
    await expect(removal.run(gone, 'e'.repeat(32))).rejects.toThrow('could not be found');
  });

  it('belong to the worker that claims them first', async () => {
    const worker = shared();
    const { id } = await createNetwork(worker);
    await worker.ipam.networks.claimHost(id, parseHostName('h2'));
    expect(await worker.call('set_network_host', { network_ref: { id } })).toBe('h2');
  });

  it('that are in use cannot be deleted', async () => {
    const worker = shared();
    const { uuid } = await createNetwork(worker);
    await allocate(worker, randomUUID());
    expect(await failureOf(worker.call('delete_network', { uuid }))).toContain('NetworkInUse');
  });

  it('are taken off their host when they are deleted, and it does not matter when that is down', async () => {
    const worker = shared();
    const { uuid } = await createNetwork(worker);
    const instance = randomUUID();
    await allocate(worker, instance);
    await worker.call('deallocate_for_instance', { instance: { uuid: instance } });
    worker.hosts.asked.length = 0;
    worker.hosts.failure = new NetworkHostUnavailable('h1', 'down');
    await worker.call('delete_network', { uuid });
    expect(worker.hosts.asked).toEqual(['tear down on h1']);
  });
});
