import {
  FixedIpAlreadyInUse,
  FixedIpLedger,
  FixedIpLimitExceeded,
  FixedIpNotFoundForNetwork,
  NetworkNotFound,
  NoMoreFixedIps,
  VirtualInterfaceMacAddressException,
  type Holding,
} from '@novanet/ipam';
import { Mac } from '@novanet/net-address';
import { describe, expect, test } from 'vitest';
import {
  allocated,
  createNetwork,
  host,
  ip,
  networkDraft,
  someInstance,
  subnet4,
  subnet6,
} from '../testing/fixtures.js';
import { scratchIpam } from '../testing/scratch-ipam.js';
import { TypeormFixedIpStore } from './typeorm-fixed-ip-store.js';

const addressesOf = (nics: readonly Holding[]) =>
  nics.flatMap(({ fixedIps }) => fixedIps.map(({ address }) => address.toString()));

const macA = Mac.parse('fa:16:3e:00:00:0a');
const macB = Mac.parse('fa:16:3e:00:00:0b');

describe('allocating for an instance', () => {
  test('gives one NIC in each network, in the order asked for', async () => {
    const ipam = await scratchIpam();
    const [a, b] = [await createNetwork(ipam, '10.0.0.0/24'), await createNetwork(ipam, '10.0.1.0/24')];
    const instance = someInstance({ projectId: 'p1', host: host('compute1') });
    const nics = await allocated(ipam.fixedIps, { instance, nics: [{ network: b }, { network: a }] });
    expect(nics.map(({ vif }) => vif.networkId)).toEqual([b.id, a.id]);
    expect(addressesOf(nics)).toEqual(['10.0.1.2', '10.0.0.2']);
    expect(nics[0]).toMatchObject({
      vif: { instanceUuid: instance.uuid, networkId: b.id, mac: expect.any(Mac) },
      fixedIps: [
        {
          subnetId: b.subnets[0]?.id,
          networkId: b.id,
          role: 'instance',
          vifId: nics[0]?.vif.id,
          instanceUuid: instance.uuid,
          isAllocated: true,
          lease: null,
          host: null,
        },
      ],
    });
    expect(nics[0]?.vif.mac.toString()).toMatch(/^fa:16:3e:/);
    expect(await ipam.fixedIps.nicsOf(instance.uuid)).toMatchObject(nics);
    expect(await ipam.instances.find(instance.uuid)).toMatchObject({
      ...instance,
      hostname: `server-${instance.uuid}`,
      isRegistered: false,
      meta: {},
      securityGroups: [],
    });
  });

  test('is given the same answer again, and a NIC more where a network was missing', async () => {
    const ipam = await scratchIpam();
    const [a, b] = [await createNetwork(ipam, '10.0.0.0/24'), await createNetwork(ipam, '10.0.1.0/24')];
    const instance = someInstance();
    const first = await allocated(ipam.fixedIps, { instance, nics: [{ network: a }] });
    const before = await ipam.dump();
    expect(await allocated(ipam.fixedIps, { instance, nics: [{ network: a }] })).toEqual(first);
    expect(await ipam.dump()).toEqual(before);
    expect(
      await allocated(ipam.fixedIps, { instance, nics: [{ network: a, address: ip('10.0.0.77') }] }),
    ).toEqual(first);
    const more = await allocated(ipam.fixedIps, {
      instance,
      nics: [{ network: b }, { network: a }, { network: a }],
    });
    expect(addressesOf(more)).toEqual(['10.0.1.2', '10.0.0.2']);
    expect(addressesOf(await ipam.fixedIps.nicsOf(instance.uuid))).toEqual(['10.0.0.2', '10.0.1.2']);
  });

  test('takes over host and project when they are given, keeps them when not', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const { uuid } = someInstance();
    for (const [projectId, hostName, expected] of [
      ['p1', null, { projectId: 'p1', host: null }],
      [null, host('c1'), { projectId: 'p1', host: 'c1' }],
      [null, null, { projectId: 'p1', host: 'c1' }],
      [null, host('c2'), { projectId: 'p1', host: 'c2' }],
    ] as const) {
      await ipam.fixedIps.allocate({ instance: { uuid, projectId, host: hostName }, nics: [{ network }] });
      expect(await ipam.instances.find(uuid)).toMatchObject(expected);
    }
  });

  test('goes up and around: what was released rests until the ring comes by again', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/29', { vpnPrivateAddress: ip('10.0.0.4') });
    const given = [];
    for (let i = 0; i < 6; i += 1) {
      const instance = someInstance();
      given.push(...addressesOf(await allocated(ipam.fixedIps, { instance, nics: [{ network }] })));
      await ipam.fixedIps.deallocate(instance.uuid);
    }
    expect(given).toEqual(['10.0.0.2', '10.0.0.3', '10.0.0.5', '10.0.0.6', '10.0.0.2', '10.0.0.3']);
  });

  test('uses the second IPv4 subnet when the first is full', async () => {
    const ipam = await scratchIpam();
    const [network] = await ipam.networks.create(() => [
      networkDraft([subnet4('10.0.0.0/30'), subnet4('10.0.1.0/30')]),
    ]);
    const given = [];
    for (let i = 0; i < 2; i += 1) {
      given.push(
        ...addressesOf(
          await allocated(ipam.fixedIps, { instance: someInstance(), nics: [{ network: network! }] }),
        ),
      );
    }
    expect(given).toEqual(['10.0.0.2', '10.0.1.2']);
  });

  test('gives a NIC without address in a network that has only IPv6', async () => {
    const ipam = await scratchIpam();
    const [network] = await ipam.networks.create(() => [networkDraft([subnet6('fd00::/64')])]);
    const instance = someInstance();
    const nics = await allocated(ipam.fixedIps, { instance, nics: [{ network: network! }] });
    expect(nics).toMatchObject([{ vif: { networkId: network?.id }, fixedIps: [] }]);
    expect(await allocated(ipam.fixedIps, { instance, nics: [{ network: network! }] })).toEqual(nics);
  });

  test('writes number and text of an address beyond what a float can tell apart', async () => {
    const { database, networks, fixedIps } = await scratchIpam();
    const [network] = await networks.create(() => [
      networkDraft([subnet4('255.255.255.0/24'), subnet6('ffff:ffff:ffff:ffff::/64')]),
    ]);
    await fixedIps.allocate({ instance: someInstance(), nics: [{ network: network! }] });
    const rows = await database.run((manager) =>
      manager.query(
        'SELECT address, CAST(number AS CHAR) AS number FROM fixed_ips ORDER BY fixed_ips.number',
      ),
    );
    expect(rows).toEqual([
      { address: '255.255.255.1', number: '4294967041' },
      { address: '255.255.255.2', number: '4294967042' },
      { address: 'ffff:ffff:ffff:ffff::1', number: '340282366920938463444927863358058659841' },
    ]);
  });
});

