import { setImmediate } from 'node:timers/promises';
import type { Holding, InstanceIdentity, Network } from '@novanet/ipam';
import { Mac, type Ipv4 } from '@novanet/net-address';
import { describe, expect, test } from 'vitest';
import { allocated, createNetwork, host, ip, registration, someInstance } from '../testing/fixtures.js';
import { scratchIpam, type ScratchIpam } from '../testing/scratch-ipam.js';

const stranger = Mac.parse('fa:16:3e:99:99:99');
const expiresAt = new Date('2030-01-02T03:04:05.000Z');
const nothing = { unreleased: 0, orphaned: 0, forgotten: 0, instances: 0 };
const before = () => new Date(Date.now() + 60_000);

/** An instance with one NIC at this address. */
async function placed(
  ipam: ScratchIpam,
  network: Network,
  instance: InstanceIdentity = someInstance(),
): Promise<{ instance: InstanceIdentity; nic: Holding; address: Ipv4; mac: Mac }> {
  const [nic] = await allocated(ipam.fixedIps, { instance, nics: [{ network }] });
  return { instance, nic: nic!, address: nic!.fixedIps[0]!.address as Ipv4, mac: nic!.vif.mac };
}

/** A little later each time, so that it meets the other one at each of its statements. */
async function afterTurns<T>(turns: number, work: () => Promise<T>): Promise<T> {
  for (let turn = 0; turn < turns; turn += 1) await setImmediate();
  return work();
}

describe('a lease', () => {
  test.each([
    { name: 'names the MAC', says: { mac: true } },
    { name: 'does not name the MAC', says: { mac: false } },
  ])('is recorded when the event $name', async ({ says }) => {
    const ipam = await scratchIpam();
    const { address, mac } = await placed(ipam, await createNetwork(ipam, '10.0.0.0/24'));
    const event = { address, host: host('net1'), expiresAt, ...(says.mac ? { mac } : {}) };
    expect(await ipam.fixedIps.recordLease(event)).toBe('recorded');
    expect(await ipam.fixedIps.findByAddress(address)).toMatchObject({
      lease: { mac, host: 'net1', expiresAt },
    });
  });

  test('recorded again changes nothing, renewed it changes its end', async () => {
    const ipam = await scratchIpam();
    const { address, mac } = await placed(ipam, await createNetwork(ipam, '10.0.0.0/24'));
    await ipam.fixedIps.recordLease({ address, mac, expiresAt });
    const dump = await ipam.dump();
    expect(await ipam.fixedIps.recordLease({ address, mac, expiresAt })).toBe('recorded');
    expect(await ipam.dump()).toEqual(dump);
    const later = new Date('2031-01-01T00:00:00.000Z');
    await ipam.fixedIps.recordLease({ address, mac, expiresAt: later });
    expect(await ipam.fixedIps.findByAddress(address)).toMatchObject({ lease: { expiresAt: later } });
  });

  test.each([
    { name: 'of a free address', address: '10.0.0.99', mac: undefined, outcome: 'unknown-address' },
    { name: 'of the gateway', address: '10.0.0.1', mac: undefined, outcome: 'unknown-address' },
    { name: 'of another MAC', address: '10.0.0.2', mac: stranger, outcome: 'other-owner' },
    { name: 'of a draining address', address: '10.0.0.3', mac: undefined, outcome: 'unknown-address' },
  ])('$name changes nothing: $outcome', async ({ address, mac, outcome }) => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    await placed(ipam, network);
    const draining = await placed(ipam, network);
    await ipam.fixedIps.recordLease({ address: draining.address });
    await ipam.fixedIps.deallocate(draining.instance.uuid);
    const dump = await ipam.dump();
    expect(await ipam.fixedIps.recordLease({ address: ip(address), ...(mac ? { mac } : {}) })).toBe(outcome);
    expect(await ipam.dump()).toEqual(dump);
  });
});

