import { randomUUID } from 'node:crypto';
import type { SecurityGroupDict } from '@novanet/contracts';
import { CloudRules, SecurityGroups } from '@novanet/network-managers';
import { describe, expect, it } from 'vitest';
import { userOf } from '../testing/both-clients.js';
import { allocate, createNetwork, failureOf } from '../testing/requests.js';
import { sharedWorker, startWorker } from '../testing/test-worker.js';

const worker = sharedWorker();
const http = { ip_protocol: 'tcp', from_port: 80, to_port: 80 };
const newRequest = () => randomUUID().replaceAll('-', '');

async function createGroup(name: string, { callOurs } = worker()): Promise<SecurityGroupDict> {
  const answer = await callOurs('create_security_group', { name, project_id: 'p' });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JSON carried; the tests look at it
  return answer as SecurityGroupDict;
}

/** Instances of a project on a host, each in the group "default". */
async function bootOn(host: string, more: Record<string, unknown> = {}): Promise<string> {
  const uuid = randomUUID();
  const { computeHosts, flows } = worker();
  await allocate(worker(), uuid, { host, ...more });
  await flows.securityGroups.idle();
  computeHosts.told.length = 0;
  computeHosts.filtersRefreshed.length = 0;
  return uuid;
}

/** What hosts have heard since the last time. */
function heard(): { told: string[]; refreshed: string[] } {
  const { told, filtersRefreshed } = worker().computeHosts;
  return { told: told.splice(0).toSorted(byText), refreshed: filtersRefreshed.splice(0) };
}

const byText = (one: string, other: string) => one.localeCompare(other);
const nobody = { told: [], refreshed: [] };

describe('whoever filters has heard when the caller is answered', () => {
  it('of rules that come and go: the hosts of the members', async () => {
    await createNetwork(worker());
    const one = await bootOn('compute1');
    const two = await bootOn('compute2');
    await bootOn('compute3', { project_id: 'q' });
    const [group] = (await worker().callOurs('list_security_groups', { project_id: 'p' })) as [
      SecurityGroupDict,
    ];
    const added = await worker().callOurs('add_security_group_rules', { group_id: group.id, rules: [http] });
    const everybody = { told: [`${one} on compute1`, `${two} on compute2`].toSorted(byText), refreshed: [] };
    expect(heard()).toEqual(everybody);
    const [{ id }] = added as [{ id: number }];
    await worker().callOurs('remove_security_group_rule', { rule_id: id });
    expect(heard()).toEqual(everybody);
  });

  it('of an instance that enters or leaves a group: its host, and those that let the group in', async () => {
    await createNetwork(worker());
    const [one, two] = [await bootOn('compute1'), await bootOn('compute2')];
    const [web, db] = [await createGroup('web'), await createGroup('db')];
    const member = (group: SecurityGroupDict, uuid: string) => ({ group_id: group.id, instance_uuid: uuid });
    await worker().callOurs('add_security_group_member', member(db, two));
    await worker().callOurs('add_security_group_rules', { group_id: db.id, rules: [{ group_id: web.id }] });
    heard();
    const both = { told: [`${one} on compute1`, `${two} on compute2`].toSorted(byText), refreshed: [] };
    await worker().callOurs('add_security_group_member', member(web, one));
    expect(heard()).toEqual(both);
    await worker().callOurs('remove_security_group_member', member(web, one));
    expect(heard()).toEqual(both);
    await worker().callOurs('delete_security_group', { group_id: web.id });
    expect(heard()).toEqual({ told: [`${two} on compute2`], refreshed: [] });
  });

  it.each(['provider_firewall_rule', 'default_group_rule'])('of a %s: everybody', async (noun) => {
    const { id } = (await worker().callOurs(`add_${noun}`, http)) as { id: number };
    expect(heard()).toEqual({ told: [], refreshed: ['everywhere'] });
    await worker().callOurs(`remove_${noun}`, { rule_id: id });
    expect(heard()).toEqual({ told: [], refreshed: ['everywhere'] });
  });

  it('of nothing, when nothing changed', async () => {
    const { id } = await createGroup('web');
    const { callOurs } = worker();
    await callOurs('rename_security_group', { group_id: id, name: 'www' });
    const refused = callOurs('add_security_group_rules', { group_id: id, rules: [{ group_id: id + 1 }] });
    expect(await failureOf(refused)).toContain('SecurityGroupNotFound');
    await callOurs('delete_security_group', { group_id: id });
    expect(heard()).toEqual(nobody);
  });
});

