import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { allocate, createNetwork, failureOf } from '../testing/requests.js';
import { sharedWorker, startWorker } from '../testing/test-worker.js';

const shared = sharedWorker();

describe('refusals', () => {
  const nowhere = '00000000-0000-4000-8000-000000000001';

  it.each([
    [
      'no network at all is found',
      { requested_networks: [[nowhere, null]] },
      'NoNetworksFound: No networks defined.',
    ],
    ['an address is none', { wish: 'bogus' }, 'FixedIpInvalid: Fixed IP address bogus is invalid.'],
    ['an address is of another network', { wish: '10.9.0.1' }, 'FixedIpNotFoundForNetwork'],
    ['an address is the gateway', { wish: '10.0.0.1' }, 'FixedIpNotFoundForNetwork'],
    [
      'an address is held',
      { wish: '10.0.0.2' },
      'FixedIpAlreadyInUse: Fixed IP address 10.0.0.2 is already in use',
    ],
    ['the uuid is none', { instance_id: 'mine' }, 'InvalidUUID: Expected a uuid but received mine.'],
    ['a MAC is none', { macs: ['00:11'] }, 'InvalidInput'],
    ['there are too few MACs', { macs: [] }, 'VirtualInterfaceCreateException'],
    ['a MAC is taken', { macs: ['fa:16:3e:00:00:01'] }, 'VirtualInterfaceMacAddressException'],
    ['an argument has the wrong type', { macs: 'fa:16:3e:00:00:01' }, 'TypeError: allocate_for_instance()'],
  ])('say so when %s', async (_name, { wish, ...args }: Record<string, unknown>, text) => {
    const worker = shared();
    const { uuid } = await createNetwork(worker);
    await allocate(worker, randomUUID(), { macs: ['fa:16:3e:00:00:01'] });
    const wishes = wish === undefined ? {} : { requested_networks: [[uuid, wish]] };
    expect(await failureOf(allocate(worker, randomUUID(), { ...wishes, ...args }))).toContain(text);
  });

  it('say so when no address is left, and take nothing', async () => {
    const worker = shared();
    await createNetwork(worker, { cidr: '10.0.0.0/29' });
    const instances = Array.from({ length: 5 }, () => randomUUID());
    for (const uuid of instances) await allocate(worker, uuid);
    const late = randomUUID();
    expect(await failureOf(allocate(worker, late))).toContain('NoMoreFixedIps');
    expect(await worker.ipam.fixedIps.nicsOf(late)).toEqual([]);
  });

  it('say so when the project has its share', async () => {
    const worker = await startWorker({ quota_fixed_ips: '1' });
    await createNetwork(worker);
    await allocate(worker, randomUUID());
    expect(await failureOf(allocate(worker, randomUUID()))).toContain('FixedIpLimitExceeded');
  });
});
