import type { InstanceReference, Membership, MembershipChange } from '@novanet/ipam';
import type { EntityManager } from 'typeorm';
import { toInstanceReference, type InstanceRow } from './security-group-rows.js';

// An instance is in the groups that are listed for it, or, while nobody listed any, in its project's group "default".
// The two kinds are asked for apart, so that each finds its index.

const INSTANCE_COLUMNS =
  'i.id, i.compute_id AS computeId, i.uuid, i.host, i.project_id AS projectId, i.user_id AS userId';

/** Group and instance of every membership in these groups; the ids are wanted twice. */
export const MEMBERS_OF_GROUPS = `
  SELECT m.security_group_id AS group_id, m.instance_uuid FROM security_group_members m
   WHERE m.security_group_id IN (?)
  UNION ALL
  SELECT g.id, i.uuid FROM security_groups g
    JOIN instances i ON i.project_id = g.project_id AND i.groups_listed = 0
   WHERE g.id IN (?) AND g.name = 'default'`;

/** The groups of these instances; the uuids are wanted twice. */
export const GROUPS_OF_INSTANCES = `
  SELECT m.security_group_id AS group_id FROM security_group_members m WHERE m.instance_uuid IN (?)
  UNION
  SELECT g.id FROM instances i
    JOIN security_groups g ON g.project_id = i.project_id AND g.name = 'default'
   WHERE i.uuid IN (?) AND i.groups_listed = 0`;

export async function findMembers(
  manager: EntityManager,
  groupIds: readonly number[],
  otherUuids: readonly string[],
): Promise<InstanceReference[]> {
  if (groupIds.length === 0 && otherUuids.length === 0) return [];
  const ids = orNone(groupIds, 0);
  const rows = await manager.query<InstanceRow[]>(
    `SELECT ${INSTANCE_COLUMNS} FROM (${MEMBERS_OF_GROUPS}) e JOIN instances i ON i.uuid = e.instance_uuid
      UNION
     SELECT ${INSTANCE_COLUMNS} FROM instances i WHERE i.uuid IN (?)
      ORDER BY id`,
    [ids, ids, orNone(otherUuids, '')],
  );
  return rows.map(toInstanceReference);
}

export async function findGroupsAdmitting(
  manager: EntityManager,
  { instanceUuids, groupIds }: Pick<MembershipChange, 'instanceUuids' | 'groupIds'>,
): Promise<number[]> {
  const rows = await manager.query<{ id: number }[]>(
    `SELECT r.parent_group_id AS id FROM (${GROUPS_OF_INSTANCES}) s
       JOIN security_group_rules r ON r.group_id = s.group_id
     UNION
     SELECT parent_group_id FROM security_group_rules WHERE group_id IN (?)`,
    [orNone(instanceUuids, ''), orNone(instanceUuids, ''), orNone(groupIds, 0)],
  );
  return rows.map(({ id }) => id);
}

/** SQL has no empty list. */
function orNone<T>(values: readonly T[], none: T): readonly T[] {
  return values.length > 0 ? values : [none];
}

export async function lockMembership(
  manager: EntityManager,
  instanceUuid: string,
): Promise<Membership | undefined> {
  const [instance] = await manager.query<{ projectId: string | null; isListed: number }[]>(
    'SELECT project_id AS projectId, groups_listed AS isListed FROM instances WHERE uuid = ? FOR UPDATE',
    [instanceUuid],
  );
  if (!instance) return undefined;
  const groups = await manager.query<{ groupId: number }[]>(
    `SELECT group_id AS groupId FROM (${GROUPS_OF_INSTANCES}) s ORDER BY group_id`,
    [[instanceUuid], [instanceUuid]],
  );
  return {
    projectId: instance.projectId,
    isListed: instance.isListed === 1,
    groupIds: groups.map(({ groupId }) => groupId),
  };
}
