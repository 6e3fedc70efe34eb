import { InstanceInUse, type InstanceObservation, type ObservedFacts } from '@novanet/ipam';
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createNetwork, host, registration, someInstance } from '../testing/fixtures.js';
import { scratchIpam } from '../testing/scratch-ipam.js';

const [compute1, compute2] = [host('compute1'), host('compute2')];

/** Seconds from now. */
const at = (seconds: number) => new Date(Date.now() + seconds * 1000);

function observation(
  uuid: string,
  facts: ObservedFacts,
  over: Partial<InstanceObservation> = {},
): InstanceObservation {
  return { uuid, facts, observedAt: new Date(), isBirth: false, ...over };
}

describe('an observation', () => {
  test('writes what it says, and nothing else', async () => {
    const { instances } = await scratchIpam();
    const before = await instances.register(registration({ kernelId: 'aki-00000001' }));
    const facts = {
      host: compute2,
      hostname: 'web-2',
      displayName: 'Web 2',
      availabilityZone: 'zone',
      meta: { role: 'db' },
      amiId: 'b1a0b6a5-0b0e-4a0e-8f3e-2d8c2a1b7e11',
      kernelId: 'c2a0b6a5-0b0e-4a0e-8f3e-2d8c2a1b7e11',
    };
    expect(await instances.observe(observation(before.uuid, facts))).toEqual({
      hostBefore: compute1,
      hostAfter: compute2,
      isRenamed: true,
    });
    const { amiId, kernelId, ...written } = facts;
    expect(amiId).not.toBe(kernelId);
    expect(await instances.find(before.uuid)).toEqual({
      ...before,
      ...written,
      updatedAt: expect.any(Date),
    });
  });

  test('tells image and kernel of an instance that nobody registered', async () => {
    const ipam = await scratchIpam();
    const instance = someInstance({ projectId: 'p1', host: compute1 });
    await ipam.fixedIps.allocate({ instance, nics: [] });
    const facts = { amiId: 'b1a0b6a5-0b0e-4a0e-8f3e-2d8c2a1b7e11', kernelId: 'k', hostname: 'web-1' };
    const change = await ipam.instances.observe(observation(instance.uuid, facts));
    expect(change).toEqual({ hostBefore: compute1, hostAfter: compute1, isRenamed: true });
    expect(await ipam.instances.find(instance.uuid)).toMatchObject({
      ...facts,
      projectId: 'p1',
      isRegistered: false,
    });
  });

  test('may say that the instance is on no host any more', async () => {
    const { instances } = await scratchIpam();
    const { uuid } = await instances.register(registration());
    expect(await instances.observe(observation(uuid, { host: null }))).toEqual({
      hostBefore: compute1,
      hostAfter: null,
      isRenamed: false,
    });
    expect(await instances.find(uuid)).toMatchObject({ host: null });
  });

  test('can be repeated, and says nothing to one that is newer', async () => {
    const { instances, fixedIps } = await scratchIpam();
    const { uuid } = someInstance();
    await fixedIps.allocate({ instance: someInstance({ uuid, host: compute1 }), nics: [] });
    const moved = observation(uuid, { host: compute2, hostname: 'new' }, { observedAt: at(-1) });
    expect(await instances.observe(moved)).toMatchObject({ hostBefore: compute1, hostAfter: compute2 });
    expect(await instances.observe(moved)).toEqual({
      hostBefore: compute2,
      hostAfter: compute2,
      isRenamed: false,
    });
    const late = observation(uuid, { host: compute1, hostname: 'old' }, { observedAt: at(-2) });
    expect(await instances.observe(late)).toBeUndefined();
    expect(await instances.find(uuid)).toMatchObject({ host: compute2, hostname: 'new' });
  });

  test('says nothing to a registration that is newer', async () => {
    const { instances } = await scratchIpam();
    const { uuid } = await instances.register(registration({ host: compute2 }));
    const late = observation(uuid, { host: compute1 }, { observedAt: at(-1) });
    expect(await instances.observe(late)).toBeUndefined();
    expect(await instances.observe({ ...late, observedAt: new Date() })).toMatchObject({
      hostAfter: compute1,
    });
  });

  test('by a clock that is ahead does not silence the next one', async () => {
    const { instances } = await scratchIpam();
    const { uuid } = await instances.register(registration());
    await instances.observe(observation(uuid, { hostname: 'a' }, { observedAt: at(3600) }));
    await instances.observe(observation(uuid, { hostname: 'b' }));
    expect(await instances.find(uuid)).toMatchObject({ hostname: 'b' });
  });

  test('of an instance where it was expected ends the expectation', async () => {
    const { instances, whereabouts } = await scratchIpam();
    const { uuid } = await instances.register(registration());
    await whereabouts.expect(uuid, compute2);
    await instances.observe(observation(uuid, { hostname: 'web-1' }));
    expect(await whereabouts.hostsOf(uuid)).toEqual([compute1, compute2]);
    await instances.observe(observation(uuid, { host: compute2 }));
    expect(await whereabouts.hostsOf(uuid)).toEqual([compute2]);
    await whereabouts.unexpect(uuid, compute2);
    expect(await whereabouts.hostsOf(uuid)).toEqual([compute2]);
  });
});