describe('a lease of an instance that has moved', () => {
  test.each([
    { network: 'multi-host', by: 'its host before', at: 'c1', outcome: 'other-owner' },
    { network: 'multi-host', by: 'its host', at: 'c2', outcome: 'recorded' },
    { network: 'multi-host', by: 'a host that expects it', at: 'c3', outcome: 'recorded' },
    { network: 'multi-host', by: 'nobody that is named', at: null, outcome: 'recorded' },
    { network: 'single-host', by: 'any host', at: 'c1', outcome: 'recorded' },
  ])('of a $network network, given by $by: $outcome', async ({ network: kind, at, outcome }) => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24', { isMultiHost: kind === 'multi-host' });
    const moved = await placed(ipam, network, someInstance({ host: host('c1') }));
    const event = { address: moved.address, mac: moved.mac, expiresAt };
    await ipam.fixedIps.recordLease({ ...event, host: host('c1') });
    await ipam.whereabouts.arrived(moved.instance.uuid, host('c2'));
    await ipam.whereabouts.expect(moved.instance.uuid, host('c3'));
    await ipam.fixedIps.recordLease({ ...event, host: host('c2') });
    expect(await ipam.fixedIps.recordLease({ ...event, ...(at && { host: host(at) }) })).toBe(outcome);
    const row = await ipam.fixedIps.findByAddress(moved.address);
    expect(row?.lease?.host).toBe(outcome === 'recorded' ? at : 'c2');
  });

  test('is recorded while somebody works on its instance', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24', { isMultiHost: true });
    const { instance, address, mac } = await placed(ipam, network);
    await ipam.database.transaction(async (manager) => {
      await manager.query('SELECT id FROM instances WHERE uuid = ? FOR UPDATE', [instance.uuid]);
      await manager.query('SELECT id FROM networks WHERE id = ? FOR UPDATE', [network.id]);
      expect(await ipam.fixedIps.recordLease({ address, mac, host: host('c1') })).toBe('recorded');
    });
  });
});

describe('a release', () => {
  test('ends the lease and leaves the address to its instance', async () => {
    const ipam = await scratchIpam();
    const { address, mac } = await placed(ipam, await createNetwork(ipam, '10.0.0.0/24'));
    await ipam.fixedIps.recordLease({ address, mac, expiresAt });
    expect(await ipam.fixedIps.recordRelease({ address, mac })).toBe('released');
    expect(await ipam.fixedIps.findByAddress(address)).toMatchObject({ isAllocated: true, lease: null });
    expect(await ipam.fixedIps.recordRelease({ address, mac })).toBe('ignored');
  });

  test('frees a draining address', async () => {
    const ipam = await scratchIpam();
    const { address, mac, instance } = await placed(ipam, await createNetwork(ipam, '10.0.0.0/24'));
    await ipam.fixedIps.recordLease({ address, mac });
    await ipam.fixedIps.deallocate(instance.uuid);
    expect(await ipam.fixedIps.recordRelease({ address, mac: stranger })).toBe('ignored');
    expect(await ipam.fixedIps.findByAddress(address)).toMatchObject({
      isAllocated: false,
      vifId: null,
      instanceUuid: instance.uuid,
      lease: { mac },
    });
    expect(await ipam.fixedIps.recordRelease({ address, mac })).toBe('freed');
    expect(await ipam.fixedIps.findByAddress(address)).toBeUndefined();
    expect(await ipam.fixedIps.recordRelease({ address, mac })).toBe('ignored');
  });

  test('of the former owner does not end the lease of the next one', async () => {
    const ipam = await scratchIpam();
    const { address } = await placed(ipam, await createNetwork(ipam, '10.0.0.0/24'));
    await ipam.fixedIps.recordLease({ address, expiresAt });
    const dump = await ipam.dump();
    expect(await ipam.fixedIps.recordRelease({ address, mac: stranger })).toBe('ignored');
    expect(await ipam.dump()).toEqual(dump);
  });
});

