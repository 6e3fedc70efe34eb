import type { CidrRule, GroupKeys, RuleListName, SecurityGroup } from '@novanet/ipam';
import type { EntityManager } from 'typeorm';
import { GROUPS_OF_INSTANCES } from './membership-queries.js';
import { toCidrRule, toGroup, TRAFFIC_COLUMNS, type GroupRow, type RuleRow } from './security-group-rows.js';

/** Where each list of rules is kept. */
export const LIST_TABLES: Readonly<Record<RuleListName, string>> = {
  default: 'security_group_default_rules',
  provider: 'provider_firewall_rules',
};

/** In two queries, one without groups. */
export async function findGroups(manager: EntityManager, keys?: GroupKeys): Promise<SecurityGroup[]> {
  const { sql, parameters } = keys ? condition(keys) : { sql: '', parameters: [] };
  if (parameters.some((value) => Array.isArray(value) && value.length === 0)) return [];
  const groups = await manager.query<GroupRow[]>(
    `SELECT g.id, g.project_id AS projectId, g.user_id AS userId, g.name, g.description
       FROM security_groups g ${sql} ORDER BY g.project_id, g.name`,
    parameters,
  );
  if (groups.length === 0) return [];
  const rules = await manager.query<RuleRow[]>(
    `SELECT r.id, r.parent_group_id AS parentGroupId, r.protocol, r.from_port AS fromPort, r.to_port AS toPort,
            r.cidr, r.group_id AS groupId, s.name AS groupName, s.project_id AS groupProjectId
       FROM security_group_rules r LEFT JOIN security_groups s ON s.id = r.group_id
      WHERE r.parent_group_id IN (?) ORDER BY r.id`,
    [groups.map(({ id }) => id)],
  );
  const byGroup = Map.groupBy(rules, ({ parentGroupId }) => parentGroupId);
  return groups.map((group) => toGroup(group, byGroup.get(group.id) ?? []));
}

function condition(keys: GroupKeys): { sql: string; parameters: unknown[] } {
  if ('ids' in keys) return { sql: 'WHERE g.id IN (?)', parameters: [keys.ids] };
  if ('ruleId' in keys) {
    const rule = 'SELECT parent_group_id FROM security_group_rules WHERE id = ?';
    return { sql: `WHERE g.id = (${rule})`, parameters: [keys.ruleId] };
  }
  if ('instanceUuid' in keys) {
    const uuids = [keys.instanceUuid];
    return { sql: `JOIN (${GROUPS_OF_INSTANCES}) e ON e.group_id = g.id`, parameters: [uuids, uuids] };
  }
  const { projectId, names } = keys;
  if (!names) return { sql: 'WHERE g.project_id = ?', parameters: [projectId] };
  return { sql: 'WHERE g.project_id = ? AND g.name IN (?)', parameters: [projectId, names] };
}

export async function findListedRules(manager: EntityManager, list: RuleListName): Promise<CidrRule[]> {
  const rows = await manager.query<Parameters<typeof toCidrRule>[0][]>(
    `SELECT id, ${TRAFFIC_COLUMNS} FROM ${LIST_TABLES[list]} ORDER BY id`,
  );
  return rows.map(toCidrRule);
}
