import {
  NetworkHostUnavailable,
  NetworkInUse,
  NetworkNotFound,
  NetworkNotFoundForUUID,
  NoMoreNetworks,
  type Network,
} from '@novanet/ipam';
import { describe, expect, test, vi } from 'vitest';
import { createNetwork, host, ip, networkDraft, someInstance, subnet4 } from '../testing/fixtures.js';
import { waitingForLocks } from '../testing/lock-waits.js';
import { scratchIpam } from '../testing/scratch-ipam.js';

const requestId = 'a'.repeat(32);
const [net1, net2] = [host('net1'), host('net2')];

/** So many networks that belong to nobody. */
async function freeNetworks(count: number) {
  const ipam = await scratchIpam();
  const networks = await ipam.networks.create(() =>
    Array.from({ length: count }, (_, i) => networkDraft([subnet4(`10.0.${i}.0/24`)], { vlan: 100 + i })),
  );
  const owners = async () => (await ipam.networks.list()).map(({ projectId }) => projectId);
  return { ipam, networks, owners };
}

describe('the first network of a project', () => {
  test('is the oldest free one, and the project’s from then on', async () => {
    const { ipam, networks, owners } = await freeNetworks(3);
    const [given] = await ipam.networks.ensureForProject('p1');
    expect(given).toMatchObject({ id: networks[0]?.id, projectId: 'p1' });
    expect((await ipam.networks.ensureForProject('p1')).map(({ id }) => id)).toEqual([given?.id]);
    await ipam.networks.ensureForProject('p2');
    expect(await owners()).toEqual(['p1', 'p2', null]);
  });

  test('is one, however many first boots there are at once', async () => {
    const { ipam, owners } = await freeNetworks(20);
    const workers = [ipam, ...(await Promise.all([1, 2, 3].map(() => ipam.openAnother())))];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => workers[i % 4]!.networks.ensureForProject('p1')),
    );
    expect(new Set(answers.flatMap((given) => given.map(({ id }) => id))).size).toBe(1);
    expect((await owners()).filter((owner) => owner !== null)).toEqual(['p1']);
  });

  test('is another one for each of twenty projects at once, when there are just as many', async () => {
    const { ipam, owners } = await freeNetworks(20);
    const workers = [ipam, ...(await Promise.all([1, 2, 3].map(() => ipam.openAnother())))];
    const projects = Array.from({ length: 20 }, (_, i) => `p${i}`);
    const given = await Promise.all(
      projects.map((project, i) => workers[i % 4]!.networks.ensureForProject(project)),
    );
    expect(given.map((own) => own.map(({ projectId }) => projectId))).toEqual(projects.map((one) => [one]));
    expect(new Set(await owners())).toEqual(new Set(projects));
  });

  test('cannot be had when every network is somebody’s', async () => {
    const { ipam } = await freeNetworks(1);
    await ipam.networks.ensureForProject('p1');
    const before = await ipam.dump();
    await expect(ipam.networks.ensureForProject('p2')).rejects.toEqual(new NoMoreNetworks());
    expect(await ipam.dump()).toEqual(before);
  });

  test('is the one that another request let go, not none', async () => {
    const { ipam } = await freeNetworks(1);
    const another = await ipam.openAnother();
    let waiting: Promise<Network[]> | undefined;
    const failure = new Error('changed its mind');
    const failing = another.database.transaction(async (manager) => {
      await manager.query("UPDATE networks SET project_id = 'p9'");
      waiting ??= ipam.networks.ensureForProject('p1');
      // it has looked past what is locked, and waits
      await vi.waitFor(async () => expect(await waitingForLocks(another)).toBe(1), {
        timeout: 5000,
        interval: 200,
      });
      throw failure;
    });
    await expect(failing).rejects.toBe(failure);
    expect(await waiting).toMatchObject([{ projectId: 'p1' }]);
  });

  test('is every network that it has', async () => {
    const { ipam } = await freeNetworks(3);
    await ipam.networks.giveToProject('p1', null);
    await ipam.networks.giveToProject('p1', null);
    expect(await ipam.networks.ensureForProject('p1')).toHaveLength(2);
  });
});

