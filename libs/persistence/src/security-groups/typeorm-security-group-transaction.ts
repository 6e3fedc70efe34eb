import {
  SecurityGroupNotFound,
  type CidrRule,
  type CidrRuleDraft,
  type GroupKeys,
  type Membership,
  type RuleDraft,
  type RuleListName,
  type SecurityGroup,
  type SecurityGroupDraft,
  type SecurityGroupTransaction,
} from '@novanet/ipam';
import type { EntityManager } from 'typeorm';
import { duplicateKeyOf, isMissingParent } from '../database/driver-error.js';
import type { WriteResult } from '../database/write-result.js';
import { lockProjectQuota } from '../fixed-ips/quota-queries.js';
import { findGroups, findListedRules, LIST_TABLES } from './group-queries.js';
import { lockMembership } from './membership-queries.js';
import { trafficValues } from './security-group-rows.js';

const NAME_KEY = 'uniq_security_groups_project_id_name';

export class TypeormSecurityGroupTransaction implements SecurityGroupTransaction {
  constructor(private readonly manager: EntityManager) {}

  /** The row is written first: whoever repeats the request waits for us at its key. */
  async claim(requestId: string): Promise<readonly number[] | undefined> {
    try {
      await this.write("INSERT INTO processed_requests (unique_id, reply) VALUES (?, '[]')", [requestId]);
      return undefined;
    } catch (error) {
      if (duplicateKeyOf(error) === undefined) throw error;
      const [row] = await this.manager.query<{ reply: string }[]>(
        'SELECT reply FROM processed_requests WHERE unique_id = ?',
        [requestId],
      );
      return row ? numbersIn(row.reply) : [];
    }
  }

  async complete(requestId: string, ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    const reply = JSON.stringify(ids);
    await this.write('UPDATE processed_requests SET reply = ? WHERE unique_id = ?', [reply, requestId]);
  }

  async limitOf(projectId: string, resource: string): Promise<number | undefined> {
    const [row] = await this.manager.query<{ limit: number | null }[]>(
      'SELECT hard_limit AS `limit` FROM quotas WHERE project_id = ? AND resource = ?',
      [projectId, resource],
    );
    return row?.limit ?? undefined;
  }

  async countGroupsLocked(projectId: string): Promise<number> {
    await lockProjectQuota(this.manager, projectId, 'security_groups');
    const [row] = await this.manager.query<{ groups: number }[]>(
      'SELECT COUNT(*) AS `groups` FROM security_groups WHERE project_id = ?',
      [projectId],
    );
    return row?.groups ?? 0;
  }

  find(keys: GroupKeys): Promise<SecurityGroup[]> {
    return findGroups(this.manager, keys);
  }

  async insertGroup(group: SecurityGroupDraft): Promise<number | undefined> {
    const { projectId, userId, name, description } = group;
    return unlessTaken(async () => {
      const result = await this.write(
        'INSERT INTO security_groups (project_id, user_id, name, description) VALUES (?, ?, ?, ?)',
        [projectId, userId, name, description],
      );
      return result.insertId;
    });
  }

  async lockGroup(groupId: number): Promise<SecurityGroup | undefined> {
    await this.manager.query('SELECT id FROM security_groups WHERE id = ? FOR UPDATE', [groupId]);
    const [group] = await this.find({ ids: [groupId] });
    return group;
  }

  async updateGroup(groupId: number, group: Pick<SecurityGroup, 'name' | 'description'>): Promise<boolean> {
    const { name, description } = group;
    const result = await unlessTaken(() =>
      this.write('UPDATE security_groups SET name = ?, description = ? WHERE id = ?', [
        name,
        description,
        groupId,
      ]),
    );
    return result !== undefined;
  }

  async hasMembers(groupId: number): Promise<boolean> {
    const rows = await this.manager.query<object[]>(
      'SELECT security_group_id FROM security_group_members WHERE security_group_id = ? LIMIT 1',
      [groupId],
    );
    return rows.length > 0;
  }

