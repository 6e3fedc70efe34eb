import type {
  AddSecurityGroupRulesArguments,
  CreateSecurityGroupArguments,
  ListSecurityGroupsArguments,
  RenameSecurityGroupArguments,
  RuleIdArguments,
  SecurityGroupIdArguments,
  SecurityGroupMemberArguments,
} from '@novanet/contracts';
import {
  Forbidden,
  InstanceNotFound,
  InvalidInput,
  ruleDraft,
  SecurityGroupNotFound,
  SecurityGroupNotFoundForRule,
  type InstanceRegistry,
  type RuleDraft,
  type SecurityGroup,
  type SecurityGroupBook,
  type SecurityGroupRule,
} from '@novanet/ipam';
import { isUser, isVisible, type Caller } from '../caller.js';
import type { RefreshSecurityGroups } from './refresh-security-groups.js';
import { ruleWish } from './rule-arguments.js';

/** How many a project, and a group, may have; −1 for any number. */
export interface SecurityGroupLimits {
  /** `quota_security_groups`. */
  readonly groups: number;
  /** `quota_security_group_rules`. */
  readonly rulesOfGroup: number;
}

/**
 * The security groups of projects. A user sees and changes those of the project, and to the others' it is as if they did
 * not exist. Every change resolves when the hosts concerned were told, so that a request whose worker is lost before that
 * tells them when it comes again. Throws InvalidInput for what makes no sense.
 */
export class SecurityGroups {
  constructor(
    private readonly groups: SecurityGroupBook,
    private readonly instances: Pick<InstanceRegistry, 'find'>,
    private readonly refresh: Pick<RefreshSecurityGroups, 'rulesChanged' | 'groupsChanged'>,
    private readonly limits: SecurityGroupLimits,
  ) {}

  /**
   * Of a project, of an instance, or of all projects; a user's are those of the project. As in nova, the group "default"
   * is made by looking for it. Throws Forbidden for another project, InstanceNotFound.
   */
  async list(args: ListSecurityGroupsArguments, caller: Caller): Promise<SecurityGroup[]> {
    if (args.instance_uuid) return this.ofInstance(args.instance_uuid, args.project_id, caller);
    if (!args.project_id && !isUser(caller)) return this.groups.list();
    const projectId = projectOf(args.project_id, caller);
    await this.ensureDefault(projectId, caller);
    return this.groups.list(projectId);
  }

  /** Throws SecurityGroupExists, SecurityGroupLimitExceeded; Forbidden for another project. */
  async create(
    args: CreateSecurityGroupArguments,
    caller: Caller,
    requestId: string,
  ): Promise<SecurityGroup> {
    const projectId = projectOf(args.project_id, caller);
    // it counts, whoever comes first
    await this.ensureDefault(projectId, caller);
    const { name, description = null } = args;
    const draft = { projectId, userId: caller.userId, name, description };
    return this.groups.create(draft, { requestId, limit: this.limits.groups });
  }

  /** Keeps the description unless told. Throws SecurityGroupNotFound, SecurityGroupExists, SystemSecurityGroup. */
  async rename(args: RenameSecurityGroupArguments, caller: Caller): Promise<SecurityGroup> {
    const known = await this.known(args.group_id, caller);
    if (!known) throw new SecurityGroupNotFound(args.group_id);
    return this.groups.rename(known.id, {
      name: args.name,
      description: args.description ?? known.description,
    });
  }

  /** Throws SecurityGroupNotFound, SystemSecurityGroup, SecurityGroupInUse. */
  async delete({ group_id: groupId }: SecurityGroupIdArguments, caller: Caller, requestId: string) {
    await this.known(groupId, caller);
    const changed = await this.groups.delete(groupId, { requestId });
    if (changed.length > 0) await this.refresh.rulesChanged(changed);
  }

