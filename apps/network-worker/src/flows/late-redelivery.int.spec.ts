import { randomUUID } from 'node:crypto';
import { AllocateForInstance } from '@novanet/network-managers';
import { expect, it } from 'vitest';
import { addressOf, allocate, createNetwork, failureOf } from '../testing/requests.js';
import { sharedWorker, type TestWorker } from '../testing/test-worker.js';

const worker = sharedWorker();

/** The request that a dead worker had, given to this one by the broker. */
function redelivered({ flows }: TestWorker, uuid: string) {
  const isWanted = (provider: object) => 'provide' in provider && provider.provide === AllocateForInstance;
  const provider = flows.providers.find(isWanted);
  const flow: unknown = provider && 'useValue' in provider ? provider.useValue : undefined;
  if (!(flow instanceof AllocateForInstance)) throw new Error('the worker allocates nothing');
  const caller = { projectId: 'p', userId: null, isAdmin: true };
  return flow.run({ instance_id: uuid, project_id: 'p', host: 'h1' }, caller, true);
}

it('a request that comes again after its instance was deallocated gives nothing', async () => {
  await createNetwork(worker());
  const uuid = randomUUID();
  await allocate(worker(), uuid);
  await worker().call('deallocate_for_instance', { instance: { uuid, host: 'h1' } });
  await expect(redelivered(worker(), uuid)).rejects.toThrow('Virtual Interface creation failed');
  expect(await worker().ipam.fixedIps.nicsOf(uuid)).toEqual([]);
});

it('nor does one whose caller was told that it failed, and that deallocates what it never had', async () => {
  const uuid = randomUUID();
  expect(await failureOf(allocate(worker(), uuid, { requested_networks: [[randomUUID(), null]] }))).toMatch(
    'NoNetworksFound',
  );
  await worker().call('deallocate_for_instance', { instance: { uuid, host: 'h1' } });
  await createNetwork(worker());
  await expect(redelivered(worker(), uuid)).rejects.toThrow('Virtual Interface creation failed');
  expect(await worker().ipam.instances.find(uuid)).toBeUndefined();
});

it('one that comes again while its instance still waits for the answer gets that answer', async () => {
  await createNetwork(worker());
  const uuid = randomUUID();
  const first = await allocate(worker(), uuid);
  expect(addressOf(await redelivered(worker(), uuid))).toBe(addressOf(first));
});

it('a new request for an instance that was deallocated is carried out', async () => {
  await createNetwork(worker());
  const uuid = randomUUID();
  await allocate(worker(), uuid);
  await worker().call('deallocate_for_instance', { instance: { uuid, host: 'h1' } });
  expect(addressOf(await allocate(worker(), uuid))).toBe('10.0.0.3');
});
