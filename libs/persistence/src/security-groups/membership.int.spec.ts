import {
  InstanceNotFound,
  SecurityGroupExistsForInstance,
  SecurityGroupNotExistsForInstance,
  SecurityGroupNotFound,
  SecurityGroupNotFoundForProject,
} from '@novanet/ipam';
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createNetwork, registration, someInstance } from '../testing/fixtures.js';
import { scratchIpam } from '../testing/scratch-ipam.js';

async function cloud() {
  const ipam = await scratchIpam();
  const groups = ipam.securityGroups;
  const group = (name: string, projectId = 'p1') =>
    groups.create({ projectId, userId: null, name, description: name });
  const instance = async (projectId: string | null = 'p1') => {
    const { uuid } = await ipam.instances.register(registration({ projectId, securityGroups: [] }));
    return uuid;
  };
  const namesOf = async (uuid: string) => (await groups.groupsOf(uuid)).map(({ name }) => name);
  return { ipam, groups, group, instance, namesOf };
}

describe('an instance of which nobody says anything', () => {
  test('is in its project\'s group "default", as soon as there is one', async () => {
    const { ipam, groups, namesOf } = await cloud();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    const instance = someInstance({ projectId: 'p1' });
    await ipam.fixedIps.allocate({ instance, nics: [{ network }] });
    expect(await namesOf(instance.uuid)).toEqual([]);
    const { id } = await groups.ensureDefault('p1');
    await groups.ensureDefault('p2');
    expect(await groups.groupsOf(instance.uuid)).toMatchObject([{ id, projectId: 'p1' }]);
    expect(await groups.membersOf(id)).toMatchObject([
      { uuid: instance.uuid, host: null, projectId: 'p1', userId: null },
    ]);
  });

  test('is in no group without a project', async () => {
    const { groups, instance, namesOf } = await cloud();
    await groups.ensureDefault('p1');
    expect(await namesOf(await instance(null))).toEqual([]);
    expect(await namesOf(randomUUID())).toEqual([]);
  });

  test('stays in "default" when it enters another group, and can leave it', async () => {
    const { groups, group, instance, namesOf } = await cloud();
    const [uuid, web] = [await instance(), await group('web')];
    await groups.addMember(web.id, uuid);
    expect(await namesOf(uuid)).toEqual(['default', 'web']);
    const { id } = await groups.ensureDefault('p1');
    await groups.removeMember(id, uuid);
    await groups.removeMember(web.id, uuid);
    expect(await namesOf(uuid)).toEqual([]);
    expect(await groups.membersOf(id)).toEqual([]);
    const [other, defaultGroup] = [await instance(), await groups.ensureDefault('p1')];
    await groups.removeMember(defaultGroup.id, other);
    expect(await namesOf(other)).toEqual([]);
  });
});

