import {
  cidrRuleDraft,
  InvalidInput,
  ProviderFirewallRuleExists,
  ProviderFirewallRuleNotFound,
  ruleDraft,
  SecurityGroupDefaultRuleExists,
  SecurityGroupDefaultRuleNotFound,
  SecurityGroupExists,
  SecurityGroupInUse,
  SecurityGroupLimitExceeded,
  SecurityGroupNotFound,
  SecurityGroupNotFoundForRule,
  SecurityGroupRuleExists,
  SystemSecurityGroup,
  type SecurityGroupDraft,
} from '@novanet/ipam';
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { registration } from '../testing/fixtures.js';
import { scratchIpam } from '../testing/scratch-ipam.js';

const web: SecurityGroupDraft = { projectId: 'p1', userId: 'u1', name: 'web', description: 'web servers' };
const requestId = () => randomUUID().replaceAll('-', '');
const ssh = ruleDraft({ protocol: 'tcp', fromPort: 22, toPort: 22 });
const http = ruleDraft({ protocol: 'tcp', fromPort: 80, toPort: 80 });
const fromGroup = (groupId: number) => ruleDraft({ groupId });

async function scratchGroups() {
  const ipam = await scratchIpam();
  return { ipam, groups: ipam.securityGroups };
}

describe('making a group', () => {
  test('keeps what was said, and finds it again by id, name and project', async () => {
    const { groups } = await scratchGroups();
    const group = await groups.create(web);
    expect(group).toEqual({ ...web, id: group.id, rules: [] });
    expect(await groups.find(group.id)).toEqual(group);
    expect(await groups.findByName('p1', 'web')).toEqual(group);
    expect(await groups.findByName('p2', 'web')).toBeUndefined();
    const other = await groups.create({ ...web, projectId: 'p0' });
    const third = await groups.create({ ...web, name: 'db', description: null });
    expect(await groups.list('p1')).toEqual([third, group]);
    expect(await groups.list()).toEqual([other, third, group]);
  });

  test('is refused when the project has one of that name, also when two ask at once', async () => {
    const { ipam, groups } = await scratchGroups();
    const other = await ipam.openAnother();
    const results = await Promise.allSettled(
      [groups, other.securityGroups, groups, other.securityGroups].map((book) => book.create(web)),
    );
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.map(({ reason }): unknown => reason)).toEqual(
      [1, 2, 3].map(() => new SecurityGroupExists('web', 'p1')),
    );
    await expect(groups.create({ ...web, name: 'default' })).rejects.toThrow(SecurityGroupExists);
  });

  test('happens once for a request that is delivered several times', async () => {
    const { ipam, groups } = await scratchGroups();
    const other = await ipam.openAnother();
    const options = { requestId: requestId() };
    const made = await Promise.all(
      [groups, other.securityGroups, groups].map((book) => book.create(web, options)),
    );
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await groups.create(web, options)).toEqual(made[0]);
  });

  test.each([
    ['an empty name', { name: ' ' }],
    ['an empty description', { description: '' }],
    ['a long name', { name: 'x'.repeat(256) }],
    ['a long description', { description: 'x'.repeat(256) }],
  ])('is refused with %s', async (_name, over) => {
    const { groups } = await scratchGroups();
    await expect(groups.create({ ...web, ...over })).rejects.toThrow(InvalidInput);
  });

  test('stops at the limit, also when many ask at once; the limit of a project goes before the standard', async () => {
    const { ipam, groups } = await scratchGroups();
    const other = await ipam.openAnother();
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const results = await Promise.allSettled(
      names.map((name, index) =>
        (index % 2 === 0 ? groups : other.securityGroups).create({ ...web, name }, { limit: 3 }),
      ),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    await ipam.database.run((manager) =>
      manager.query(
        "UPDATE quotas SET hard_limit = 4 WHERE project_id = 'p1' AND resource = 'security_groups'",
      ),
    );
    await groups.create({ ...web, name: 'one more' }, { limit: 3 });
    await expect(groups.create({ ...web, name: 'too much' }, { limit: 3 })).rejects.toThrow(
      SecurityGroupLimitExceeded,
    );
    await groups.create({ ...web, projectId: 'p2' }, { limit: -1 });
  });
});