/** The flows of a worker that gets what another one had, and that remembers no request itself. */
function takingOver() {
  const { ipam, flows } = worker();
  const limits = { groups: -1, rulesOfGroup: -1 };
  return {
    groups: new SecurityGroups(ipam.securityGroups, ipam.instances, flows.securityGroups, limits),
    rules: new CloudRules(ipam.securityGroups, flows.securityGroups),
  };
}

/** The answer, which is the same again, and heard of again. */
async function twice<T>(ask: (requestId: string) => Promise<T>): Promise<T> {
  heard();
  const requestId = newRequest();
  const first = await ask(requestId);
  const told = heard();
  expect(await ask(requestId)).toEqual(first);
  expect(heard()).toEqual(told);
  return first;
}

describe('a request that comes again, because its worker was lost', () => {
  const admin = { projectId: null, userId: null, isAdmin: true };

  it('changes nothing and gets the same answer, also where what it is about is gone', async () => {
    await createNetwork(worker());
    const uuid = await bootOn('compute1');
    const { groups } = takingOver();
    const { id } = await twice((request) => groups.create({ name: 'web', project_id: 'p' }, admin, request));
    const member = { group_id: id, instance_uuid: uuid };
    await twice((request) => groups.addMember(member, admin, request));
    const wish = { group_id: id, rules: [http, { group_id: id }] };
    const [rule] = await twice((request) => groups.addRules(wish, admin, request));
    await twice((request) => groups.removeRule({ rule_id: rule?.id ?? 0 }, admin, request));
    await twice((request) => groups.removeMember(member, admin, request));
    const last = newRequest();
    await groups.addMember(member, admin, last);
    await groups.removeMember(member, admin, newRequest());
    await groups.addMember(member, admin, last);
    expect(await groups.list({ instance_uuid: uuid }, admin)).toMatchObject([{ name: 'default' }]);
    await twice((request) => groups.delete({ group_id: id }, admin, request));
    expect(await groups.list({}, admin)).toMatchObject([{ name: 'default', rules: [] }]);
  });

  it.each(['providerRules', 'defaultRules'] as const)('holds for %s as well', async (list) => {
    const { rules } = takingOver();
    const { id } = await twice((request) => rules.add(list, http, admin, request));
    await twice((request) => rules.remove(list, { rule_id: id }, admin, request));
    expect(await rules.list(list, admin)).toEqual([]);
  });
});

describe('a user', () => {
  const alice = { context: userOf('p') };

  it('does not let in a group of another project, nor learn who is there', async () => {
    await createNetwork(worker());
    const { callOurs } = worker();
    const mine = await createGroup('web');
    const theirs = (await callOurs('create_security_group', { name: 'db', project_id: 'q' })) as {
      id: number;
    };
    const stranger = await bootOn('compute1', { project_id: 'q' });
    const rules = [{ group_id: theirs.id }];
    expect(await failureOf(callOurs('add_security_group_rules', { group_id: mine.id, rules }, alice))).toBe(
      `SecurityGroupNotFound: Security group ${theirs.id} not found.`,
    );
    const unknown = `InstanceNotFound: Instance ${stranger} could not be found.`;
    for (const method of ['add_security_group_member', 'remove_security_group_member']) {
      const args = { group_id: mine.id, instance_uuid: stranger };
      expect(await failureOf(callOurs(method, args, alice))).toBe(unknown);
    }
    const looking = callOurs('list_security_groups', { instance_uuid: stranger }, alice);
    expect(await failureOf(looking)).toBe(unknown);
    expect(await callOurs('list_security_groups', {}, alice)).toMatchObject([{ name: 'default' }, mine]);
  });

  it('has as many groups as the project may have, "default" among them, however many ask at once', async () => {
    const small = await startWorker({ quota_security_groups: '3' });
    const wishes = ['a', 'b', 'c', 'd', 'e'].map((name) => createGroup(name, small));
    const results = await Promise.allSettled(wishes);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(await small.callOurs('list_security_groups', {}, alice)).toHaveLength(3);
  });
});