  /**
   * All of them or none. Throws SecurityGroupNotFound, SecurityGroupRuleExists, SecurityGroupLimitExceeded,
   * InvalidIpProtocol, InvalidPortRange, InvalidCidr, InvalidSecurityGroupRule.
   */
  async addRules(
    args: AddSecurityGroupRulesArguments,
    caller: Caller,
    requestId: string,
  ): Promise<SecurityGroupRule[]> {
    const { group_id: groupId } = args;
    await this.known(groupId, caller);
    const drafts = args.rules.map((rule) => ruleDraft({ ...ruleWish(rule), groupId: rule.group_id ?? null }));
    for (const sourceId of sourceGroups(drafts)) {
      if (!(await this.known(sourceId, caller))) throw new SecurityGroupNotFound(sourceId);
    }
    const limit = this.limits.rulesOfGroup;
    const rules = await this.groups.addRules(groupId, drafts, { requestId, limit });
    await this.refresh.rulesChanged([groupId]);
    return rules;
  }

  /** Throws SecurityGroupNotFoundForRule. */
  async removeRule({ rule_id: ruleId }: RuleIdArguments, caller: Caller, requestId: string): Promise<void> {
    const group = await this.groups.findByRule(ruleId);
    if (group && !isVisible(group, caller)) throw new SecurityGroupNotFoundForRule(ruleId);
    const groupId = await this.groups.removeRule(ruleId, { requestId });
    await this.refresh.rulesChanged([groupId]);
  }

  /**
   * Throws SecurityGroupNotFound, InstanceNotFound, SecurityGroupNotFoundForProject (the group is of another project than
   * the instance), SecurityGroupExistsForInstance.
   */
  async addMember(args: SecurityGroupMemberArguments, caller: Caller, requestId: string): Promise<void> {
    const { groupId, uuid } = await this.checkMember(args, caller);
    await this.groups.addMember(groupId, uuid, { requestId });
    await this.refresh.groupsChanged(uuid, [groupId]);
  }

  /** Throws what {@link addMember} throws, but SecurityGroupNotExistsForInstance for one that is not in it. */
  async removeMember(args: SecurityGroupMemberArguments, caller: Caller, requestId: string): Promise<void> {
    const { groupId, uuid } = await this.checkMember(args, caller);
    await this.groups.removeMember(groupId, uuid, { requestId });
    await this.refresh.groupsChanged(uuid, [groupId]);
  }

  private async ofInstance(
    instanceUuid: string,
    projectId: string | null | undefined,
    caller: Caller,
  ): Promise<SecurityGroup[]> {
    const instance = await this.instances.find(instanceUuid);
    if (!instance || !isVisible(instance, caller)) throw new InstanceNotFound(instanceUuid);
    if (instance.projectId) await this.ensureDefault(instance.projectId, caller);
    const groups = await this.groups.groupsOf(instance.uuid);
    return groups.filter((group) => !projectId || group.projectId === projectId);
  }

  /** What does not exist is left to the book, which knows a request that comes again after its work was done. */
  private async checkMember(args: SecurityGroupMemberArguments, caller: Caller) {
    const { group_id: groupId, instance_uuid: wanted } = args;
    await this.known(groupId, caller);
    const instance = await this.instances.find(wanted);
    if (instance && !isVisible(instance, caller)) throw new InstanceNotFound(wanted);
    return { groupId, uuid: instance?.uuid ?? wanted };
  }

  /** Throws SecurityGroupNotFound for one that the caller may not see; undefined when there is none. */
  private async known(groupId: number, caller: Caller): Promise<SecurityGroup | undefined> {
    const group = await this.groups.find(groupId);
    if (group && !isVisible(group, caller)) throw new SecurityGroupNotFound(groupId);
    return group;
  }

  private async ensureDefault(projectId: string, caller: Caller): Promise<void> {
    const isOwn = projectId === caller.projectId;
    await this.groups.ensureDefault(projectId, isOwn ? caller.userId : null);
  }
}

function projectOf(wanted: string | null | undefined, caller: Caller): string {
  const projectId = wanted || caller.projectId;
  if (!projectId) throw new InvalidInput('a security group needs a project');
  if (isUser(caller) && projectId !== caller.projectId) throw new Forbidden();
  return projectId;
}

function sourceGroups(drafts: readonly RuleDraft[]): Set<number> {
  return new Set(drafts.flatMap(({ source }) => ('groupId' in source ? [source.groupId] : [])));
}