describe('the group "default"', () => {
  test('is made once with the default rules, whoever asks for it at the same time', async () => {
    const { ipam, groups } = await scratchGroups();
    await groups.defaultRules.add(cidrRuleDraft({ protocol: 'icmp', fromPort: -1, toPort: -1 }));
    await groups.defaultRules.add(cidrRuleDraft({ protocol: 'tcp', fromPort: 22, toPort: 22, cidr: '::/0' }));
    const processes = [ipam, await ipam.openAnother(), await ipam.openAnother()];
    const made = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        processes[index % 3]!.securityGroups.ensureDefault('p1', 'u1'),
      ),
    );
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(made[0]).toMatchObject({
      projectId: 'p1',
      userId: 'u1',
      name: 'default',
      description: 'default',
      rules: [{ protocol: 'icmp' }, { protocol: 'tcp' }],
    });
    expect(await groups.list()).toEqual([made[0]]);
  });

  test('keeps its rules when the default rules change', async () => {
    const { groups } = await scratchGroups();
    const before = await groups.ensureDefault('p1');
    await groups.defaultRules.add(cidrRuleDraft({ protocol: 'tcp', fromPort: 22, toPort: 22 }));
    expect(await groups.ensureDefault('p1')).toEqual(before);
    expect((await groups.ensureDefault('p2')).rules).toHaveLength(1);
  });

  test('is neither renamed nor deleted, and no other group gets its name', async () => {
    const { groups } = await scratchGroups();
    const { id } = await groups.ensureDefault('p1');
    await expect(groups.rename(id, { name: 'x', description: 'x' })).rejects.toEqual(
      new SystemSecurityGroup('update'),
    );
    await expect(groups.delete(id)).rejects.toEqual(new SystemSecurityGroup('delete'));
    const other = await groups.create({ ...web, projectId: 'p2' });
    await expect(groups.rename(other.id, { name: 'default', description: 'x' })).rejects.toEqual(
      new SecurityGroupExists('default', 'p2'),
    );
  });
});

describe('changing and deleting a group', () => {
  test('renames it, and can be repeated', async () => {
    const { groups } = await scratchGroups();
    const { id } = await groups.create(web);
    const texts = { name: 'www', description: 'all of them' };
    expect(await groups.rename(id, texts)).toMatchObject({ id, ...texts });
    expect(await groups.rename(id, texts)).toMatchObject(texts);
    await groups.create(web);
    await expect(groups.rename(id, { ...texts, name: 'web' })).rejects.toEqual(
      new SecurityGroupExists('web', 'p1'),
    );
    await expect(groups.rename(4711, texts)).rejects.toEqual(new SecurityGroupNotFound(4711));
  });

  test('deletes it with its rules and the rules that name it', async () => {
    const { groups } = await scratchGroups();
    const [one, other] = [await groups.create(web), await groups.create({ ...web, name: 'db' })];
    await groups.addRules(one.id, [ssh, fromGroup(one.id)]);
    await groups.addRules(other.id, [fromGroup(one.id), http]);
    const options = { requestId: requestId() };
    expect(await groups.delete(one.id, options)).toEqual([other.id]);
    expect(await groups.delete(one.id, options)).toEqual([other.id]);
    await expect(groups.delete(one.id)).rejects.toEqual(new SecurityGroupNotFound(one.id));
    expect((await groups.list('p1')).map(({ name, rules }) => [name, rules.length])).toEqual([['db', 1]]);
  });

  test('keeps it while an instance is in it, whoever is faster', async () => {
    const { ipam, groups } = await scratchGroups();
    const other = await ipam.openAnother();
    for (let round = 0; round < 8; round += 1) {
      const { uuid } = await ipam.instances.register(registration({ securityGroups: [] }));
      const { id } = await groups.create(web);
      const deletion = groups.delete(id).catch((error: unknown) => error);
      await Promise.allSettled([other.securityGroups.addMember(id, uuid), deletion]);
      const left = await groups.find(id);
      const names = (await groups.groupsOf(uuid)).map(({ name }) => name);
      expect(names.includes('web')).toBe(left !== undefined);
      expect(await deletion).toEqual(left ? new SecurityGroupInUse() : []);
      if (!left) continue;
      await groups.removeMember(id, uuid);
      await groups.delete(id);
    }
  });
});

