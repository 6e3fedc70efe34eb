import { cidrRuleDraft, ruleDraft, type DeriveIpv6 } from '@novanet/ipam';
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { allocated, createNetwork, host, ip, networkDraft, subnet4, subnet6 } from '../testing/fixtures.js';
import { allocateFloatingIp, growPool } from '../testing/floating-fixtures.js';
import { scratchIpam } from '../testing/scratch-ipam.js';

const eui64: DeriveIpv6 = (mac, prefix) => mac.eui64(prefix);
const ssh = { protocol: 'tcp', fromPort: 22, toPort: 22 };

async function cloud() {
  const ipam = await scratchIpam();
  const groups = ipam.securityGroups;
  const network = await createNetwork(ipam, '10.0.0.0/16');
  /** Has an address, and is in these groups. */
  const instance = async (names: readonly string[] = [], projectId = 'p1', on = 'compute1') => {
    const uuid = randomUUID();
    const identity = { uuid, projectId, host: host(on) };
    await ipam.fixedIps.allocate({ instance: identity, nics: [{ network }] });
    await groups.setMembers(uuid, names);
    return uuid;
  };
  const group = async (name: string, projectId = 'p1') => {
    const made = await groups.create({ projectId, userId: null, name, description: name });
    return made.id;
  };
  const affectedBy = async (...instanceUuids: string[]) => {
    const affected = await groups.affectedBy({
      instanceUuids,
      groupIds: [],
      movedUuids: [],
      ruleGroupIds: [],
    });
    return affected.map(({ uuid }) => uuid);
  };
  const cost = async (work: () => Promise<unknown>) => {
    ipam.statements.length = 0;
    await work();
    return ipam.statements.length;
  };
  return { ipam, groups, network, instance, group, affectedBy, cost };
}

describe('what the firewall of a host needs', () => {
  test('are the rules of the groups, the addresses of the source groups and the rules of the provider', async () => {
    const { groups, instance, group } = await cloud();
    const [web, db, admin] = [await group('web'), await group('db'), await group('admin')];
    await groups.addRules(web, [ruleDraft({ ...ssh, cidr: '192.0.2.0/24' })]);
    await groups.addRules(db, [ruleDraft({ groupId: web }), ruleDraft({ ...ssh, groupId: admin })]);
    const provider = await groups.providerRules.add(cidrRuleDraft({ ...ssh, cidr: '198.51.100.0/24' }));
    const [one, two] = [await instance(['web', 'db']), await instance(['db'])];
    await instance(['web'], 'p1', 'compute2');
    const firewall = await groups.rulesFor([one, two, randomUUID()], eui64);
    expect(firewall.instances).toMatchObject([
      {
        uuid: one,
        rules: [{ source: { cidr: {} } }, { source: { groupId: web } }, { source: { groupId: admin } }],
      },
      { uuid: two, rules: [{ source: { groupId: web } }, { protocol: 'tcp', source: { groupId: admin } }] },
    ]);
    expect(firewall.members).toEqual(
      new Map([
        [web, [ip('10.0.0.2'), ip('10.0.0.4')]],
        [admin, []],
      ]),
    );
    expect(firewall.providerRules).toEqual([provider]);
  });

  test('know the floating IPs under which members are seen elsewhere', async () => {
    const { ipam, groups, instance, group } = await cloud();
    const web = await group('web');
    await groups.addRules(web, [ruleDraft({ groupId: web })]);
    const uuid = await instance(['web']);
    const [fixedIp] = (await ipam.fixedIps.nicsOf(uuid)).flatMap(({ fixedIps }) => fixedIps);
    await growPool(ipam, '203.0.113.1');
    const { address } = await allocateFloatingIp(ipam);
    const target = { id: fixedIp!.id, address: ip('10.0.0.2'), instanceUuid: uuid };
    await ipam.floatingIps.associate({
      address,
      fixedIp: target,
      host: host('h1'),
      guard: () => true,
      mayTake: true,
    });
    const { members } = await groups.rulesFor([uuid], eui64);
    expect(members.get(web)).toEqual([ip('10.0.0.2'), ip('203.0.113.1')]);
  });

  test('are for a project without group "default" the rules it would begin with', async () => {
    const { groups, instance } = await cloud();
    await groups.defaultRules.add(cidrRuleDraft(ssh));
    const uuid = await instance();
    const rulesOf = async () => (await groups.rulesFor([uuid], eui64)).instances[0]?.rules;
    expect(await rulesOf()).toMatchObject([ssh]);
    const made = await groups.ensureDefault('p1');
    await groups.defaultRules.add(cidrRuleDraft({ ...ssh, toPort: 23 }));
    expect(await rulesOf()).toMatchObject([ssh]);
    await groups.removeMember(made.id, uuid);
    expect(await rulesOf()).toEqual([]);
  });

  test('know whoever is in "default" without being listed, and no address that is given back', async () => {
    const { ipam, groups, instance } = await cloud();
    const { id } = await groups.ensureDefault('p1');
    await groups.addRules(id, [ruleDraft({ groupId: id })]);
    const [one, two] = [await instance(), await instance(['default'])];
    await instance([], 'p2');
    const members = async () => (await groups.rulesFor([one], eui64)).members.get(id);
    expect(await members()).toEqual([ip('10.0.0.2'), ip('10.0.0.3')]);
    await ipam.fixedIps.recordLease({ address: ip('10.0.0.3') });
    await ipam.fixedIps.deallocate(two);
    expect(await members()).toEqual([ip('10.0.0.2')]);
  });

  test('includes IPv6 addresses, which instances derive from their MACs', async () => {
    const { ipam, groups } = await cloud();
    const subnets = [subnet4('10.9.0.0/24'), subnet6('fd00::/64')];
    const [network] = await ipam.networks.create(() => [networkDraft(subnets)]);
    const instance = { uuid: randomUUID(), projectId: 'p1', host: null };
    const [nic] = await allocated(ipam.fixedIps, { instance, nics: [{ network: network! }] });
    const { id } = await groups.ensureDefault('p1');
    await groups.addRules(id, [ruleDraft({ groupId: id })]);
    const { members } = await groups.rulesFor([instance.uuid], eui64);
    expect(members.get(id)).toEqual([ip('10.9.0.2'), nic!.vif.mac.eui64(subnet6('fd00::/64').cidr)]);
  });
});

