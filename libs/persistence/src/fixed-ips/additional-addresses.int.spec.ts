import {
  FixedIpAlreadyInUse,
  FixedIpLimitExceeded,
  NoMoreFixedIps,
  type Holding,
  type InstanceIdentity,
  type Network,
} from '@novanet/ipam';
import { describe, expect, test } from 'vitest';
import type { Ipam } from '../create-ipam.js';
import { allocateFloatingIp, growPool } from '../testing/floating-fixtures.js';
import {
  allocated,
  createNetwork,
  host,
  ip,
  networkDraft,
  someInstance,
  subnet6,
} from '../testing/fixtures.js';
import { scratchIpam } from '../testing/scratch-ipam.js';

const once = 'a'.repeat(32);
const another = 'b'.repeat(32);

const addressesOf = (nics: readonly Pick<Holding, 'fixedIps'>[]) =>
  nics.flatMap(({ fixedIps }) => fixedIps.map(({ address }) => address.toString()));

function add(
  { fixedIps }: Pick<Ipam, 'fixedIps'>,
  instance: InstanceIdentity,
  network: Network,
  { requestId = once, limit = -1, address = '' } = {},
): Promise<Holding[]> {
  const nic = { network, isAdditional: true, ...(address && { address: ip(address) }) };
  return allocated(fixedIps, { instance, nics: [nic], requestId, limit });
}

/** An instance with one address in a network of this size. */
async function running(cidr = '10.0.0.0/24') {
  const ipam = await scratchIpam();
  const network = await createNetwork(ipam, cidr);
  const instance = someInstance({ projectId: 'p1' });
  const [nic] = await allocated(ipam.fixedIps, { instance, nics: [{ network }] });
  await ipam.fixedIps.confirm(instance.uuid, [nic!.vif.id]);
  return { ipam, network, instance, nic: nic! };
}

describe('one address more', () => {
  test('goes to the NIC that is there, behind the one it has', async () => {
    const { ipam, network, instance, nic } = await running();
    const nics = await add(ipam, instance, network);
    expect(nics.map(({ vif }) => vif)).toEqual([nic.vif]);
    expect(addressesOf(nics)).toEqual(['10.0.0.2', '10.0.0.3']);
    expect(addressesOf(await add(ipam, instance, network, { requestId: another }))).toEqual([
      '10.0.0.2',
      '10.0.0.3',
      '10.0.0.4',
    ]);
  });

  test('is given once per request, however often and wherever that is delivered', async () => {
    const { ipam, network, instance } = await running();
    const workers = [ipam, ...(await Promise.all([1, 2, 3].map(() => ipam.openAnother())))];
    await Promise.all(workers.map((worker) => add(worker, instance, network)));
    await add(ipam, instance, network);
    expect(addressesOf(await ipam.fixedIps.nicsOf(instance.uuid))).toHaveLength(2);
    expect((await ipam.fixedIps.recall(once))?.map(String)).toEqual([
      addressesOf(await ipam.fixedIps.nicsOf(instance.uuid))[1],
    ]);
  });

  test('of a request that comes again is not given again when it was taken away meanwhile', async () => {
    const { ipam, network, instance } = await running();
    await add(ipam, instance, network);
    await ipam.fixedIps.deallocateAddress(instance.uuid, ip('10.0.0.3'));
    expect(addressesOf(await add(ipam, instance, network))).toEqual(['10.0.0.2']);
  });

  test('was the last one: the same request again is no failure, another one is', async () => {
    const { ipam, network, instance } = await running('10.0.0.0/29');
    for (const requestId of ['1', '2', '3', '4'].map((digit) => digit.repeat(32))) {
      await add(ipam, instance, network, { requestId });
    }
    const before = await ipam.dump();
    expect(addressesOf(await add(ipam, instance, network, { requestId: '4'.repeat(32) }))).toHaveLength(5);
    await expect(add(ipam, instance, network)).rejects.toEqual(new NoMoreFixedIps(network.uuid));
    expect(await ipam.dump()).toEqual(before);
  });

  test('can be asked for by name', async () => {
    const { ipam, network, instance } = await running();
    expect(addressesOf(await add(ipam, instance, network, { address: '10.0.0.77' }))).toEqual([
      '10.0.0.2',
      '10.0.0.77',
    ]);
    const own = add(ipam, instance, network, { address: '10.0.0.77', requestId: another });
    await expect(own).rejects.toEqual(new FixedIpAlreadyInUse('10.0.0.77', instance.uuid));
  });

  test('makes a NIC where there is none, and no address in a network of IPv6 alone', async () => {
    const { ipam, instance } = await running();
    const more = await createNetwork(ipam, '10.1.0.0/24');
    const [v6] = await ipam.networks.create(() => [networkDraft([subnet6('fd00::/64')])]);
    expect(addressesOf(await add(ipam, instance, more))).toEqual(['10.1.0.2']);
    expect(addressesOf(await add(ipam, instance, v6!, { requestId: another }))).toEqual([]);
    expect(await ipam.fixedIps.nicsOf(instance.uuid)).toHaveLength(3);
    expect(await ipam.fixedIps.recall(another)).toEqual([]);
  });

  test('counts against the limit of the project, and a refusal leaves no trace', async () => {
    const { ipam, network, instance } = await running();
    await add(ipam, instance, network, { limit: 2 });
    const before = await ipam.dump();
    const refused = add(ipam, instance, network, { limit: 2, requestId: another });
    await expect(refused).rejects.toBeInstanceOf(FixedIpLimitExceeded);
    expect(await ipam.dump()).toEqual(before);
    expect(await add(ipam, instance, network, { limit: 2 })).toHaveLength(1);
  });

  test('is another one for each of several requests at once', async () => {
    const { ipam, network, instance } = await running();
    const requests = Array.from({ length: 12 }, (_, i) => i.toString(16).repeat(32));
    await Promise.all(requests.map((requestId) => add(ipam, instance, network, { requestId })));
    const held = addressesOf(await ipam.fixedIps.nicsOf(instance.uuid));
    expect(new Set(held).size).toBe(13);
    const given = await Promise.all(requests.map((requestId) => ipam.fixedIps.recall(requestId)));
    expect(new Set(given.map(String)).size).toBe(12);
  });
});