describe('giving a network to a project', () => {
  test('gives the named one, in capitals too, or any', async () => {
    const { ipam, networks, owners } = await freeNetworks(3);
    await ipam.networks.giveToProject('p1', networks[2]!.uuid.toUpperCase());
    await ipam.networks.giveToProject('p1', null);
    expect(await owners()).toEqual(['p1', null, 'p1']);
    await ipam.networks.giveToProject('p1', networks[2]!.uuid);
    expect(await owners()).toEqual(['p1', null, 'p1']);
  });

  test('gives one for a request, however often that is delivered', async () => {
    const { ipam, owners } = await freeNetworks(5);
    const workers = [ipam, ...(await Promise.all([1, 2].map(() => ipam.openAnother())))];
    await Promise.all(workers.map(({ networks }) => networks.giveToProject('p1', null, { requestId })));
    await ipam.networks.giveToProject('p1', null, { requestId });
    expect((await owners()).filter((owner) => owner === 'p1')).toHaveLength(1);
  });

  test('gives each of several requests another one', async () => {
    const { ipam, owners } = await freeNetworks(6);
    await Promise.all(Array.from({ length: 6 }, () => ipam.networks.giveToProject('p1', null)));
    expect(await owners()).toEqual(Array.from({ length: 6 }, () => 'p1'));
  });

  test.each([
    { name: 'another project’s', uuid: (theirs: Network) => theirs.uuid, error: NetworkInUse },
    {
      name: 'one nobody knows',
      uuid: () => '00000000-0000-4000-8000-000000000000',
      error: NetworkNotFoundForUUID,
    },
    { name: 'any, when none is free', uuid: () => null, error: NoMoreNetworks },
  ])('refuses $name, and changes nothing', async ({ uuid, error }) => {
    const { ipam, networks } = await freeNetworks(1);
    await ipam.networks.giveToProject('p2', null);
    const before = await ipam.dump();
    const giving = ipam.networks.giveToProject('p1', uuid(networks[0]!), { requestId });
    await expect(giving).rejects.toBeInstanceOf(error);
    expect(await ipam.dump()).toEqual(before);
  });

  test('gives the same network to one of two projects that want it', async () => {
    const { ipam, networks, owners } = await freeNetworks(1);
    const wishes = ['p1', 'p2', 'p3', 'p4'].map((project) =>
      ipam.networks.giveToProject(project, networks[0]!.uuid),
    );
    const outcomes = await Promise.allSettled(wishes);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [owner] = await owners();
    expect(outcomes.findIndex(({ status }) => status === 'fulfilled')).toBe(Number(owner?.slice(1)) - 1);
  });
});

describe('changing a network', () => {
  test('writes what is given and leaves the rest', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24', { projectId: 'p1', vlan: 100 });
    const changes = { isMultiHost: true, shareAddress: true, host: net1, vpnPublicAddress: ip('192.0.2.7') };
    const changed = await ipam.networks.update(network.id, changes);
    expect(changed).toEqual({ ...network, ...changes, updatedAt: expect.any(Date) });
    expect(await ipam.networks.findById(network.id)).toEqual(changed);
    const back = { projectId: null, host: null, vpnPublicAddress: null };
    expect(await ipam.networks.update(network.id, back)).toMatchObject({ ...back, isMultiHost: true });
    expect(await ipam.networks.update(network.id, {})).toMatchObject(back);
  });

  test('fails for one that is gone', async () => {
    const { networks } = await scratchIpam();
    await expect(networks.update(999_999, { projectId: 'p1' })).rejects.toEqual(new NetworkNotFound(999_999));
  });
});

describe('the host of a network', () => {
  test.each([
    { name: 'brings its VPN address along', before: null, claimed: '192.0.2.1', after: '192.0.2.1' },
    {
      name: 'keeps the one that is there',
      before: '198.51.100.7',
      claimed: '192.0.2.1',
      after: '198.51.100.7',
    },
    { name: 'brings none where there is no VPN', before: null, claimed: null, after: null },
  ])('$name', async ({ before, claimed, after }) => {
    const ipam = await scratchIpam();
    const vpnPublicAddress = before === null ? null : ip(before);
    const { id } = await createNetwork(ipam, '10.0.0.0/24', { vpnPublicAddress });
    await ipam.networks.claimHost(id, net1, claimed === null ? null : ip(claimed));
    const stored = await ipam.networks.findById(id);
    expect([stored?.host, stored?.vpnPublicAddress?.toString() ?? null]).toEqual([net1, after]);
  });

  test('says where its VPN is reached when it got the network in another way', async () => {
    const ipam = await scratchIpam();
    const { id } = await createNetwork(ipam, '10.0.0.0/24');
    await ipam.networks.update(id, { host: net1 });
    expect(await ipam.networks.claimHost(id, net2, ip('192.0.2.2'))).toBe(net1);
    expect(await ipam.networks.findById(id)).toMatchObject({ host: net1, vpnPublicAddress: null });
    expect(await ipam.networks.claimHost(id, net1, ip('192.0.2.1'))).toBe(net1);
    expect(await ipam.networks.findById(id)).toMatchObject({ vpnPublicAddress: ip('192.0.2.1') });
  });

  test('is never that of a multi-host network', async () => {
    const ipam = await scratchIpam();
    const { id } = await createNetwork(ipam, '10.0.0.0/24', { isMultiHost: true });
    const before = await ipam.dump();
    await ipam.networks.claimHost(id, net1, ip('192.0.2.1'));
    expect(await ipam.dump()).toEqual(before);
  });

  test('is not one that is disabled meanwhile', async () => {
    const ipam = await scratchIpam();
    const { id } = await createNetwork(ipam, '10.0.0.0/24');
    const service = { host: net1, binary: 'network-worker' };
    await ipam.services.beat({ ...service, topic: 'network' });
    const isDisabled = Promise.withResolvers<void>();
    const isWaitedFor = Promise.withResolvers<void>();
    const disabling = ipam.database.transaction(async (manager) => {
      await manager.query('UPDATE services SET disabled = 1 WHERE host = ?', [net1]);
      isDisabled.resolve();
      await isWaitedFor.promise;
    });
    await isDisabled.promise;
    const claim = Promise.allSettled([ipam.networks.claimHost(id, net1)]);
    await vi.waitUntil(async () => (await waitingForLocks(ipam)) === 1, { timeout: 10_000, interval: 150 });
    isWaitedFor.resolve();
    await disabling;
    const reason = new NetworkHostUnavailable(net1, 'it is disabled');
    expect(await claim).toEqual([{ status: 'rejected', reason }]);
    expect(await ipam.networks.findById(id)).toMatchObject({ host: null });
    await ipam.networks.update(id, { host: net1 });
    expect(await ipam.networks.claimHost(id, net1, ip('192.0.2.1'))).toBe(net1);
    expect(await ipam.networks.findById(id)).toMatchObject({ vpnPublicAddress: ip('192.0.2.1') });
  });

  test('can be found by it', async () => {
    const { ipam, networks } = await freeNetworks(3);
    for (const { id } of networks.slice(1)) await ipam.networks.claimHost(id, net1);
    expect((await ipam.networks.findByHost(net1)).map(({ id }) => id)).toEqual(
      networks.slice(1).map(({ id }) => id),
    );
    expect(await ipam.networks.findByHost(net2)).toEqual([]);
  });
});

