import type { InstanceIdentity, Network, StaleCounts } from '@novanet/ipam';
import { Mac, type Ipv4 } from '@novanet/net-address';
import { describe, expect, test } from 'vitest';
import { allocated, createNetwork, host, registration, someInstance } from '../testing/fixtures.js';
import { scratchIpam, type ScratchIpam } from '../testing/scratch-ipam.js';

const here = host('net1');
const nothing: StaleCounts = { unreleased: 0, orphaned: 0, forgotten: 0, instances: 0 };
const soon = () => new Date(Date.now() + 60_000);
const past = () => new Date(Date.now() - 60_000);

interface Placed {
  readonly instance: InstanceIdentity;
  readonly address: Ipv4;
  readonly mac: Mac;
}

/** An instance with one NIC in a network that this host serves. */
async function placed(
  ipam: ScratchIpam,
  network: Network,
  over: Partial<InstanceIdentity> = {},
): Promise<Placed> {
  const instance = someInstance(over);
  const [nic] = await allocated(ipam.fixedIps, { instance, nics: [{ network }] });
  return { instance, address: nic!.fixedIps[0]!.address as Ipv4, mac: nic!.vif.mac };
}

async function scene() {
  const ipam = await scratchIpam();
  const network = await createNetwork(ipam, '10.0.0.0/24');
  await ipam.networks.claimHost(network.id, here);
  const change = (sql: string, ...parameters: unknown[]) =>
    ipam.database.run((manager) => manager.query(sql, parameters));
  return { ipam, network, own: await placed(ipam, network), change };
}
type Scene = Awaited<ReturnType<typeof scene>>;

const withoutNic = async ({ change, own }: Scene) => {
  await change('UPDATE fixed_ips SET vif_id = NULL WHERE instance_uuid = ?', own.instance.uuid);
  await change('DELETE FROM virtual_interfaces WHERE instance_uuid = ?', own.instance.uuid);
};
const withoutInstance = async ({ change, own }: Scene) => {
  await change('DELETE FROM instances WHERE uuid = ?', own.instance.uuid);
};
const lease = ({ ipam, own }: Scene) => ipam.fixedIps.recordLease({ address: own.address, host: here });
const deallocate = ({ ipam, own }: Scene) => ipam.fixedIps.deallocate(own.instance.uuid);
const set =
  (columns: string) =>
  ({ change, own }: Scene) =>
    change(`UPDATE fixed_ips SET ${columns} WHERE address = ?`, own.address.toString());

type Step = (scene: Scene) => Promise<unknown>;
const repaired: { readonly name: string; readonly steps: readonly Step[]; readonly counts: object }[] = [
  {
    name: 'a lease whose instance is gone',
    steps: [lease, deallocate, withoutInstance],
    counts: { unreleased: 1 },
  },
  {
    name: 'a lease of nobody in particular',
    steps: [lease, deallocate, withoutInstance, set('instance_uuid = NULL')],
    counts: { unreleased: 1 },
  },
  {
    name: 'a lease whose instance has let go of it, and has nothing else',
    steps: [lease, deallocate],
    counts: { unreleased: 1, instances: 1 },
  },
  {
    name: 'an allocated address without NIC and instance',
    steps: [withoutNic, withoutInstance],
    counts: { orphaned: 1 },
  },
  {
    name: 'an allocated address that names no instance at all',
    steps: [withoutNic, withoutInstance, set('instance_uuid = NULL')],
    counts: { orphaned: 1 },
  },
  {
    name: 'an address that is neither allocated nor leased, and that nobody had',
    steps: [withoutNic, withoutInstance, set('allocated = 0, instance_uuid = NULL')],
    counts: { forgotten: 1 },
  },
  {
    name: 'an address that is neither allocated nor leased, whose instance is there',
    steps: [withoutNic, set('allocated = 0')],
    counts: { forgotten: 1, instances: 1 },
  },
];