  /** The group is locked: nobody can write a rule that names it before it is gone. */
  async deleteGroup(groupId: number): Promise<number[]> {
    const naming = await this.manager.query<{ id: number }[]>(
      `SELECT DISTINCT parent_group_id AS id FROM security_group_rules
        WHERE group_id = ? AND parent_group_id <> ? ORDER BY id`,
      [groupId, groupId],
    );
    await this.write('DELETE FROM security_groups WHERE id = ?', [groupId]);
    return naming.map(({ id }) => id);
  }

  async insertRules(groupId: number, rules: readonly RuleDraft[]): Promise<number[]> {
    const ids: number[] = [];
    for (const rule of rules) {
      const sourceId = 'groupId' in rule.source ? rule.source.groupId : null;
      const result = await withParent(sourceId, () =>
        this.write(
          `INSERT INTO security_group_rules (parent_group_id, group_id, protocol, from_port, to_port, cidr)
           VALUES (?, ?, ?, ?, ?, ?)`,
          [groupId, sourceId, ...trafficValues(rule)],
        ),
      );
      ids.push(result.insertId);
    }
    return ids;
  }

  async deleteRule(ruleId: number): Promise<void> {
    await this.write('DELETE FROM security_group_rules WHERE id = ?', [ruleId]);
  }

  async copyDefaultRules(groupId: number): Promise<void> {
    await this.write(
      `INSERT INTO security_group_rules (parent_group_id, protocol, from_port, to_port, cidr)
       SELECT ?, protocol, from_port, to_port, cidr FROM security_group_default_rules ORDER BY id`,
      [groupId],
    );
  }

  async lockList(list: RuleListName): Promise<CidrRule[]> {
    await this.write('INSERT INTO mutexes (name) VALUES (?) ON DUPLICATE KEY UPDATE name = VALUES(name)', [
      LIST_TABLES[list],
    ]);
    return findListedRules(this.manager, list);
  }

  async insertListed(list: RuleListName, rule: CidrRuleDraft): Promise<number> {
    const result = await this.write(
      `INSERT INTO ${LIST_TABLES[list]} (protocol, from_port, to_port, cidr) VALUES (?, ?, ?, ?)`,
      trafficValues(rule),
    );
    return result.insertId;
  }

  async deleteListed(list: RuleListName, ruleId: number): Promise<void> {
    await this.write(`DELETE FROM ${LIST_TABLES[list]} WHERE id = ?`, [ruleId]);
  }

  lockMembership(instanceUuid: string): Promise<Membership | undefined> {
    return lockMembership(this.manager, instanceUuid);
  }

  async writeMembership(instanceUuid: string, groupIds: readonly number[] | null): Promise<void> {
    await this.write('DELETE FROM security_group_members WHERE instance_uuid = ?', [instanceUuid]);
    for (const groupId of groupIds ?? []) {
      await withParent(groupId, () =>
        this.write('INSERT INTO security_group_members (security_group_id, instance_uuid) VALUES (?, ?)', [
          groupId,
          instanceUuid,
        ]),
      );
    }
    const isListed = groupIds !== null;
    await this.write('UPDATE instances SET groups_listed = ? WHERE uuid = ?', [isListed, instanceUuid]);
  }

  private write(sql: string, parameters: readonly unknown[]): Promise<WriteResult> {
    return this.manager.query<WriteResult>(sql, [...parameters]);
  }
}

async function unlessTaken<T>(write: () => Promise<T>): Promise<T | undefined> {
  try {
    return await write();
  } catch (error) {
    if (duplicateKeyOf(error) === NAME_KEY) return undefined;
    throw error;
  }
}

/** The instance is locked, and the parent group of a rule as well: only the group named can be missing. */
async function withParent<T>(groupId: number | null, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (groupId !== null && isMissingParent(error)) throw new SecurityGroupNotFound(groupId);
    throw error;
  }
}

function numbersIn(json: string): number[] {
  const parsed: unknown = JSON.parse(json);
  return Array.isArray(parsed) ? parsed.map(Number) : [];
}