describe('saying which groups an instance is in', () => {
  test('replaces what was said before, makes "default" when it is named, and passes over what does not exist', async () => {
    const { groups, group, instance, namesOf } = await cloud();
    const uuid = await instance();
    const [web, db] = [await group('web'), await group('db')];
    await group('elsewhere', 'p2');
    const first = await groups.setMembers(uuid, ['web', 'default', 'elsewhere', 'nowhere']);
    const { id } = await groups.ensureDefault('p1');
    expect(first).toEqual({ changedGroupIds: [id, web.id], unknownNames: ['elsewhere', 'nowhere'] });
    expect(await namesOf(uuid)).toEqual(['default', 'web']);
    expect(await groups.setMembers(uuid, ['web', 'default'])).toEqual({
      changedGroupIds: [],
      unknownNames: [],
    });
    expect(await groups.setMembers(uuid, ['db', 'web'])).toMatchObject({ changedGroupIds: [id, db.id] });
    expect(await namesOf(uuid)).toEqual(['db', 'web']);
  });

  test('with no name that the project has puts it back into "default"', async () => {
    const { groups, group, instance, namesOf } = await cloud();
    const [uuid, web, { id }] = [await instance(), await group('web'), await groups.ensureDefault('p1')];
    await groups.setMembers(uuid, ['web']);
    expect(await groups.setMembers(uuid, [])).toEqual({ changedGroupIds: [web.id, id], unknownNames: [] });
    expect(await namesOf(uuid)).toEqual(['default']);
    expect(await groups.setMembers(uuid, ['nowhere'])).toEqual({
      changedGroupIds: [],
      unknownNames: ['nowhere'],
    });
    expect(await namesOf(uuid)).toEqual(['default']);
    // said aloud, it is the same group
    expect(await groups.setMembers(uuid, ['default'])).toMatchObject({ changedGroupIds: [] });
  });

  test('is settled one after the other when two say different things at once', async () => {
    const { ipam, groups, group, instance, namesOf } = await cloud();
    const other = await ipam.openAnother();
    const uuid = await instance();
    await Promise.all([group('a'), group('b'), group('c')]);
    for (let round = 0; round < 6; round += 1) {
      await Promise.all([
        groups.setMembers(uuid, ['a', 'b', 'default']),
        other.securityGroups.setMembers(uuid, ['b', 'c']),
        groups.setMembers(uuid, ['c']),
      ]);
      expect(['a,b,default', 'b,c', 'c']).toContain((await namesOf(uuid)).join());
    }
  });

  test('needs an instance that is known', async () => {
    const { groups } = await cloud();
    const uuid = randomUUID();
    await expect(groups.setMembers(uuid, ['default'])).rejects.toEqual(new InstanceNotFound(uuid));
  });

  test('ends with the instance', async () => {
    const { ipam, groups, group, instance } = await cloud();
    const [uuid, web] = [await instance(), await group('web')];
    await groups.addMember(web.id, uuid);
    await ipam.instances.remove(uuid);
    expect(await groups.membersOf(web.id)).toEqual([]);
  });

  test('outlives a registration', async () => {
    const { ipam, groups, group, instance, namesOf } = await cloud();
    const [uuid] = [await instance(), await group('web')];
    await groups.setMembers(uuid, ['web']);
    await ipam.instances.register(registration({ uuid, securityGroups: [] }));
    expect(await namesOf(uuid)).toEqual(['web']);
  });
});

describe('one instance and one group', () => {
  test('meet and part once; a request that comes again changes nothing', async () => {
    const { groups, group, instance, namesOf } = await cloud();
    const [uuid, { id }] = [await instance(), await group('web')];
    const entering = { requestId: randomUUID().replaceAll('-', '') };
    await groups.addMember(id, uuid, entering);
    await groups.addMember(id, uuid, entering);
    await expect(groups.addMember(id, uuid)).rejects.toEqual(new SecurityGroupExistsForInstance(id, uuid));
    await groups.removeMember(id, uuid);
    await groups.addMember(id, uuid, entering);
    await expect(groups.removeMember(id, uuid)).rejects.toEqual(
      new SecurityGroupNotExistsForInstance(id, uuid),
    );
    expect(await namesOf(uuid)).toEqual(['default']);
  });

  test('need to exist, and to be of one project', async () => {
    const { groups, group, instance } = await cloud();
    const [uuid, unknown, theirs] = [await instance(), randomUUID(), await group('web', 'p2')];
    await expect(groups.addMember(theirs.id, uuid)).rejects.toEqual(
      new SecurityGroupNotFoundForProject(theirs.id, 'p1'),
    );
    await expect(groups.addMember(4711, uuid)).rejects.toEqual(new SecurityGroupNotFound(4711));
    await expect(groups.addMember(theirs.id, unknown)).rejects.toEqual(new InstanceNotFound(unknown));
    await expect(groups.removeMember(theirs.id, unknown)).rejects.toEqual(new InstanceNotFound(unknown));
  });
});