describe('the instances affected by a change of addresses', () => {
  test('are those with a rule whose source is one of the groups', async () => {
    const { groups, instance, group, affectedBy } = await cloud();
    const [web, db] = [await group('web'), await group('db')];
    await groups.addRules(db, [ruleDraft({ groupId: web })]);
    const [server, front] = [await instance(['db'], 'p1', 'compute2'), await instance(['web'])];
    expect(await affectedBy(front)).toEqual([server]);
    expect(await affectedBy(server)).toEqual([]);
    expect(await affectedBy(front, server, randomUUID())).toEqual([server]);
    expect(await affectedBy()).toEqual([]);
    const [affected] = await groups.affectedBy({
      instanceUuids: [],
      groupIds: [web],
      movedUuids: [],
      ruleGroupIds: [],
    });
    expect(affected).toMatchObject({
      uuid: server,
      host: 'compute2',
      projectId: 'p1',
      userId: null,
      computeId: null,
    });
    const moved = await groups.affectedBy({
      instanceUuids: [],
      groupIds: [web],
      movedUuids: [front, server],
      ruleGroupIds: [],
    });
    expect(moved.map(({ uuid }) => uuid)).toEqual([server, front]);
    const none = { instanceUuids: [], groupIds: [], movedUuids: [] };
    const ruled = await groups.affectedBy({ ...none, ruleGroupIds: [web] });
    expect(ruled.map(({ uuid }) => uuid)).toEqual([front]);
    expect(await groups.whereabouts([front, randomUUID()])).toMatchObject([{ uuid: front }]);
  });

  test('are each named once, and the instance itself where its own group lets it in', async () => {
    const { groups, instance, group, affectedBy } = await cloud();
    const { id } = await groups.ensureDefault('p1');
    const web = await group('web');
    await groups.addRules(id, [ruleDraft({ groupId: id }), ruleDraft({ ...ssh, groupId: web })]);
    await groups.addRules(web, [ruleDraft({ groupId: id }), ruleDraft({ groupId: web })]);
    const [both, implicit] = [await instance(['web', 'default']), await instance()];
    await instance([], 'p2');
    expect(await affectedBy(both)).toEqual([both, implicit]);
    expect(await affectedBy(implicit)).toEqual([both, implicit]);
  });
});

test('the cost in statements is the same for one instance and for forty', async () => {
  const { groups, instance, group, cost } = await cloud();
  const ids = [await group('web'), await group('db'), await group('admin')];
  for (const id of ids)
    await groups.addRules(
      id,
      ids.map((groupId) => ruleDraft({ groupId })),
    );
  const uuids: string[] = [];
  for (let count = 0; count < 40; count += 1)
    uuids.push(await instance(count % 2 ? ['web', 'db', 'admin'] : []));
  const costs = async (some: readonly string[]) => ({
    rulesFor: await cost(() => groups.rulesFor(some, eui64)),
    affectedBy: await cost(() =>
      groups.affectedBy({ instanceUuids: some, groupIds: [], movedUuids: some, ruleGroupIds: [] }),
    ),
    groupsOf: await cost(() => groups.groupsOf(some[0]!)),
    list: await cost(() => groups.list()),
  });
  const expected = { rulesFor: 5, affectedBy: 2, groupsOf: 2, list: 2 };
  expect(await costs(uuids.slice(0, 2).toReversed())).toEqual(expected);
  expect(await costs(uuids.toReversed())).toEqual(expected);
});