describe('withdrawing a request', () => {
  test('takes exactly the address it was given, and the request may come anew', async () => {
    const { ipam, network, instance } = await running();
    const before = await ipam.dump();
    await add(ipam, instance, network);
    await ipam.fixedIps.withdraw(instance.uuid, once);
    await ipam.fixedIps.withdraw(instance.uuid, once);
    expect(await ipam.dump()).toEqual({ ...before, quotas: expect.anything() });
    expect(await ipam.fixedIps.recall(once)).toBeUndefined();
    expect(addressesOf(await add(ipam, instance, network))).toHaveLength(2);
  });

  test('leaves what another request added meanwhile', async () => {
    const { ipam, network, instance } = await running();
    await add(ipam, instance, network);
    await add(ipam, instance, network, { requestId: another });
    await ipam.fixedIps.withdraw(instance.uuid, once);
    expect(addressesOf(await ipam.fixedIps.nicsOf(instance.uuid))).toEqual(['10.0.0.2', '10.0.0.4']);
  });

  test('takes the NIC with it that was made for the address', async () => {
    const { ipam, instance } = await running();
    const more = await createNetwork(ipam, '10.1.0.0/24');
    const before = await ipam.dump();
    await add(ipam, instance, more);
    await ipam.fixedIps.withdraw(instance.uuid, once);
    expect(await ipam.dump()).toEqual({ ...before, quotas: expect.anything() });
  });
});

describe('withdrawing a first allocation', () => {
  test('leaves no trace of an instance that was not known before', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const before = await ipam.dump();
    const instance = someInstance({ host: host('c1') });
    await ipam.fixedIps.allocate({ instance, nics: [{ network }] });
    await ipam.fixedIps.withdraw(instance.uuid);
    expect(await ipam.dump()).toEqual(before);
  });

  test.each([
    {
      name: 'a compute service told of',
      keep: (ipam: Ipam, uuid: string) =>
        ipam.instances.observe({ uuid, observedAt: new Date(), isBirth: true, facts: { hostname: 'web' } }),
    },
    {
      name: 'still has a draining address',
      keep: async (ipam: Ipam, uuid: string) => {
        const [nic] = await ipam.fixedIps.nicsOf(uuid);
        await ipam.fixedIps.recordLease({ address: nic!.fixedIps[0]!.address });
      },
    },
  ])('keeps an instance that $name', async ({ keep }) => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const instance = someInstance();
    await ipam.fixedIps.allocate({ instance, nics: [{ network }] });
    await keep(ipam, instance.uuid);
    await ipam.fixedIps.withdraw(instance.uuid);
    expect(await ipam.fixedIps.nicsOf(instance.uuid)).toEqual([]);
    expect(await ipam.instances.find(instance.uuid)).toBeDefined();
  });
});