describe('deallocating', () => {
  test('frees what is not leased, lets the rest drain, and answers what was held, once', async () => {
    const ipam = await scratchIpam();
    const [a, b] = [await createNetwork(ipam, '10.0.0.0/24'), await createNetwork(ipam, '10.0.1.0/24')];
    const instance = someInstance();
    const nics = await allocated(ipam.fixedIps, { instance, nics: [{ network: a }, { network: b }] });
    await ipam.fixedIps.recordLease({ address: ip('10.0.1.2') });
    const held = await ipam.fixedIps.deallocate(instance.uuid);
    expect(held.map(({ vif, network }) => ({ vif, network }))).toEqual([
      { vif: nics[0]?.vif, network: a },
      { vif: nics[1]?.vif, network: b },
    ]);
    expect(held.flatMap(({ fixedIps }) => fixedIps.map(({ address }) => address.toString()))).toEqual([
      '10.0.0.2',
      '10.0.1.2',
    ]);
    expect(await ipam.fixedIps.nicsOf(instance.uuid)).toEqual([]);
    expect(await ipam.fixedIps.findByAddress(ip('10.0.0.2'))).toBeUndefined();
    expect(await ipam.fixedIps.findByAddress(ip('10.0.1.2'))).toMatchObject({ isAllocated: false });
    expect(await ipam.fixedIps.deallocate(instance.uuid)).toEqual([]);
    expect(await ipam.fixedIps.deallocate('unknown')).toEqual([]);
  });

  test('and a lease event at once leave the address allocated to nobody', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    for (let round = 0; round < 20; round += 1) {
      const { instance, address, mac } = await placed(ipam, network);
      const [, outcome] = await Promise.all([
        ipam.fixedIps.deallocate(instance.uuid),
        ipam.fixedIps.recordLease({ address, mac }),
      ]);
      const row = await ipam.fixedIps.findByAddress(address);
      const draining = { isAllocated: false, mac: mac.toString() };
      const seen = row && { isAllocated: row.isAllocated, mac: row.lease?.mac?.toString() };
      expect(seen).toEqual(outcome === 'recorded' ? draining : undefined);
    }
  });

  // else its row stays for ever, neither allocated nor leased: nobody can be given the address
  test('and a release event at once leave nothing behind', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    for (let round = 0; round < 40; round += 1) {
      const { instance, address, mac } = await placed(ipam, network);
      await ipam.fixedIps.recordLease({ address, mac });
      await Promise.all([
        ipam.fixedIps.deallocate(instance.uuid),
        afterTurns(round % 20, () => ipam.fixedIps.recordRelease({ address, mac })),
      ]);
      expect(await ipam.fixedIps.findByAddress(address)).toBeUndefined();
    }
  });

  test('at any failing statement changes nothing', async () => {
    let budget = Infinity;
    const failure = new Error('injected');
    const ipam = await scratchIpam({
      onStatement(sql) {
        budget -= 1;
        if (budget < 0 && sql !== 'ROLLBACK') throw failure;
      },
    });
    const { instance, address } = await placed(ipam, await createNetwork(ipam, '10.0.0.0/24'));
    await ipam.fixedIps.recordLease({ address });
    const dump = await ipam.dump();
    for (let statements = 0; ; statements += 1) {
      budget = statements;
      const outcome = await ipam.fixedIps.deallocate(instance.uuid).catch((error: unknown) => error);
      budget = Infinity;
      if (outcome !== failure) break;
      expect(await ipam.dump()).toEqual(dump);
    }
    expect(await ipam.fixedIps.nicsOf(instance.uuid)).toEqual([]);
  });
});

