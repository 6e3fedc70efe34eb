import type { Cidr, IpAddress, Mac } from '@novanet/net-address';
import type {
  CidrRule,
  CidrRuleDraft,
  InstanceReference,
  RuleDraft,
  SecurityGroup,
  SecurityGroupDraft,
} from './security-group.js';

/** Which groups: by one kind of key. */
export type GroupKeys =
  | { readonly ids: readonly number[] }
  | { readonly projectId: string; readonly names?: readonly string[] }
  | { readonly ruleId: number }
  | { readonly instanceUuid: string };

/** The lists of rules that belong to no group. */
export type RuleListName = 'default' | 'provider';

/** What changed, and with it the filters of others. */
export interface MembershipChange {
  /** Instances whose addresses changed. */
  readonly instanceUuids: readonly string[];
  /** Groups that somebody entered or left. */
  readonly groupIds: readonly number[];
  /** Groups that have other rules than before. */
  readonly ruleGroupIds: readonly number[];
  /** Who did. */
  readonly movedUuids: readonly string[];
}

/** Where security groups are kept. A failed connection is retried and ends as DatabaseUnavailable. */
export abstract class SecurityGroupStore {
  /** All or nothing. MUST run `work` again from the start after a deadlock or a lost connection. */
  abstract transaction<T>(work: (transaction: SecurityGroupTransaction) => Promise<T>): Promise<T>;
  /** Of every project: by project, then name. */
  abstract list(): Promise<SecurityGroup[]>;
  /** By project, then name. MUST cost the same number of queries for any number of groups. */
  abstract find(keys: GroupKeys): Promise<SecurityGroup[]>;
  /** By age. */
  abstract listRules(list: RuleListName): Promise<CidrRule[]>;
  /**
   * Instances in one of these groups, those that are in a default group without anybody saying so among them, and the
   * others named; each once, by id.
   */
  abstract membersOf(
    groupIds: readonly number[],
    otherUuids?: readonly string[],
  ): Promise<InstanceReference[]>;
  /** Groups with a rule whose source is one of the changed groups, or a group that one of the changed instances is in. */
  abstract groupsAdmitting(change: Pick<MembershipChange, 'instanceUuids' | 'groupIds'>): Promise<number[]>;
  /** MUST cost the same number of queries for any number of instances. */
  abstract firewallRows(instanceUuids: readonly string[]): Promise<FirewallRows>;
}

/** What {@link SecurityGroupStore.firewallRows} reads. */
export interface FirewallRows {
  readonly instances: readonly FilteredInstanceRow[];
  /** Of all their groups, by age. */
  readonly rules: readonly GroupRuleRow[];
  /** The NICs of the instances in those rules' source groups. */
  readonly sources: readonly SourceNicRow[];
  readonly providerRules: readonly CidrRule[];
  /** What a default group begins with. */
  readonly defaultRules: readonly CidrRule[];
}

export interface FilteredInstanceRow {
  readonly id: number;
  readonly uuid: string;
  readonly groupIds: readonly number[];
  /** Its project's default group, which nobody has made yet, is the one it is in. */
  readonly awaitsDefaultGroup: boolean;
}

export interface GroupRuleRow extends RuleDraft {
  readonly parentGroupId: number;
}

export interface SourceNicRow {
  readonly groupId: number;
  readonly mac: Mac;
  /** Those that are allocated to it. */
  readonly addresses: readonly IpAddress[];
  /** The IPv6 blocks of its network. */
  readonly prefixes: readonly Cidr<6>[];
  readonly networkProjectId: string | null;
}

/** What can be done inside {@link SecurityGroupStore.transaction}. */
export interface SecurityGroupTransaction {
  /**
   * Undefined the first time; then what {@link complete} was told. MUST make a repetition wait for the end of the
   * transaction that claimed first.
   */
  claim(requestId: string): Promise<readonly number[] | undefined>;
  complete(requestId: string, ids: readonly number[]): Promise<void>;

  /** The project's own limit of this resource, if it has one. */
  limitOf(projectId: string, resource: string): Promise<number | undefined>;
  /** MUST make every other caller for this project wait for our end. */
  countGroupsLocked(projectId: string): Promise<number>;

  find(keys: GroupKeys): Promise<SecurityGroup[]>;
  /** Undefined when the project has one of that name. */
  insertGroup(group: SecurityGroupDraft): Promise<number | undefined>;
  /** The group as it is now, kept from changing until our end. */
  lockGroup(groupId: number): Promise<SecurityGroup | undefined>;
  /** False when the project has one of that name. */
  updateGroup(groupId: number, group: Pick<SecurityGroup, 'name' | 'description'>): Promise<boolean>;
  /** Whether somebody said that an instance is in it. */
  hasMembers(groupId: number): Promise<boolean>;
  /** With its rules, and those of others that name it. Answers these others. */
  deleteGroup(groupId: number): Promise<number[]>;
  /** In this order. Throws SecurityGroupNotFound when a source group does not exist. */
  insertRules(groupId: number, rules: readonly RuleDraft[]): Promise<number[]>;
  deleteRule(ruleId: number): Promise<void>;
  copyDefaultRules(groupId: number): Promise<void>;

  /** The rules of the list. MUST make every other caller for this list wait for our end. */
  lockList(list: RuleListName): Promise<CidrRule[]>;
  insertListed(list: RuleListName, rule: CidrRuleDraft): Promise<number>;
  deleteListed(list: RuleListName, ruleId: number): Promise<void>;

  /** Kept from changing until our end; undefined for an unknown instance. */
  lockMembership(instanceUuid: string): Promise<Membership | undefined>;
  /** Null: nobody says which groups the instance is in. Throws SecurityGroupNotFound. */
  writeMembership(instanceUuid: string, groupIds: readonly number[] | null): Promise<void>;
}

/** Which groups an instance is in. */
export interface Membership {
  readonly projectId: string | null;
  /** Whether somebody said so; otherwise it is in the project's default group, if there is one. */
  readonly isListed: boolean;
  readonly groupIds: readonly number[];
}