describe('taking one address away', () => {
  test('leaves the NIC and its other addresses', async () => {
    const { ipam, network, instance, nic } = await running();
    await add(ipam, instance, network);
    const taken = await ipam.fixedIps.deallocateAddress(instance.uuid, ip('10.0.0.2'));
    expect(taken).toMatchObject({ address: ip('10.0.0.2'), networkId: network.id, vifId: nic.vif.id });
    expect(addressesOf(await ipam.fixedIps.nicsOf(instance.uuid))).toEqual(['10.0.0.3']);
    await ipam.fixedIps.deallocateAddress(instance.uuid, ip('10.0.0.3'));
    expect(await ipam.fixedIps.nicsOf(instance.uuid)).toMatchObject([{ vif: nic.vif, fixedIps: [] }]);
    expect(await ipam.fixedIps.findByAddress(ip('10.0.0.2'))).toBeUndefined();
  });

  test('lets a leased one drain until its lease is given back', async () => {
    const { ipam, instance, nic } = await running();
    const { mac } = nic.vif;
    const address = ip('10.0.0.2');
    await ipam.fixedIps.recordLease({ address, mac });
    await ipam.fixedIps.deallocateAddress(instance.uuid, address);
    expect(await ipam.fixedIps.findByAddress(address)).toMatchObject({
      isAllocated: false,
      vifId: null,
      instanceUuid: instance.uuid,
      lease: { mac },
    });
    expect(await ipam.fixedIps.recordRelease({ address, mac })).toBe('freed');
  });

  test.each([
    { name: 'another one’s', address: '10.0.0.3' },
    { name: 'a free one', address: '10.0.0.99' },
    { name: 'the gateway', address: '10.0.0.1' },
  ])('does nothing to $name', async ({ address }) => {
    const { ipam, network, instance } = await running();
    await ipam.fixedIps.allocate({ instance: someInstance(), nics: [{ network }] });
    const before = await ipam.dump();
    expect(await ipam.fixedIps.deallocateAddress(instance.uuid, ip(address))).toBeUndefined();
    expect(await ipam.dump()).toEqual(before);
  });

  test('happens once per request: the same address, given anew, stays', async () => {
    const { ipam, network, instance } = await running();
    const address = ip('10.0.0.2');
    expect(await ipam.fixedIps.deallocateAddress(instance.uuid, address, once)).toBeDefined();
    await ipam.fixedIps.allocate({ instance, nics: [{ network, address }] });
    expect(await ipam.fixedIps.deallocateAddress(instance.uuid, address, once)).toBeUndefined();
    expect(addressesOf(await ipam.fixedIps.nicsOf(instance.uuid))).toEqual(['10.0.0.2']);
    expect((await ipam.fixedIps.recall(once))?.map(String)).toEqual(['10.0.0.2']);
  });

  test('of several callers at once, one finds it', async () => {
    const { ipam, instance } = await running();
    const takers = Array.from({ length: 8 }, () =>
      ipam.fixedIps.deallocateAddress(instance.uuid, ip('10.0.0.2')),
    );
    expect((await Promise.all(takers)).filter((taken) => taken !== undefined)).toHaveLength(1);
  });
});

describe('the floating IPs of an address', () => {
  test('are named with it, oldest first', async () => {
    const { ipam, instance, nic } = await running();
    await growPool(ipam, '203.0.113.10-203.0.113.11');
    const fixedIp = { id: nic.fixedIps[0]!.id, address: ip('10.0.0.2'), instanceUuid: instance.uuid };
    for (let count = 0; count < 2; count += 1) {
      const { address } = await allocateFloatingIp(ipam);
      await ipam.floatingIps.associate({
        address,
        fixedIp,
        host: host('net1'),
        mayTake: false,
        guard: () => true,
      });
    }
    const floatingAddresses = [ip('203.0.113.10'), ip('203.0.113.11')];
    const [held] = await ipam.fixedIps.nicsOf(instance.uuid);
    expect(held?.fixedIps).toMatchObject([{ address: fixedIp.address, floatingAddresses }]);
    expect(await ipam.fixedIps.findByAddress(fixedIp.address)).toMatchObject({ floatingAddresses });
    expect(await ipam.fixedIps.findById(fixedIp.id)).toMatchObject({ floatingAddresses });
  });

  test.each([
    { name: 'stays the project’s', isAutoAssigned: false, isLeased: false, left: 'p1' },
    {
      name: 'stays the project’s, also of a leased address',
      isAutoAssigned: false,
      isLeased: true,
      left: 'p1',
    },
    { name: 'goes back when it came with the instance', isAutoAssigned: true, isLeased: false, left: null },
  ])('lead nowhere when the address is taken away: one $name', async (given) => {
    const { ipam, instance, nic } = await running();
    await growPool(ipam, '203.0.113.10');
    const fixedIp = { id: nic.fixedIps[0]!.id, address: ip('10.0.0.2'), instanceUuid: instance.uuid };
    if (given.isAutoAssigned) {
      const source = { projectId: 'p1', pool: 'nova', restSeconds: 0 };
      await ipam.floatingIps.assign({ ...source, fixedIp, host: host('net1') });
    } else {
      const { address } = await allocateFloatingIp(ipam);
      const how = { host: host('net1'), mayTake: false, guard: () => true };
      await ipam.floatingIps.associate({ address, fixedIp, ...how });
    }
    if (given.isLeased) await ipam.fixedIps.recordLease({ address: fixedIp.address });
    await ipam.fixedIps.deallocate(instance.uuid);
    expect(await ipam.floatingIps.find(ip('203.0.113.10'))).toMatchObject({
      association: null,
      host: null,
      projectId: given.left,
      isAutoAssigned: false,
    });
  });
});