describe('freeing what is stale', () => {
  const cases = [
    { name: 'of a network this host owns', network: { host: 'net1' }, instance: 'other', freed: 1 },
    { name: 'of a network another host owns', network: { host: 'net2' }, instance: 'other', freed: 0 },
    { name: 'of a network nobody owns', network: {}, instance: 'other', freed: 1 },
    {
      name: 'of a network another host owns, leased here once',
      network: { host: 'net2' },
      instance: 'moved',
      freed: 0,
    },
    {
      name: 'of a network another host owns, instance on no host',
      network: { host: 'net2' },
      instance: null,
      freed: 0,
    },
    {
      name: 'of a network another host owns, instance gone',
      network: { host: 'net2' },
      instance: 'gone',
      freed: 0,
    },
    {
      name: 'of a multi-host network, instance on no host',
      network: { isMultiHost: true },
      instance: null,
      freed: 1,
    },
    {
      name: 'of a multi-host network, instance gone',
      network: { isMultiHost: true },
      instance: 'gone',
      freed: 1,
    },
    {
      name: 'of a multi-host network claimed here, instance elsewhere',
      network: { isMultiHost: true, host: 'net1' },
      instance: 'other',
      freed: 0,
    },
    {
      name: 'of a multi-host network, instance here',
      network: { isMultiHost: true },
      instance: 'net1',
      freed: 1,
    },
    {
      name: 'of a multi-host network, instance elsewhere',
      network: { isMultiHost: true },
      instance: 'other',
      freed: 0,
    },
    {
      name: 'of a multi-host network, instance on a host that was removed',
      network: { isMultiHost: true },
      instance: 'removed',
      freed: 1,
    },
    {
      name: 'of a multi-host network, leased here',
      network: { isMultiHost: true },
      instance: 'moved',
      freed: 1,
    },
  ];

  test.each(cases)('$name: $freed', async ({ network: { host: owner, ...over }, instance: where, freed }) => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24', over);
    if (owner) await ipam.networks.claimHost(network.id, host(owner));
    const first = where === 'moved' ? 'net1' : where;
    const identity = someInstance({ host: first === null ? null : host(first) });
    const { instance, address } = await placed(ipam, network, identity);
    await ipam.services.beat({ host: host('other'), binary: 'network-worker', topic: 'network' });
    await ipam.fixedIps.recordLease({ address, host: host(first ?? 'somewhere') });
    if (where === 'moved') await ipam.whereabouts.arrived(instance.uuid, host('other'));
    await ipam.fixedIps.deallocate(instance.uuid);
    if (where === 'gone') await ipam.instances.remove(instance.uuid);
    const tooEarly = { host: host('net1'), before: new Date(Date.now() - 60_000) };
    expect(await ipam.fixedIps.freeStale(tooEarly)).toEqual(nothing);
    const counts = await ipam.fixedIps.freeStale({ host: host('net1'), before: before() });
    expect(counts.unreleased).toBe(freed);
  });

  test('touches neither what is allocated, nor named, nor registered', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    await ipam.networks.claimHost(network.id, host('net1'));
    const { address } = await placed(ipam, network);
    await ipam.fixedIps.recordLease({ address });
    await placed(ipam, network);
    await ipam.instances.register(registration());
    const dump = await ipam.dump();
    expect(await ipam.fixedIps.freeStale({ host: host('net1'), before: before() })).toEqual(nothing);
    expect(await ipam.dump()).toEqual(dump);
  });

  test('forgets instances that were known only for their addresses', async () => {
    const ipam = await scratchIpam();
    const { instance } = await placed(ipam, await createNetwork(ipam, '10.0.0.0/24'));
    await ipam.fixedIps.deallocate(instance.uuid);
    const counts = await ipam.fixedIps.freeStale({ host: host('net1'), before: before() });
    expect(counts).toEqual({ ...nothing, instances: 1 });
    expect(await ipam.instances.find(instance.uuid)).toBeUndefined();
  });

  // else an allocation that holds its instance, and wants what is being deleted, ends as a deadlock
  test('waits for nobody who works on other instances and addresses', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const gone = await Promise.all(Array.from({ length: 9 }, () => placed(ipam, network)));
    for (const { instance, address } of gone) {
      await ipam.fixedIps.recordLease({ address });
      await ipam.fixedIps.deallocate(instance.uuid);
    }
    const { instance, address } = await placed(ipam, network);
    await ipam.database.transaction(async (manager) => {
      await manager.query('SELECT id FROM instances WHERE uuid = ? FOR UPDATE', [instance.uuid]);
      await manager.query('SELECT id FROM fixed_ips WHERE address = ? FOR UPDATE', [address.toString()]);
      const counts = await ipam.fixedIps.freeStale({ host: host('net1'), before: before() });
      expect(counts).toEqual({ ...nothing, unreleased: 9, instances: 9 });
    });
  });
});