describe('an instance that nobody knows', () => {
  test('becomes known by its birth, and by nothing else', async () => {
    const { instances } = await scratchIpam();
    const uuid = randomUUID();
    const facts = { hostname: 'web-1', projectId: 'p1', meta: { role: 'web' } };
    expect(await instances.observe(observation(uuid, facts))).toBeUndefined();
    expect(await instances.find(uuid)).toBeUndefined();
    expect(await instances.observe(observation(uuid, facts, { isBirth: true }))).toEqual({
      hostBefore: null,
      hostAfter: null,
      isRenamed: true,
    });
    expect(await instances.find(uuid)).toMatchObject({ ...facts, isRegistered: false, securityGroups: [] });
  });

  test('is known once when it is born, given an address and registered at the same time', async () => {
    const ipam = await scratchIpam();
    const other = await ipam.openAnother();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    for (let round = 0; round < 10; round += 1) {
      const uuid = randomUUID();
      const instance = someInstance({ uuid, projectId: 'p1', host: compute1 });
      await Promise.all([
        ipam.instances.observe(observation(uuid, { displayName: 'Born' }, { isBirth: true })),
        other.fixedIps.allocate({ instance, nics: [{ network }] }),
        other.instances.observe(observation(uuid, { displayName: 'Born' }, { isBirth: true })),
        ipam.instances.register(registration({ uuid })),
      ]);
      expect(await ipam.instances.find(uuid)).toMatchObject({ projectId: 'p1', isRegistered: true });
    }
  });
});

describe('an instance that was deleted', () => {
  test('is not brought back by a late observation, but by a registration', async () => {
    const { instances } = await scratchIpam();
    const { uuid } = await instances.register(registration());
    await instances.remove(uuid);
    await instances.remove(uuid);
    const born = observation(uuid, { hostname: 'late' }, { isBirth: true });
    expect(await instances.observe(born)).toBeUndefined();
    expect(await instances.find(uuid)).toBeUndefined();
    await instances.register(registration({ uuid }));
    expect(await instances.observe({ ...born, observedAt: new Date() })).toMatchObject({ isRenamed: true });
  });

  test('stays deleted when it is born at the same time', async () => {
    const ipam = await scratchIpam();
    const other = await ipam.openAnother();
    for (let round = 0; round < 25; round += 1) {
      const uuid = randomUUID();
      const born = observation(uuid, { hostname: 'late' }, { isBirth: true });
      await Promise.all([other.instances.observe(born), ipam.instances.remove(uuid)]);
      expect(await ipam.instances.find(uuid)).toBeUndefined();
    }
  });

  test('is not taken for deleted when the deletion was refused', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const instance = someInstance();
    await ipam.fixedIps.allocate({ instance, nics: [{ network }] });
    await expect(ipam.instances.remove(instance.uuid)).rejects.toThrow(InstanceInUse);
    const remembered = (await ipam.dump())['processed_requests'] as { unique_id: string }[];
    expect(remembered.map(({ unique_id }) => unique_id)).not.toContain(instance.uuid.replaceAll('-', ''));
  });
});

test('observing costs two statements in a transaction, and one more when the host changed', async () => {
  const { instances, statements } = await scratchIpam();
  const { uuid } = await instances.register(registration());
  const cost = async (seen: InstanceObservation) => {
    statements.length = 0;
    await instances.observe(seen);
    return statements.length;
  };
  expect([
    await cost(observation(uuid, { hostname: 'web-1' })),
    await cost(observation(uuid, { host: compute2 })),
    await cost(observation(randomUUID(), { hostname: 'web-1' }, { isBirth: true })),
    await cost(observation(uuid, {}, { observedAt: at(-60) })),
    await cost(observation(randomUUID(), {})),
  ]).toEqual([4, 5, 7, 3, 3]);
});