describe('taking a network from its host', () => {
  test('leaves it as it was before it had one', async () => {
    const ipam = await scratchIpam();
    const { id, ...network } = await createNetwork(ipam, '10.0.0.0/24', { vlan: 100 });
    await ipam.networks.claimHost(id, net1, ip('192.0.2.1'));
    expect(await ipam.networks.releaseHost(id, net1)).toBe(true);
    expect(await ipam.networks.releaseHost(id, net1)).toBe(true);
    expect(await ipam.networks.findById(id)).toEqual({ id, ...network, updatedAt: expect.any(Date) });
  });

  test('does not happen while an instance uses it, nor when it is another host’s', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    await ipam.networks.claimHost(network.id, net1);
    expect(await ipam.networks.releaseHost(network.id, net2)).toBe(true);
    const instance = someInstance();
    await ipam.fixedIps.allocate({ instance, nics: [{ network }] });
    expect(await ipam.networks.releaseHost(network.id, net1)).toBe(false);
    expect(await ipam.networks.findById(network.id)).toMatchObject({ host: net1 });
    await ipam.fixedIps.deallocate(instance.uuid);
    expect(await ipam.networks.releaseHost(network.id, net1)).toBe(true);
    expect(await ipam.networks.releaseHost(999_999, net1)).toBe(true);
  });

  test('and an allocation at once never leave a used network without host unnoticed', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    for (let round = 0; round < 15; round += 1) {
      await ipam.networks.claimHost(network.id, net1);
      const instance = someInstance();
      const [, isReleased] = await Promise.all([
        ipam.fixedIps.allocate({ instance, nics: [{ network }] }),
        ipam.networks.releaseHost(network.id, net1),
      ]);
      // whoever comes later sees what the other did
      const [nic] = await ipam.fixedIps.nicsOf(instance.uuid);
      expect(nic?.network.host).toBe(isReleased ? null : net1);
      await ipam.fixedIps.deallocate(instance.uuid);
    }
  });
});

describe('a network is in use', () => {
  const steps = [
    { name: 'not when it is new', used: false, with: async () => {} },
    { name: 'with a NIC', used: true, with: allocate },
    {
      name: 'with a NIC whose addresses were taken away',
      used: true,
      with: async (given: Given) => {
        await allocate(given);
        await given.ipam.fixedIps.deallocateAddress(given.instance.uuid, ip('10.0.0.2'));
      },
    },
    {
      name: 'not by a draining address',
      used: false,
      with: async (given: Given) => {
        await allocate(given);
        await given.ipam.fixedIps.recordLease({ address: ip('10.0.0.2') });
        await given.ipam.fixedIps.deallocate(given.instance.uuid);
      },
    },
  ];

  test.each(steps)('$name', async ({ with: prepare, used }) => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    await prepare({ ipam, network, instance: someInstance() });
    expect(await ipam.networks.isInUse(network.id)).toBe(used);
  });
});

interface Given {
  readonly ipam: Awaited<ReturnType<typeof scratchIpam>>;
  readonly network: Network;
  readonly instance: ReturnType<typeof someInstance>;
}

async function allocate({ ipam, network, instance }: Given): Promise<void> {
  await ipam.fixedIps.allocate({ instance, nics: [{ network }] });
}
