import { Controller } from '@nestjs/common';
import {
  AddSecurityGroupRulesArguments,
  CreateSecurityGroupArguments,
  ListSecurityGroupsArguments,
  RenameSecurityGroupArguments,
  RuleIdArguments,
  securityGroupDict,
  SecurityGroupIdArguments,
  SecurityGroupMemberArguments,
  securityGroupRuleDict,
} from '@novanet/contracts';
import type { RpcContext } from '@novanet/messaging';
import { SecurityGroups } from '@novanet/network-managers';
import { Rpc } from './rpc.decorator.js';

const namespace = 'novanet';
const aGroup =
  'id, name, description, project_id, rules: id, parent_group_id, ip_protocol, from_port, to_port, cidr or group';

/** Security groups, which nova-api reads and writes without asking nova-network. */
@Controller()
export class SecurityGroupsRpc {
  constructor(private readonly groups: SecurityGroups) {}

  @Rpc('list_security_groups', {
    namespace,
    since: '1.0',
    about:
      'The security groups of a project or an instance; without either an administrator gets all, a user those of its project. The group "default" of the project is made where it is missing.',
    takes: ListSecurityGroupsArguments,
    answers: `a list of groups: ${aGroup}`,
    raises: ['Forbidden', 'InstanceNotFound'],
  })
  async list(args: ListSecurityGroupsArguments, context: RpcContext) {
    return (await this.groups.list(args, context)).map(securityGroupDict);
  }

  @Rpc('create_security_group', {
    namespace,
    since: '1.0',
    about: "Makes a security group without rules, for the caller's project unless told.",
    takes: CreateSecurityGroupArguments,
    answers: `the group: ${aGroup}`,
    raises: ['Forbidden', 'SecurityGroupExists', 'SecurityGroupLimitExceeded', 'InvalidInput'],
  })
  async create(args: CreateSecurityGroupArguments, context: RpcContext) {
    return securityGroupDict(await this.groups.create(args, context, context.uniqueId));
  }

  @Rpc('rename_security_group', {
    namespace,
    since: '1.0',
    about: 'Gives a security group another name, and another description if there is one. Not "default".',
    takes: RenameSecurityGroupArguments,
    answers: `the group: ${aGroup}`,
    raises: ['SecurityGroupNotFound', 'SecurityGroupExists', 'SystemSecurityGroup', 'InvalidInput'],
  })
  async rename(args: RenameSecurityGroupArguments, context: RpcContext) {
    return securityGroupDict(await this.groups.rename(args, context));
  }

  @Rpc('delete_security_group', {
    namespace,
    since: '1.0',
    about: 'Deletes a security group that no instance is in, and the rules that name it. Not "default".',
    takes: SecurityGroupIdArguments,
    answers: null,
    raises: ['SecurityGroupNotFound', 'SystemSecurityGroup', 'SecurityGroupInUse'],
  })
  async delete(args: SecurityGroupIdArguments, context: RpcContext): Promise<null> {
    await this.groups.delete(args, context, context.uniqueId);
    return null;
  }

  @Rpc('add_security_group_rules', {
    namespace,
    since: '1.0',
    about:
      'Lets traffic in to the members of a group: all rules are added, or none. A rule has ip_protocol (tcp, udp, icmp, any), from_port and to_port (ICMP: type and code, -1 for any), and comes from cidr (0.0.0.0/0 unless told) or from the members of group_id; from a group, what is left out means everything.',
    takes: AddSecurityGroupRulesArguments,
    answers: 'the list of these rules: id, parent_group_id, ip_protocol, from_port, to_port, cidr or group',
    raises: [
      'SecurityGroupNotFound',
      'SecurityGroupRuleExists',
      'SecurityGroupLimitExceeded',
      'InvalidIpProtocol',
      'InvalidPortRange',
      'InvalidCidr',
      'InvalidSecurityGroupRule',
      'InvalidInput',
    ],
  })
  async addRules(args: AddSecurityGroupRulesArguments, context: RpcContext) {
    return (await this.groups.addRules(args, context, context.uniqueId)).map(securityGroupRuleDict);
  }

  @Rpc('remove_security_group_rule', {
    namespace,
    since: '1.0',
    about: 'Takes a rule out of its group.',
    takes: RuleIdArguments,
    answers: null,
    raises: ['SecurityGroupNotFoundForRule'],
  })
  async removeRule(args: RuleIdArguments, context: RpcContext): Promise<null> {
    await this.groups.removeRule(args, context, context.uniqueId);
    return null;
  }

  @Rpc('add_security_group_member', {
    namespace,
    since: '1.0',
    about: 'Puts an instance into a group of its project, beside those it is in.',
    takes: SecurityGroupMemberArguments,
    answers: null,
    raises: [
      'SecurityGroupNotFound',
      'SecurityGroupNotFoundForProject',
      'SecurityGroupExistsForInstance',
      'InstanceNotFound',
    ],
  })
  async addMember(args: SecurityGroupMemberArguments, context: RpcContext): Promise<null> {
    await this.groups.addMember(args, context, context.uniqueId);
    return null;
  }

  @Rpc('remove_security_group_member', {
    namespace,
    since: '1.0',
    about: 'Takes an instance out of a group. One that leaves its last group lets nothing in any more.',
    takes: SecurityGroupMemberArguments,
    answers: null,
    raises: [
      'SecurityGroupNotFound',
      'SecurityGroupNotFoundForProject',
      'SecurityGroupNotExistsForInstance',
      'InstanceNotFound',
    ],
  })
  async removeMember(args: SecurityGroupMemberArguments, context: RpcContext): Promise<null> {
    await this.groups.removeMember(args, context, context.uniqueId);
    return null;
  }
}
