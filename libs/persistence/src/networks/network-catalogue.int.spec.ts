import {
  CidrConflict,
  DuplicateVlan,
  InvalidInput,
  NetworkHasProject,
  NetworkInUse,
  NetworkNotFound,
} from '@novanet/ipam';
import { Ipv6Cidr } from '@novanet/net-address';
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

const requestId = 'a'.repeat(32);

describe('creating networks', () => {
  test('keeps everything that was drafted', async () => {
    const { networks } = await scratchIpam();
    const draft = networkDraft([subnet4('10.0.0.0/24'), subnet6('fd00:0:0:1::/64')], {
      label: 'красный',
      projectId: 'p1',
      isMultiHost: true,
      isInjected: true,
      vlan: 100,
      vpnPublicAddress: ip('192.0.2.9'),
      vpnPublicPort: 1000,
      vpnPrivateAddress: ip('10.0.0.2'),
      dns1: ip('8.8.4.4'),
      mtu: 1450,
      enableDhcp: false,
      shareAddress: true,
    });
    const [created] = await networks.create(() => [draft]);
    const { subnets, ...plain } = draft;
    expect(created).toMatchObject({ ...plain, host: null, updatedAt: null });
    expect(created?.subnets).toMatchObject(
      subnets.map((subnet) => ({ cidr: subnet.cidr, gateway: subnet.gateway, pool: subnet.pool })),
    );
    expect(Math.abs(Number(created?.createdAt) - Date.now())).toBeLessThan(60_000);
    expect(await networks.list()).toEqual([created]);
  });

  test('answers in the order of the plan', async () => {
    const { networks } = await scratchIpam();
    const created = await networks.create(() =>
      ['c', 'a', 'b'].map((label, i) => networkDraft([subnet4(`10.0.${i}.0/24`)], { label })),
    );
    expect(created.map(({ label }) => label)).toEqual(['c', 'a', 'b']);
  });

  test('shows the plan all that exists, and nothing remains of a plan that throws', async () => {
    const { networks, dump } = await scratchIpam();
    const first = await createNetwork({ networks }, '10.0.0.0/24');
    const before = await dump();
    const refusal = new CidrConflict('10.0.0.0/25', '10.0.0.0/24');
    const creation = networks.create((existing) => {
      expect(existing).toEqual([first]);
      throw refusal;
    });
    await expect(creation).rejects.toBe(refusal);
    expect(await dump()).toEqual(before);
  });

  test.each([
    { name: 'a VLAN in use', vlans: [101, 100], error: new DuplicateVlan(100) },
    { name: 'a VLAN twice in one plan', vlans: [102, 102], error: new DuplicateVlan(102) },
  ])('creates none of several networks because of $name', async ({ vlans, error }) => {
    const ipam = await scratchIpam();
    await createNetwork(ipam, '10.0.0.0/24', { vlan: 100 });
    const before = await ipam.dump();
    const drafts = vlans.map((vlan, i) => networkDraft([subnet4(`10.1.${i}.0/24`)], { vlan }));
    await expect(ipam.networks.create(() => drafts)).rejects.toEqual(error);
    expect(await ipam.dump()).toEqual(before);
  });

  test('refuses a uuid in use', async () => {
    const ipam = await scratchIpam();
    const { uuid } = await createNetwork(ipam, '10.0.0.0/24');
    await expect(createNetwork(ipam, '10.0.1.0/24', { uuid })).rejects.toBeInstanceOf(InvalidInput);
  });

  test('gives a repeated request what the first one created', async () => {
    const { networks } = await scratchIpam();
    const plan = () => [networkDraft([subnet4('10.0.0.0/24')])];
    const first = await networks.create(plan, { requestId });
    expect(await networks.create(plan, { requestId })).toEqual(first);
    expect(await networks.list()).toEqual(first);
  });

  test('gives the same to a request delivered to two workers at once', async () => {
    const ipam = await scratchIpam();
    const another = await ipam.openAnother();
    const plan = () => [networkDraft([subnet4('10.0.0.0/24')])];
    const [a, b] = await Promise.all([
      ipam.networks.create(plan, { requestId }),
      another.networks.create(plan, { requestId }),
    ]);
    expect(a).toEqual(b);
    expect(await ipam.networks.list()).toHaveLength(1);
  });

  test('never lets two creations see the same free room', async () => {
    const ipam = await scratchIpam();
    const workers = [ipam, ...(await Promise.all([1, 2, 3].map(() => ipam.openAnother())))];
    const creations = Array.from({ length: 20 }, (_, i) =>
      workers[i % workers.length]?.networks.create((existing) => [
        networkDraft([subnet4(`10.0.${existing.length}.0/24`)]),
      ]),
    );
    await Promise.all(creations);
    const cidrs = (await ipam.networks.list()).map(({ subnets }) => subnets[0]?.cidr.toString());
    expect(new Set(cidrs).size).toBe(20);
  });

  test.each([1, 100])('takes as many statements for %i networks as for one', async (count) => {
    const { networks, statements } = await scratchIpam();
    await networks.create(() =>
      Array.from({ length: count }, (_, i) => networkDraft([subnet4(`10.0.${i}.0/24`)], { vlan: 100 + i })),
    );
    expect(statements).toHaveLength(12);
  });

  test('costs the same for a /8 as for a /29: rows only for addresses with a name', async () => {
    const costs = [];
    for (const cidr of ['10.0.0.0/29', '10.0.0.0/8']) {
      const { networks, statements, database } = await scratchIpam();
      await networks.create(() => [networkDraft([subnet4(cidr, { reserved: [ip('10.0.0.4')] })])]);
      const sent = statements.length;
      const rows = await database.run((manager) =>
        manager.query(
          'SELECT address, role, CAST(number AS CHAR) AS number FROM fixed_ips ORDER BY fixed_ips.number',
        ),
      );
      costs.push({ statements: sent, rows });
    }
    const rows = [
      { address: '10.0.0.1', role: 'gateway', number: '167772161' },
      { address: '10.0.0.4', role: 'reserved', number: '167772164' },
    ];
    expect(costs).toEqual([
      { statements: 12, rows },
      { statements: 12, rows },
    ]);
  });
});