describe('the rules of a group', () => {
  test('are added together, from blocks and from groups', async () => {
    const { groups } = await scratchGroups();
    const [one, other] = [await groups.create(web), await groups.create({ ...web, name: 'db' })];
    const added = await groups.addRules(one.id, [ssh, fromGroup(other.id), fromGroup(one.id)]);
    expect(added).toMatchObject([
      { parentGroupId: one.id, protocol: 'tcp', fromPort: 22, toPort: 22, source: ssh.source },
      {
        protocol: null,
        fromPort: null,
        toPort: null,
        source: { group: { id: other.id, name: 'db', projectId: 'p1' } },
      },
      { source: { group: { id: one.id } } },
    ]);
    expect((await groups.find(one.id))?.rules).toEqual(added);
    expect(await groups.findByRule(added[1]!.id)).toMatchObject({ id: one.id });
    expect(await groups.findByRule(4711)).toBeUndefined();
  });

  test('are refused where one is there already, and then none is added', async () => {
    const { groups } = await scratchGroups();
    const { id } = await groups.create(web);
    await groups.addRules(id, [ssh, fromGroup(id)]);
    const refused = new SecurityGroupRuleExists('tcp 22:22 from 0.0.0.0/0', id);
    await expect(groups.addRules(id, [http, ssh])).rejects.toEqual(refused);
    await expect(groups.addRules(id, [fromGroup(id)])).rejects.toThrow(`any from group ${id}`);
    await expect(groups.addRules(id, [http, http])).rejects.toThrow(SecurityGroupRuleExists);
    expect((await groups.find(id))?.rules).toHaveLength(2);
  });

  test('are there once when they are added by several at once, or by a request that comes again', async () => {
    const { ipam, groups } = await scratchGroups();
    const other = await ipam.openAnother();
    const { id } = await groups.create(web);
    const results = await Promise.allSettled(
      [groups, other.securityGroups, groups, other.securityGroups].map((book) => book.addRules(id, [ssh])),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const options = { requestId: requestId() };
    const added = await groups.addRules(id, [http], options);
    expect(await groups.addRules(id, [http], options)).toEqual(added);
  });

  test('stop at the limit of the group', async () => {
    const { groups } = await scratchGroups();
    const { id } = await groups.create(web);
    await groups.addRules(id, [ssh], { limit: 2 });
    await expect(groups.addRules(id, [http, fromGroup(id)], { limit: 2 })).rejects.toThrow(
      SecurityGroupLimitExceeded,
    );
    await groups.addRules(id, [http], { limit: 2 });
  });

  test('need groups that exist', async () => {
    const { groups } = await scratchGroups();
    const { id } = await groups.create(web);
    await expect(groups.addRules(4711, [ssh])).rejects.toEqual(new SecurityGroupNotFound(4711));
    await expect(groups.addRules(id, [fromGroup(4711)])).rejects.toEqual(new SecurityGroupNotFound(4711));
  });

  test('are removed one by one', async () => {
    const { groups } = await scratchGroups();
    const { id } = await groups.create(web);
    const [first, second] = await groups.addRules(id, [ssh, http]);
    const options = { requestId: requestId() };
    expect(await groups.removeRule(first!.id, options)).toBe(id);
    expect(await groups.removeRule(first!.id, options)).toBe(id);
    await expect(groups.removeRule(first!.id)).rejects.toEqual(new SecurityGroupNotFoundForRule(first!.id));
    expect((await groups.find(id))?.rules).toEqual([second]);
  });
});

describe('the rules of no group', () => {
  const draft = cidrRuleDraft({ protocol: 'tcp', fromPort: 25, toPort: 25, cidr: '198.51.100.0/24' });

  test.each([
    ['defaultRules', SecurityGroupDefaultRuleExists, SecurityGroupDefaultRuleNotFound],
    ['providerRules', ProviderFirewallRuleExists, ProviderFirewallRuleNotFound],
  ] as const)('%s are listed, added once and removed', async (name, exists, notFound) => {
    const { ipam, groups } = await scratchGroups();
    const other = await ipam.openAnother();
    const list = groups[name];
    const results = await Promise.allSettled(
      [list, other.securityGroups[name], list, other.securityGroups[name]].map((one) => one.add(draft)),
    );
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.map(({ reason }): unknown => reason)).toEqual([1, 2, 3].map(() => new exists()));
    const options = { requestId: requestId() };
    const more = await list.add({ ...draft, toPort: 26 }, options);
    expect(await list.add({ ...draft, toPort: 26 }, options)).toEqual(more);
    const [first, second] = await list.list();
    expect([first, second]).toEqual([{ ...draft, id: first!.id }, more]);
    const removal = { requestId: requestId() };
    await list.remove(first!.id, removal);
    await list.remove(first!.id, removal);
    expect(await list.list()).toEqual([more]);
    await expect(list.remove(first!.id)).rejects.toEqual(new notFound(first!.id));
  });
});