describe('asking for an address', () => {
  test.each([
    { name: 'outside of the subnet', address: '10.0.1.9' },
    { name: 'the network address', address: '10.0.0.0' },
    { name: 'the broadcast address', address: '10.0.0.255' },
    { name: 'the gateway', address: '10.0.0.1' },
    { name: 'one of the VPN server', address: '10.0.0.2' },
    { name: 'a reserved one', address: '10.0.0.9' },
    { name: 'one outside of the pool', address: '10.0.0.250' },
  ])('fails for $name', async ({ address }) => {
    const ipam = await scratchIpam();
    const pool = { first: ip('10.0.0.2'), last: ip('10.0.0.200') };
    const [network] = await ipam.networks.create(() => [
      networkDraft([subnet4('10.0.0.0/24', { pool, reserved: [ip('10.0.0.9')] })], {
        vpnPrivateAddress: ip('10.0.0.2'),
      }),
    ]);
    const before = await ipam.dump();
    const allocation = ipam.fixedIps.allocate({
      instance: someInstance(),
      nics: [{ network: network!, address: ip(address) }],
    });
    await expect(allocation).rejects.toEqual(new FixedIpNotFoundForNetwork(address, network!.uuid));
    expect(await ipam.dump()).toEqual(before);
  });

  test('gives it, and tells the next one who holds it', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const [holder, other] = [someInstance(), someInstance()];
    const nic = { network, address: ip('10.0.0.77'), mac: macA };
    const nics = await allocated(ipam.fixedIps, { instance: holder, nics: [nic] });
    expect(addressesOf(nics)).toEqual(['10.0.0.77']);
    expect(nics[0]?.vif.mac).toEqual(macA);
    const second = ipam.fixedIps.allocate({ instance: other, nics: [{ network, address: ip('10.0.0.77') }] });
    await expect(second).rejects.toEqual(new FixedIpAlreadyInUse('10.0.0.77', holder.uuid));
  });

  test('gives the same instance its draining address back, and nobody else', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const instance = someInstance();
    const address = ip('10.0.0.77');
    await ipam.fixedIps.allocate({ instance, nics: [{ network, address, mac: macA }] });
    await ipam.fixedIps.recordLease({ address, mac: macA });
    await ipam.fixedIps.deallocate(instance.uuid);
    const other = ipam.fixedIps.allocate({ instance: someInstance(), nics: [{ network, address }] });
    await expect(other).rejects.toEqual(new FixedIpAlreadyInUse('10.0.0.77', instance.uuid));
    const [nic] = await allocated(ipam.fixedIps, { instance, nics: [{ network, address, mac: macB }] });
    expect(nic?.fixedIps).toMatchObject([{ isAllocated: true, vifId: nic?.vif.id, lease: { mac: macA } }]);
  });

  test('succeeds for exactly one of 100 at once, and the others learn who it was', async () => {
    const ipam = await scratchIpam();
    const workers = [ipam, ...(await Promise.all([1, 2, 3].map(() => ipam.openAnother())))];
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const instances = Array.from({ length: 100 }, () => someInstance());
    const outcomes = await Promise.allSettled(
      instances.map((instance, i) =>
        workers[i % 4]!.fixedIps.allocate({ instance, nics: [{ network, address: ip('10.0.0.77') }] }),
      ),
    );
    const winners = instances.filter((_, i) => outcomes[i]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    for (const reason of reasons)
      expect(reason).toEqual(new FixedIpAlreadyInUse('10.0.0.77', winners[0]!.uuid));
    const { instances: rows } = await ipam.dump();
    expect(rows).toHaveLength(1);
  });
});