describe('finding networks', () => {
  test('by id, uuid and block', async () => {
    const { networks } = await scratchIpam();
    const [a, b] = await networks.create(() => [
      networkDraft([subnet4('10.0.0.0/24'), subnet6('fd00:0:0:1::/64')]),
      networkDraft([subnet4('10.0.1.0/24')]),
    ]);
    if (!a || !b) throw new Error('not created');
    expect(await networks.findById(a.id)).toEqual(a);
    expect(await networks.findByUuid(b.uuid)).toEqual(b);
    expect(await networks.findByUuids([b.uuid, 'unknown', a.uuid])).toEqual([b, a]);
    expect(await networks.findByUuids([])).toEqual([]);
    expect(await networks.findByCidr('10.0.0.7/24')).toEqual(a);
    expect(await networks.findByCidr(Ipv6Cidr.parse('fd00:0:0:1::/64').toString().toUpperCase())).toEqual(a);
    expect(await networks.findByCidr('10.0.0.0/25')).toBeUndefined();
    expect(await networks.findByCidr('nonsense')).toBeUndefined();
    expect(await networks.findById(999_999)).toBeUndefined();
    expect(await networks.findByUuid('unknown')).toBeUndefined();
  });

  test('is one query, however many there are', async () => {
    const { networks, statements } = await scratchIpam();
    await networks.create(() =>
      Array.from({ length: 30 }, (_, i) => networkDraft([subnet4(`10.0.${i}.0/24`)])),
    );
    statements.length = 0;
    expect(await networks.list()).toHaveLength(30);
    expect(statements).toHaveLength(1);
  });
});

