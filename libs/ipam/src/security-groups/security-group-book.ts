import { CidrRuleList } from './cidr-rule-list.js';
import {
  ProviderFirewallRuleExists,
  ProviderFirewallRuleNotFound,
  SecurityGroupDefaultRuleExists,
  SecurityGroupDefaultRuleNotFound,
  SecurityGroupExists,
  SecurityGroupInUse,
  SecurityGroupNotFound,
  SecurityGroupNotFoundForRule,
  SecurityGroupRuleExists,
  SystemSecurityGroup,
} from './errors.js';
import { hostFirewall, type DeriveIpv6, type HostFirewall } from './host-firewall.js';
import { checkGroupLimit, checkRuleLimit, checkTexts } from './limits.js';
import {
  ensureDefaultGroup,
  enterGroup,
  leaveGroup,
  setMembers,
  type MembershipOutcome,
} from './membership.js';
import { once, type WriteOptions } from './once.js';
import { describeRule, draftOf, isSameRule } from './same-rule.js';
import {
  DEFAULT_GROUP,
  type InstanceReference,
  type RuleDraft,
  type SecurityGroup,
  type SecurityGroupDraft,
  type SecurityGroupRule,
} from './security-group.js';
import type {
  MembershipChange,
  SecurityGroupStore,
  SecurityGroupTransaction,
} from './security-group-store.port.js';

/** How many a project may have; a quota of the project goes before it. Undefined or negative: any number. */
export interface LimitedWriteOptions extends WriteOptions {
  readonly limit?: number;
}

/** The security groups of the cloud: which traffic reaches which instances. */
export class SecurityGroupBook {
  /** What groups "default" begin with that are made from now on. */
  readonly defaultRules: CidrRuleList;
  /** What no instance is to receive, whatever its groups say. */
  readonly providerRules: CidrRuleList;

  constructor(private readonly store: SecurityGroupStore) {
    this.defaultRules = new CidrRuleList(store, 'default', {
      exists: () => new SecurityGroupDefaultRuleExists(),
      notFound: (id) => new SecurityGroupDefaultRuleNotFound(id),
    });
    this.providerRules = new CidrRuleList(store, 'provider', {
      exists: () => new ProviderFirewallRuleExists(),
      notFound: (id) => new ProviderFirewallRuleNotFound(id),
    });
  }

  /** Throws SecurityGroupExists, SecurityGroupLimitExceeded, InvalidInput. */
  async create(draft: SecurityGroupDraft, options: LimitedWriteOptions = {}): Promise<SecurityGroup> {
    const { projectId, name } = draft;
    checkTexts(draft);
    if (name === DEFAULT_GROUP) throw new SecurityGroupExists(name, projectId);
    const [id = 0] = await once(this.store, options, async (transaction) => {
      await checkGroupLimit(transaction, projectId, options.limit);
      const made = await transaction.insertGroup(draft);
      if (made === undefined) throw new SecurityGroupExists(name, projectId);
      return [made];
    });
    return this.get(id);
  }

  /** The project's group "default", made with the default rules the first time. Repeatable. */
  async ensureDefault(projectId: string, userId: string | null = null): Promise<SecurityGroup> {
    const known = await this.findByName(projectId, DEFAULT_GROUP);
    if (known) return known;
    await this.store.transaction((transaction) => ensureDefaultGroup(transaction, projectId, userId));
    const made = await this.findByName(projectId, DEFAULT_GROUP);
    if (!made) throw new SecurityGroupNotFound(DEFAULT_GROUP);
    return made;
  }

  /** Throws SecurityGroupNotFound, SecurityGroupExists, SystemSecurityGroup, InvalidInput. Repeatable. */
  async rename(groupId: number, texts: Pick<SecurityGroup, 'name' | 'description'>): Promise<SecurityGroup> {
    checkTexts(texts);
    await this.store.transaction(async (transaction) => {
      const group = await lockGroup(transaction, groupId);
      if (group.name === DEFAULT_GROUP) throw new SystemSecurityGroup('update');
      const isDone = texts.name !== DEFAULT_GROUP && (await transaction.updateGroup(groupId, texts));
      if (!isDone) throw new SecurityGroupExists(texts.name, group.projectId);
    });
    return this.get(groupId);
  }

  /**
   * Answers which groups lost rules by it, because they named this one. Throws SecurityGroupNotFound, SystemSecurityGroup,
   * SecurityGroupInUse.
   */
  delete(groupId: number, options: WriteOptions = {}): Promise<readonly number[]> {
    return once(this.store, options, async (transaction) => {
      const { name } = await lockGroup(transaction, groupId);
      if (name === DEFAULT_GROUP) throw new SystemSecurityGroup('delete');
      if (await transaction.hasMembers(groupId)) throw new SecurityGroupInUse();
      return transaction.deleteGroup(groupId);
    });
  }

  /** By project, then name: of one project, or of all. */
  list(projectId?: string): Promise<SecurityGroup[]> {
    return projectId === undefined ? this.store.list() : this.store.find({ projectId });
  }

  async find(groupId: number): Promise<SecurityGroup | undefined> {
    const [group] = await this.store.find({ ids: [groupId] });
    return group;
  }