describe('MAC addresses', () => {
  test('are drawn again when one is taken, five times at most', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    await ipam.fixedIps.allocate({ instance: someInstance(), nics: [{ network, mac: macA }] });
    const ledger = (macs: Mac[]) =>
      new FixedIpLedger(new TypeormFixedIpStore(ipam.database), {
        next: () => macs.shift() ?? macA,
        attempts: 5,
      });
    const [nic] = await allocated(ledger([macA, macA, macA, macA, macB]), {
      instance: someInstance(),
      nics: [{ network }],
    });
    expect(nic?.vif.mac).toEqual(macB);
    const before = await ipam.dump();
    const hopeless = ledger([macA, macA, macA, macA, macA, Mac.ofNova(1)]);
    await expect(hopeless.allocate({ instance: someInstance(), nics: [{ network }] })).rejects.toBeInstanceOf(
      VirtualInterfaceMacAddressException,
    );
    expect(await ipam.dump()).toEqual(before);
  });

  test('asked for by name are tried once', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    await ipam.fixedIps.allocate({ instance: someInstance(), nics: [{ network, mac: macA }] });
    const second = ipam.fixedIps.allocate({ instance: someInstance(), nics: [{ network, mac: macA }] });
    await expect(second).rejects.toBeInstanceOf(VirtualInterfaceMacAddressException);
  });
});