describe('deleting a network', () => {
  test('removes it with its subnets, named and draining addresses', async () => {
    const ipam = await scratchIpam();
    const before = await ipam.dump();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const instance = someInstance();
    const [nic] = await allocated(ipam.fixedIps, { instance, nics: [{ network }] });
    await ipam.fixedIps.recordLease({ address: nic!.fixedIps[0]!.address });
    await ipam.fixedIps.deallocate(instance.uuid);
    await ipam.networks.delete(network, { requireDisassociated: true });
    const { instances: _, processed_requests: _requests, ...rest } = await ipam.dump();
    const { instances: _none, processed_requests: _no, ...empty } = before;
    expect(rest).toEqual(empty);
  });

  test('is refused while an instance has an address in it', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    await ipam.fixedIps.allocate({ instance: someInstance(), nics: [{ network }] });
    const before = await ipam.dump();
    const deletion = ipam.networks.delete(network, { requireDisassociated: true });
    await expect(deletion).rejects.toEqual(new NetworkInUse(network.uuid));
    expect(await ipam.dump()).toEqual(before);
  });

  test('is refused while it belongs to a project, unless that does not matter', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24', { projectId: 'p1' });
    const deletion = ipam.networks.delete(network, { requireDisassociated: true });
    await expect(deletion).rejects.toEqual(new NetworkHasProject('p1'));
    await ipam.networks.delete(network, { requireDisassociated: false });
    expect(await ipam.networks.list()).toEqual([]);
  });

  test('is no error when the same request comes again, and one when another comes', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const options = { requireDisassociated: true, requestId };
    await Promise.all([ipam.networks.delete(network, options), ipam.networks.delete(network, options)]);
    await ipam.networks.delete(network, options);
    const another = ipam.networks.delete(network, { requireDisassociated: true });
    await expect(another).rejects.toEqual(new NetworkNotFound(network.id));
  });

  test('leaves word that it was done, and a refusal does not', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24', { projectId: 'p1' });
    const refused = ipam.networks.delete(network, { requireDisassociated: true, requestId });
    await expect(refused).rejects.toBeInstanceOf(NetworkHasProject);
    expect(await ipam.networks.isDone(requestId)).toBe(false);
    await ipam.networks.delete(network, { requireDisassociated: false, requestId });
    expect(await ipam.networks.isDone(requestId)).toBe(true);
    expect(await ipam.networks.isDone('b'.repeat(32))).toBe(false);
  });

  test('and allocating in it at once leaves either the network or no address', async () => {
    const ipam = await scratchIpam();
    for (let round = 0; round < 10; round += 1) {
      const network = await createNetwork(ipam, '10.0.0.0/24');
      const instance = someInstance();
      const [allocation, deleted] = await Promise.allSettled([
        ipam.fixedIps.allocate({ instance, nics: [{ network }] }),
        ipam.networks.delete(network, { requireDisassociated: true }),
      ]);
      expect([allocation.status, deleted.status].sort()).toEqual(['fulfilled', 'rejected']);
      const refusal =
        allocation.status === 'rejected' ? allocation.reason : (deleted as PromiseRejectedResult).reason;
      expect(refusal.name).toMatch(/^(NetworkNotFound|NetworkInUse)$/);
      await ipam.fixedIps.deallocate(instance.uuid);
      if (deleted.status === 'rejected') await ipam.networks.delete(network, { requireDisassociated: true });
    }
  });
});

describe('claiming the host of a network', () => {
  test('succeeds for one of many, and tells the others who it was', async () => {
    const ipam = await scratchIpam();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const claims = Array.from({ length: 16 }, (_, i) => ipam.networks.claimHost(network.id, host(`net${i}`)));
    const owners = new Set(await Promise.all(claims));
    const stored = (await ipam.networks.findById(network.id))?.host;
    expect([...owners]).toEqual([stored]);
  });

  test('fails for an unknown network', async () => {
    const { networks } = await scratchIpam();
    await expect(networks.claimHost(999_999, host('net1'))).rejects.toEqual(new NetworkNotFound(999_999));
  });
});

test('old requests are forgotten, young ones kept', async () => {
  const { networks } = await scratchIpam();
  await networks.create(() => [networkDraft([subnet4('10.0.0.0/24')])], { requestId });
  expect(await networks.forgetRequests(new Date(Date.now() - 86_400_000))).toBe(0);
  expect(await networks.forgetRequests(new Date(Date.now() + 60_000))).toBe(1);
});