describe('what a host serves', () => {
  test('is each network it owns, with its hosts, leases, and those to be given up', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const foreign = await createNetwork(ipam, '10.0.1.0/24');
    await ipam.networks.claimHost(network.id, host('net1'));
    await ipam.networks.claimHost(foreign.id, host('net2'));
    const web = registration({ host: host('compute9') });
    await ipam.instances.register(web);
    const a = await placed(ipam, network, { uuid: web.uuid, projectId: null, host: null });
    const b = await placed(ipam, network);
    const gone = await placed(ipam, network);
    await placed(ipam, foreign);
    await ipam.fixedIps.recordLease({ address: a.address, expiresAt });
    await ipam.fixedIps.recordLease({ address: gone.address });
    await ipam.fixedIps.deallocate(gone.instance.uuid);
    await ipam.instances.remove(gone.instance.uuid);
    const hostOf = ({ instance, nic, address, mac }: typeof a, hostname: string) => ({
      mac,
      address,
      hostname,
      instanceUuid: instance.uuid,
      vifId: nic.vif.id,
      isFirstNic: true,
    });
    ipam.statements.length = 0;
    expect(await ipam.fixedIps.servedBy(host('net1'))).toEqual([
      {
        network: await ipam.networks.findById(network.id),
        hosts: [hostOf(a, 'web-1'), hostOf(b, `server-${b.instance.uuid}`)],
        leases: [{ mac: a.mac, address: a.address, hostname: 'web-1', expiresAt }],
        draining: [{ mac: gone.mac, address: gone.address }],
        dhcpServer: ip('10.0.0.1'),
      },
    ]);
    expect(ipam.statements).toHaveLength(5); // ours is the fifth
    expect(await ipam.fixedIps.servedBy(host('compute9'))).toEqual([]);
    expect(await ipam.fixedIps.leasesOf(network.id)).toEqual([
      { mac: a.mac, address: a.address, hostname: 'web-1', expiresAt },
    ]);
  });

  test('says of each NIC whether it is the first of its instance, whoever serves the others', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const other = await createNetwork(ipam, '10.0.1.0/24');
    await ipam.networks.claimHost(network.id, host('net1'));
    await ipam.networks.claimHost(other.id, host('net2'));
    const nics = [{ network: other }, { network }];
    const instances = [someInstance(), someInstance()];
    for (const instance of instances) await ipam.fixedIps.allocate({ instance, nics });
    await placed(ipam, network);
    const firsts = async (who: string) =>
      (await ipam.fixedIps.servedBy(host(who))).flatMap(({ hosts }) => hosts.map((one) => one.isFirstNic));
    expect([await firsts('net1'), await firsts('net2')]).toEqual([
      [false, false, true],
      [true, true],
    ]);
    await ipam.fixedIps.deallocate(instances[1]!.uuid);
    expect([await firsts('net1'), await firsts('net2')]).toEqual([[false, true], [true]]);
  });

  test('is, of a multi-host network, its own instances only', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24', { isMultiHost: true });
    const here = await placed(ipam, network, someInstance({ host: host('c1') }));
    const there = await placed(ipam, network, someInstance({ host: host('c2') }));
    await ipam.fixedIps.recordLease({ address: there.address, host: host('c2') });
    await ipam.fixedIps.deallocate(there.instance.uuid);
    const [c1] = await ipam.fixedIps.servedBy(host('c1'));
    expect(c1).toMatchObject({ hosts: [{ address: here.address }], draining: [] });
    expect(await ipam.fixedIps.servedBy(host('c2'))).toEqual([]);
    const again = await placed(ipam, network, someInstance({ host: host('c2') }));
    const [c2] = await ipam.fixedIps.servedBy(host('c2'));
    expect(c2).toMatchObject({
      hosts: [{ address: again.address }],
      draining: [{ address: there.address, mac: there.mac }],
    });
  });

  test('goes by the names of all instances of its networks, on whichever host', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24', { isMultiHost: true });
    const other = await createNetwork(ipam, '10.0.1.0/24', { isMultiHost: true });
    const here = await placed(ipam, network, someInstance({ host: host('c1') }));
    const there = await placed(ipam, network, someInstance({ host: host('c2') }));
    const gone = await placed(ipam, network, someInstance({ host: host('c2') }));
    await placed(ipam, other);
    await ipam.fixedIps.recordLease({ address: gone.address });
    await ipam.fixedIps.deallocate(gone.instance.uuid);
    const named = ({ address, instance }: typeof here) => ({
      networkId: network.id,
      address,
      hostname: `server-${instance.uuid}`,
    });
    expect(await ipam.fixedIps.namedIn([network.id])).toEqual([named(here), named(there)]);
    expect(await ipam.fixedIps.namedIn([])).toEqual([]);
  });

  test('lets a lease be given up whose holder is no longer the owner of the address', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    await ipam.networks.claimHost(network.id, host('net1'));
    const { instance, address, mac } = await placed(ipam, network);
    await ipam.fixedIps.recordLease({ address });
    await ipam.fixedIps.deallocate(instance.uuid);
    const [nic] = await allocated(ipam.fixedIps, { instance, nics: [{ network, address, mac: stranger }] });
    const [served] = await ipam.fixedIps.servedBy(host('net1'));
    expect(served).toMatchObject({
      hosts: [{ mac: stranger, address }],
      leases: [],
      draining: [{ mac, address }],
    });
    expect(await ipam.fixedIps.recordRelease({ address, mac })).toBe('released');
    expect(await ipam.fixedIps.nicsOf(instance.uuid)).toMatchObject([
      { vif: nic!.vif, fixedIps: [{ lease: null }] },
    ]);
  });
});