describe('the limit of a project', () => {
  const exceeded = { status: 'rejected', reason: new FixedIpLimitExceeded() };

  test.each([
    { name: 'no limit', limit: undefined, quota: undefined, given: 4 },
    { name: 'minus one: no limit', limit: -1, quota: undefined, given: 4 },
    { name: 'the standard limit', limit: 2, quota: undefined, given: 2 },
    { name: 'the project’s own one, lower', limit: 3, quota: 1, given: 1 },
    { name: 'the project’s own one, higher', limit: 1, quota: 3, given: 3 },
    { name: 'the project’s own freedom', limit: 1, quota: -1, given: 4 },
    { name: 'a quota beside no standard limit', limit: undefined, quota: 2, given: 2 },
    { name: 'zero', limit: 0, quota: undefined, given: 0 },
  ])('$name: $given of 4', async ({ limit, quota, given }) => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    if (quota !== undefined) {
      await ipam.database.run((manager) =>
        manager.query("INSERT INTO quotas VALUES ('p1', 'fixed_ips', ?)", [quota]),
      );
    }
    const outcomes = await Promise.allSettled(
      Array.from({ length: 4 }, () =>
        ipam.fixedIps.allocate({
          instance: someInstance({ projectId: 'p1' }),
          nics: [{ network }],
          ...(limit === undefined ? {} : { limit }),
        }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(given);
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    for (const outcome of refused) expect(outcome).toEqual(exceeded);
  });

  test('counts neither what is held already, nor other projects, nor what was given back', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const instance = someInstance({ projectId: 'p1' });
    const request = { nics: [{ network }], limit: 1 };
    await ipam.fixedIps.allocate({ instance, ...request });
    await ipam.fixedIps.allocate({ instance, ...request });
    await ipam.fixedIps.allocate({ instance: someInstance({ projectId: 'p2' }), ...request });
    await ipam.fixedIps.allocate({ instance: someInstance(), ...request });
    await ipam.fixedIps.deallocate(instance.uuid);
    const next = someInstance({ projectId: 'p1' });
    expect(await allocated(ipam.fixedIps, { instance: next, ...request })).toHaveLength(1);
  });

  test('knows the project of a registered instance though the request does not say it', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const instance = someInstance({ projectId: 'p1' });
    await ipam.fixedIps.allocate({ instance, nics: [{ network }] });
    await ipam.fixedIps.deallocate(instance.uuid);
    const again = ipam.fixedIps.allocate({
      instance: { ...instance, projectId: null },
      nics: [{ network }],
      limit: 0,
    });
    await expect(again).rejects.toBeInstanceOf(FixedIpLimitExceeded);
  });
});

