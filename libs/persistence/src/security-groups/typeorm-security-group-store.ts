import {
  SecurityGroupStore,
  type CidrRule,
  type FirewallRows,
  type GroupKeys,
  type InstanceReference,
  type MembershipChange,
  type RuleListName,
  type SecurityGroup,
  type SecurityGroupTransaction,
} from '@novanet/ipam';
import type { Database } from '../database/database.js';
import { findFirewallRows } from './firewall-queries.js';
import { findGroups, findListedRules } from './group-queries.js';
import { findGroupsAdmitting, findMembers } from './membership-queries.js';
import { TypeormSecurityGroupTransaction } from './typeorm-security-group-transaction.js';

export class TypeormSecurityGroupStore extends SecurityGroupStore {
  constructor(private readonly database: Database) {
    super();
  }

  transaction<T>(work: (transaction: SecurityGroupTransaction) => Promise<T>): Promise<T> {
    return this.database.transaction((manager) => work(new TypeormSecurityGroupTransaction(manager)));
  }

  list(): Promise<SecurityGroup[]> {
    return this.database.run((manager) => findGroups(manager));
  }

  find(keys: GroupKeys): Promise<SecurityGroup[]> {
    return this.database.run((manager) => findGroups(manager, keys));
  }

  listRules(list: RuleListName): Promise<CidrRule[]> {
    return this.database.run((manager) => findListedRules(manager, list));
  }

  membersOf(groupIds: readonly number[], otherUuids: readonly string[] = []): Promise<InstanceReference[]> {
    return this.database.run((manager) => findMembers(manager, groupIds, otherUuids));
  }

  groupsAdmitting(change: Pick<MembershipChange, 'instanceUuids' | 'groupIds'>): Promise<number[]> {
    return this.database.run((manager) => findGroupsAdmitting(manager, change));
  }

  firewallRows(instanceUuids: readonly string[]): Promise<FirewallRows> {
    return this.database.run((manager) => findFirewallRows(manager, instanceUuids));
  }
}