  async findByName(projectId: string, name: string): Promise<SecurityGroup | undefined> {
    const [group] = await this.store.find({ projectId, names: [name] });
    return group;
  }

  /** The group that the rule belongs to. */
  async findByRule(ruleId: number): Promise<SecurityGroup | undefined> {
    const [group] = await this.store.find({ ruleId });
    return group;
  }

  /**
   * All of them or none; a rule that the group has already is refused, also when it is added twice at once. Throws
   * SecurityGroupNotFound, SecurityGroupRuleExists, SecurityGroupLimitExceeded.
   */
  async addRules(
    groupId: number,
    drafts: readonly RuleDraft[],
    options: LimitedWriteOptions = {},
  ): Promise<SecurityGroupRule[]> {
    const ids = await once(this.store, options, async (transaction) => {
      const group = await lockGroup(transaction, groupId);
      const known = group.rules.map(draftOf);
      for (const draft of drafts) {
        if (known.some((rule) => isSameRule(rule, draft))) {
          throw new SecurityGroupRuleExists(describeRule(draft), groupId);
        }
        known.push(draft);
      }
      await checkRuleLimit(transaction, group.projectId, known.length, options.limit);
      return transaction.insertRules(groupId, drafts);
    });
    const { rules } = await this.get(groupId);
    return rules.filter(({ id }) => ids.includes(id));
  }

  /** Answers the group that had it. Throws SecurityGroupNotFoundForRule. */
  async removeRule(ruleId: number, options: WriteOptions = {}): Promise<number> {
    const [groupId = 0] = await once(this.store, options, async (transaction) => {
      const [group] = await transaction.find({ ruleId });
      const locked = group && (await transaction.lockGroup(group.id));
      if (!locked?.rules.some(({ id }) => id === ruleId)) throw new SecurityGroupNotFoundForRule(ruleId);
      await transaction.deleteRule(ruleId);
      return [locked.id];
    });
    return groupId;
  }

  /**
   * Says which groups of its project an instance is in, instead of what was said before. Names that the project does not
   * have are passed over and answered; where no name is left, the instance is in the project's group "default" like one
   * of which nobody says anything. Repeatable. Throws InstanceNotFound.
   */
  async setMembers(instanceUuid: string, names: readonly string[]): Promise<MembershipOutcome> {
    // kept over a retry whose first commit got through although its answer did not
    const changed = new Set<number>();
    const { unknownNames } = await this.store.transaction(async (transaction) => {
      const outcome = await setMembers(transaction, instanceUuid, names);
      for (const groupId of outcome.changedGroupIds) changed.add(groupId);
      return outcome;
    });
    return { changedGroupIds: [...changed], unknownNames };
  }

  /** Throws InstanceNotFound, SecurityGroupNotFound, SecurityGroupNotFoundForProject, SecurityGroupExistsForInstance. */
  async addMember(groupId: number, instanceUuid: string, options: WriteOptions = {}): Promise<void> {
    await once(this.store, options, async (transaction) => {
      await enterGroup(transaction, groupId, instanceUuid);
      return [];
    });
  }

  /**
   * Leaving the last group leaves an instance in none, not in "default": nothing gets in to it any more. Throws
   * InstanceNotFound, SecurityGroupNotFound, SecurityGroupNotFoundForProject, SecurityGroupNotExistsForInstance.
   */
  async removeMember(groupId: number, instanceUuid: string, options: WriteOptions = {}): Promise<void> {
    await once(this.store, options, async (transaction) => {
      await leaveGroup(transaction, groupId, instanceUuid);
      return [];
    });
  }

  groupsOf(instanceUuid: string): Promise<SecurityGroup[]> {
    return this.store.find({ instanceUuid });
  }

  membersOf(groupId: number): Promise<InstanceReference[]> {
    return this.store.membersOf([groupId]);
  }

  /** What the firewall of a host needs for these instances, in a fixed number of queries. */
  async rulesFor(instanceUuids: readonly string[], deriveIpv6: DeriveIpv6): Promise<HostFirewall> {
    return hostFirewall(await this.store.firewallRows(instanceUuids), deriveIpv6);
  }

  /**
   * The instances whose filters have to be built anew: those that let in whoever is in the groups concerned, those whose
   * groups have other rules, and those that moved between groups themselves.
   */
  async affectedBy(change: MembershipChange): Promise<InstanceReference[]> {
    const admitting = await this.store.groupsAdmitting(change);
    return this.store.membersOf([...admitting, ...change.ruleGroupIds], change.movedUuids);
  }

  /** Where these instances are, and what they are called there; those that nobody knows are left out. */
  whereabouts(instanceUuids: readonly string[]): Promise<InstanceReference[]> {
    return this.store.membersOf([], instanceUuids);
  }

  private async get(groupId: number): Promise<SecurityGroup> {
    const group = await this.find(groupId);
    if (!group) throw new SecurityGroupNotFound(groupId);
    return group;
  }
}

async function lockGroup(transaction: SecurityGroupTransaction, groupId: number): Promise<SecurityGroup> {
  const group = await transaction.lockGroup(groupId);
  if (!group) throw new SecurityGroupNotFound(groupId);
  return group;
}