describe('a failure', () => {
  test.each([
    { name: 'the second network is full', nics: ['free', 'full'], error: NoMoreFixedIps },
    { name: 'the second address is taken', nics: ['free', 'taken'], error: FixedIpAlreadyInUse },
    { name: 'the second network is gone', nics: ['free', 'gone'], error: NetworkNotFound },
    { name: 'the second MAC is taken', nics: ['free', 'mac'], error: VirtualInterfaceMacAddressException },
    {
      name: 'the second NIC exceeds the limit',
      nics: ['free', 'other'],
      limit: 1,
      error: FixedIpLimitExceeded,
    },
  ])('leaves everything as before: $name', async ({ nics, error, limit }) => {
    const ipam = await scratchIpam();
    const [free, full, other, gone] = [
      await createNetwork(ipam, '10.0.0.0/24'),
      await createNetwork(ipam, '10.0.1.0/30'),
      await createNetwork(ipam, '10.0.2.0/24'),
      await createNetwork(ipam, '10.0.3.0/24'),
    ];
    await ipam.networks.delete(gone, { requireDisassociated: true });
    await ipam.fixedIps.allocate({
      instance: someInstance(),
      nics: [{ network: full }, { network: other, address: ip('10.0.2.9'), mac: macA }],
    });
    const before = await ipam.dump();
    const request: Record<string, object> = {
      free: { network: free },
      full: { network: full },
      taken: { network: other, address: ip('10.0.2.9') },
      gone: { network: gone },
      mac: { network: other, mac: macA },
      other: { network: other },
    };
    const allocation = ipam.fixedIps.allocate({
      instance: someInstance({ projectId: 'p1' }),
      nics: nics.map((nic) => request[nic] as { network: typeof free }),
      ...(limit === undefined ? {} : { limit }),
    });
    await expect(allocation).rejects.toBeInstanceOf(error);
    expect(await ipam.dump()).toEqual(before);
  });

  test('at any statement leaves everything as before, and the next attempt succeeds', async () => {
    let budget = Infinity;
    const failure = new Error('injected');
    const ipam = await scratchIpam({
      onStatement(sql) {
        budget -= 1;
        if (budget < 0 && sql !== 'ROLLBACK') throw failure;
      },
    });
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const other = await createNetwork(ipam, '10.0.1.0/24');
    const before = await ipam.dump();
    const instance = someInstance({ projectId: 'p1' });
    const nics = [{ network }, { network: other, address: ip('10.0.1.9') }];
    for (let statements = 0; ; statements += 1) {
      budget = statements;
      const outcome = await ipam.fixedIps
        .allocate({ instance, nics, limit: 9 })
        .catch((error: unknown) => error);
      budget = Infinity;
      if (outcome !== failure) break;
      expect(await ipam.dump()).toEqual(before);
    }
    expect(await ipam.fixedIps.nicsOf(instance.uuid)).toHaveLength(2);
  });
});

describe('the cost in statements', () => {
  test.each([
    { name: 'a new instance', known: false, limit: undefined, project: 'p1', cost: 9 },
    { name: 'a new instance under a limit', known: false, limit: 9, project: 'p1', cost: 11 },
    { name: 'a repeated request', known: true, limit: undefined, project: 'p1', cost: 7 },
  ])('of allocating for $name is $cost', async ({ known, limit, project, cost }) => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const request = {
      instance: someInstance({ projectId: project }),
      nics: [{ network }],
      ...(limit === undefined ? {} : { limit }),
    };
    if (known) await ipam.fixedIps.allocate(request);
    ipam.statements.length = 0;
    await ipam.fixedIps.allocate(request);
    expect(ipam.statements).toHaveLength(cost);
  });

  test('of allocations at once is less for each: what they read, and the place in the ring, they share', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    await ipam.fixedIps.allocate({ instance: someInstance({ projectId: 'p1' }), nics: [{ network }] });
    ipam.statements.length = 0;
    await Promise.all(
      Array.from({ length: 16 }, () =>
        ipam.fixedIps.allocate({ instance: someInstance({ projectId: 'p1' }), nics: [{ network }] }),
      ),
    );
    const ownTransactions = 16 * 5;
    expect(ipam.statements.length).toBeLessThan(ownTransactions + 16);
  });

  test('of the others', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const instance = someInstance();
    const [nic] = await allocated(ipam.fixedIps, { instance, nics: [{ network }] });
    const address = nic!.fixedIps[0]!.address;
    const cost = async (work: () => Promise<unknown>) => {
      ipam.statements.length = 0;
      await work();
      return ipam.statements.length;
    };
    expect({
      nicsOf: await cost(() => ipam.fixedIps.nicsOf(instance.uuid)),
      recordLease: await cost(() => ipam.fixedIps.recordLease({ address })),
      findByAddress: await cost(() => ipam.fixedIps.findByAddress(address)),
      owners: await cost(() => ipam.instances.owners([address])),
      recordRelease: await cost(() => ipam.fixedIps.recordRelease({ address })),
      deallocate: await cost(() => ipam.fixedIps.deallocate(instance.uuid)),
      freeStale: await cost(() => ipam.fixedIps.freeStale({ host: host('net1'), before: new Date() })),
    }).toEqual({
      nicsOf: 1,
      recordLease: 1,
      findByAddress: 1,
      owners: 1,
      recordRelease: 5,
      deallocate: 10,
      freeStale: 4,
    });
  });
});
