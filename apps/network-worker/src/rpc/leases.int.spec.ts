import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { addressOf, allocate, createNetwork, failureOf } from '../testing/requests.js';
import { sharedWorker } from '../testing/test-worker.js';

const shared = sharedWorker();

describe('lease events', () => {
  it('of the holder are recorded, of anybody else change nothing', async () => {
    const worker = shared();
    const network = await createNetwork(worker);
    const mac = 'fa:16:3e:00:00:01';
    const address = addressOf(await allocate(worker, randomUUID(), { macs: [mac] }));
    const state = async () => {
      const answer = await worker.call('get_fixed_ip_by_address', { address });
      return (answer as { 'nova_object.data': { leased: boolean } })['nova_object.data'].leased;
    };
    await worker.call('lease_fixed_ip', { address, mac: 'fa:16:3e:00:00:99' });
    expect(await state()).toBe(false);
    expect(worker.ended).toEqual([`${address} fa:16:3e:00:00:99`]);
    await worker.call('lease_fixed_ip', { address, mac, expires_at: 1_900_000_000 });
    expect(await state()).toBe(true);
    expect(await worker.call('get_dhcp_leases', { network_ref: { id: network.id } })).toMatch(
      /^1900000000 fa:16:3e:00:00:01 10\.0\.0\.2 server-\S+ \*\n?$/,
    );
    await worker.call('release_fixed_ip', { address, mac: 'fa:16:3e:00:00:99' });
    expect(await state()).toBe(true);
    await worker.call('release_fixed_ip', { address, mac });
    expect(await state()).toBe(false);
  });

  it('that come when the instance is gone make dnsmasq give the lease up', async () => {
    const worker = shared();
    await createNetwork(worker);
    const [uuid, mac] = [randomUUID(), 'fa:16:3e:00:00:01'];
    const address = addressOf(await allocate(worker, uuid, { macs: [mac] }));
    await worker.call('deallocate_for_instance', { instance: { uuid } });
    await worker.call('lease_fixed_ip', { address, mac });
    expect(worker.ended).toEqual(['10.0.0.2 fa:16:3e:00:00:01']);
  });

  it('free a deallocated address', async () => {
    const worker = shared();
    await createNetwork(worker);
    const [uuid, mac] = [randomUUID(), 'fa:16:3e:00:00:01'];
    const address = addressOf(await allocate(worker, uuid, { macs: [mac] }));
    await worker.call('lease_fixed_ip', { address, mac });
    await worker.call('deallocate_for_instance', { instance: { uuid } });
    expect(await worker.call('get_fixed_ip_by_address', { address })).toMatchObject({
      'nova_object.data': { allocated: false, leased: true },
    });
    await worker.call('release_fixed_ip', { address, mac });
    expect(await failureOf(worker.call('get_fixed_ip_by_address', { address }))).toContain('FixedIpNotFound');
  });
});
