import { InstanceInUse } from '@novanet/ipam';
import { Mac } from '@novanet/net-address';
import { describe, expect, test } from 'vitest';
import {
  allocated,
  createNetwork,
  host,
  ip,
  networkDraft,
  registration,
  someInstance,
  subnet6,
} from '../testing/fixtures.js';
import { scratchIpam } from '../testing/scratch-ipam.js';

describe('registering an instance', () => {
  test('keeps everything, and replaces everything the next time', async () => {
    const { instances } = await scratchIpam();
    const first = registration();
    const created = await instances.register(first);
    expect(created).toMatchObject({ ...first, isRegistered: true, updatedAt: null });
    expect(await instances.find(first.uuid)).toEqual(created);
    const second = registration({
      uuid: first.uuid,
      displayName: null,
      hostname: null,
      meta: {},
      securityGroups: [],
      keyName: null,
    });
    const replaced = await instances.register(second);
    expect(replaced).toMatchObject({
      ...second,
      hostname: `server-${first.uuid}`,
      id: created.id,
      createdAt: created.createdAt,
    });
    expect(replaced.updatedAt).toBeInstanceOf(Date);
  });

  test('takes over one that was known only for its addresses', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const instance = someInstance();
    await ipam.fixedIps.allocate({ instance, nics: [{ network }] });
    const known = await ipam.instances.find(instance.uuid);
    const registered = await ipam.instances.register(registration({ uuid: instance.uuid }));
    expect(registered).toMatchObject({ id: known?.id, isRegistered: true, hostname: 'web-1' });
    expect(await ipam.fixedIps.nicsOf(instance.uuid)).toHaveLength(1);
  });

  test('keeps the number by which its compute service knows it, until that tells another', async () => {
    const { instances } = await scratchIpam();
    const { uuid } = await instances.register(registration({ computeId: 41 }));
    await instances.learnComputeId(uuid, 42);
    expect(await instances.register(registration({ uuid }))).toMatchObject({ computeId: 42 });
    expect(await instances.register(registration({ uuid, computeId: 43 }))).toMatchObject({ computeId: 43 });
  });

  test('an unknown one is not found', async () => {
    const { instances } = await scratchIpam();
    expect(await instances.find('unknown')).toBeUndefined();
  });
});

test('hosts of instances are those of instances with NICs, each once', async () => {
  const ipam = await scratchIpam();
  const network = await createNetwork(ipam, '10.0.0.0/24');
  for (const place of ['h1', 'h1', 'h2', null]) {
    const { uuid } = await ipam.instances.register(
      registration({ host: place === null ? null : host(place) }),
    );
    if (place !== 'h2') {
      await ipam.fixedIps.allocate({ instance: someInstance({ uuid }), nics: [{ network }] });
    }
  }
  expect(await ipam.instances.hosts()).toEqual(['h1']);
});

describe('finding an instance by its addresses', () => {
  test('answers it with all its NICs; neither draining nor foreign addresses or MACs lead to anyone', async () => {
    const ipam = await scratchIpam();
    const [a, b] = [await createNetwork(ipam, '10.0.0.0/24'), await createNetwork(ipam, '10.0.1.0/24')];
    const { uuid } = await ipam.instances.register(registration());
    const instance = someInstance({ uuid });
    await ipam.fixedIps.allocate({ instance, nics: [{ network: a }, { network: b }] });
    const nics = await ipam.fixedIps.nicsOf(uuid);
    expect(nics).toHaveLength(2);
    expect(await ipam.instances.findWithNics(uuid)).toEqual({
      instance: await ipam.instances.find(uuid),
      nics,
    });
    const places = [ip('10.0.1.2'), ip('10.0.0.1'), nics[0]!.vif.mac, ip('10.0.0.99'), Mac.ofNova(0)];
    expect(await ipam.instances.owners(places)).toEqual([uuid, undefined, uuid, undefined, undefined]);
    await ipam.fixedIps.recordLease({ address: ip('10.0.1.2') });
    await ipam.fixedIps.deallocate(uuid);
    expect(await ipam.instances.owners(places)).toEqual(places.map(() => undefined));
    expect(await ipam.instances.owners([])).toEqual([]);
  });
});

describe('the password that an instance leaves', () => {
  test('is the first one, until it is cleared', async () => {
    const { instances } = await scratchIpam();
    const { uuid } = await instances.register(registration());
    expect(await instances.password(uuid)).toBe('');
    const outcomes = await Promise.all(['a', 'b', 'c'].map((one) => instances.leavePassword(uuid, one)));
    expect(outcomes.toSorted()).toEqual(['stored', 'taken', 'taken']);
    expect(await instances.password(uuid)).toBe(['a', 'b', 'c'][outcomes.indexOf('stored')]);
    await instances.register(registration({ uuid }));
    expect(await instances.leavePassword(uuid, 'd')).toBe('taken');
    await instances.clearPassword(uuid);
    await instances.leavePassword(uuid, '');
    expect(await instances.password(uuid)).toBe('');
    expect(await instances.leavePassword(uuid, 'd')).toBe('stored');
  });

  test('of nobody is not kept', async () => {
    const { instances } = await scratchIpam();
    expect(await instances.leavePassword('unknown', 'a')).toBe('unknown-instance');
    expect(await instances.password('unknown')).toBe('');
  });
});

describe('removing an instance', () => {
  test('is refused while it holds addresses, and named are those', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const [v6] = await ipam.networks.create(() => [networkDraft([subnet6('fd00::/64')])]);
    const instance = someInstance();
    const nics = await allocated(ipam.fixedIps, { instance, nics: [{ network }, { network: v6! }] });
    const refusal = new InstanceInUse(instance.uuid, ['10.0.0.2', nics[1]!.vif.mac.toString()]);
    await expect(ipam.instances.remove(instance.uuid)).rejects.toEqual(refusal);
    await ipam.fixedIps.deallocate(instance.uuid);
    await ipam.instances.remove(instance.uuid);
    await ipam.instances.remove(instance.uuid);
    expect(await ipam.instances.find(instance.uuid)).toBeUndefined();
  });

  test('and allocating for it at once never leaves a NIC without instance', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    for (let round = 0; round < 10; round += 1) {
      const { uuid } = await ipam.instances.register(registration());
      await Promise.allSettled([
        ipam.fixedIps.allocate({ instance: someInstance({ uuid }), nics: [{ network }] }),
        ipam.instances.remove(uuid),
      ]);
      expect(await ipam.fixedIps.nicsOf(uuid)).toHaveLength(1);
      expect(await ipam.instances.find(uuid)).toBeDefined();
    }
  });
});