describe.each(repaired)('$name', ({ steps, counts }) => {
  test('is free after the timeout, not before, and counts once on however many hosts', async () => {
    const made = await scene();
    for (const step of steps) await step(made);
    const { ipam, own, network } = made;
    const dump = await ipam.dump();
    expect(await ipam.fixedIps.freeStale({ host: here, before: past() })).toEqual(nothing);
    expect(await ipam.dump()).toEqual(dump);

    const others = await Promise.all([1, 2, 3].map(() => ipam.openAnother()));
    const all = await Promise.all(
      [ipam, ...others].map(({ fixedIps }) => fixedIps.freeStale({ host: here, before: soon() })),
    );
    expect(all.reduce(sum)).toEqual({ ...nothing, ...counts });
    expect(await ipam.fixedIps.findByAddress(own.address)).toBeUndefined();
    expect(await ipam.fixedIps.freeStale({ host: here, before: soon() })).toEqual(nothing);
    const next = { instance: someInstance(), nics: [{ network, address: own.address }] };
    const [nic] = await allocated(ipam.fixedIps, next);
    expect(nic?.fixedIps).toMatchObject([{ address: own.address }]);
  });
});

function sum(a: StaleCounts, b: StaleCounts): StaleCounts {
  return {
    unreleased: a.unreleased + b.unreleased,
    orphaned: a.orphaned + b.orphaned,
    forgotten: a.forgotten + b.forgotten,
    instances: a.instances + b.instances,
  };
}

test('an allocated address without NIC and instance gives its lease up before it is free', async () => {
  const made = await scene();
  const { ipam, own, change } = made;
  await lease(made);
  await withoutNic(made);
  await withoutInstance(made);
  await ipam.fixedIps.freeStale({ host: host('elsewhere'), before: soon() });
  const [served] = await ipam.fixedIps.servedBy(here);
  expect(served?.draining).toEqual([{ mac: own.mac, address: own.address }]);
  expect(await ipam.fixedIps.freeStale({ host: here, before: past() })).toEqual(nothing);
  expect(await ipam.fixedIps.recordRelease({ address: own.address, mac: own.mac })).toBe('freed');
  expect(await change('SELECT id FROM fixed_ips WHERE allocated = 1')).toEqual([]);
});

test('an address that is freed takes the floating IP with it that led there', async () => {
  const made = await scene();
  const { ipam, own, change } = made;
  await change("INSERT INTO floating_ip_pools (name) VALUES ('nova')");
  await change(
    `INSERT INTO floating_ips (pool_id, address, number, fixed_ip_id, project_id, host)
     SELECT p.id, '203.0.113.1', 1, f.id, 'p1', 'net1' FROM floating_ip_pools p, fixed_ips f WHERE f.address = ?`,
    own.address.toString(),
  );
  await withoutNic(made);
  await withoutInstance(made);
  expect(await ipam.fixedIps.freeStale({ host: here, before: soon() })).toMatchObject({ orphaned: 1 });
  const [floatingIp] = (await ipam.dump())['floating_ips'] ?? [];
  expect(floatingIp).toMatchObject({ fixed_ip_id: null, host: null, project_id: 'p1' });
});

describe('what is in order is left alone', () => {
  test('however long ago it was written', async () => {
    const made = await scene();
    const { ipam, network, own } = made;
    const shared = await createNetwork(ipam, '10.1.0.0/24', { isMultiHost: true });
    await ipam.fixedIps.claimHostAddress(shared, here);
    await lease(made);
    await placed(ipam, network);
    await placed(ipam, shared, { host: here });
    await placed(ipam, shared, { host: host('of-nobody') });
    await ipam.instances.register(registration());
    const draining = await placed(ipam, network);
    await ipam.networks.claimHost(network.id, here);
    await ipam.fixedIps.recordLease({ address: draining.address, mac: draining.mac, host: here });
    await ipam.fixedIps.deallocate(draining.instance.uuid);
    const dump = await ipam.dump();
    // The one that drains is its owner's business.
    expect(await ipam.fixedIps.freeStale({ host: host('elsewhere'), before: soon() })).toEqual({
      ...nothing,
      instances: 1,
    });
    const { instances: _, ...after } = await ipam.dump();
    expect(dump).toMatchObject(after);
    expect(await ipam.fixedIps.findByAddress(own.address)).toMatchObject({ isAllocated: true });
  });

  test.each([
    { name: 'an instance that is known', steps: [withoutNic] },
    { name: 'an instance that is known, and holds a lease', steps: [lease, withoutNic] },
  ])('an allocated address without NIC of $name stays', async ({ steps }) => {
    const made = await scene();
    for (const step of steps) await step(made);
    await made.ipam.instances.register(registration({ uuid: made.own.instance.uuid }));
    const dump = await made.ipam.dump();
    expect(await made.ipam.fixedIps.freeStale({ host: here, before: soon() })).toEqual(nothing);
    expect(await made.ipam.dump()).toEqual(dump);
  });
});
