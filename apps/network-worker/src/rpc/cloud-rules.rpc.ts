import { Controller } from '@nestjs/common';
import { CidrRuleArguments, cidrRuleDict, NoArguments, RuleIdArguments } from '@novanet/contracts';
import type { RpcContext } from '@novanet/messaging';
import { CloudRules } from '@novanet/network-managers';
import { Rpc } from './rpc.decorator.js';

const namespace = 'novanet';
const aRule = 'id, ip_protocol, from_port, to_port, cidr';
const unfit = [
  'InvalidIpProtocol',
  'InvalidPortRange',
  'InvalidCidr',
  'InvalidSecurityGroupRule',
  'InvalidInput',
];

/** What an administrator says of traffic in the whole cloud. */
@Controller()
export class CloudRulesRpc {
  constructor(private readonly rules: CloudRules) {}

  @Rpc('list_provider_firewall_rules', {
    namespace,
    since: '1.0',
    about: "The provider's rules: traffic that no instance receives, whatever its security groups say.",
    takes: NoArguments,
    answers: `a list of rules: ${aRule}`,
    raises: ['AdminRequired'],
  })
  async listProviderRules(_args: NoArguments, context: RpcContext) {
    return (await this.rules.list('providerRules', context)).map(cidrRuleDict);
  }

  @Rpc('add_provider_firewall_rule', {
    namespace,
    since: '1.0',
    about: 'Keeps traffic from all instances.',
    takes: CidrRuleArguments,
    answers: `the rule: ${aRule}`,
    raises: ['AdminRequired', 'ProviderFirewallRuleExists', ...unfit],
  })
  async addProviderRule(args: CidrRuleArguments, context: RpcContext) {
    return cidrRuleDict(await this.rules.add('providerRules', args, context, context.uniqueId));
  }

  @Rpc('remove_provider_firewall_rule', {
    namespace,
    since: '1.0',
    about: "Takes back one of the provider's rules.",
    takes: RuleIdArguments,
    answers: null,
    raises: ['AdminRequired', 'ProviderFirewallRuleNotFound'],
  })
  async removeProviderRule(args: RuleIdArguments, context: RpcContext): Promise<null> {
    await this.rules.remove('providerRules', args, context, context.uniqueId);
    return null;
  }

  @Rpc('list_default_group_rules', {
    namespace,
    since: '1.0',
    about: 'The rules that a group "default" begins with.',
    takes: NoArguments,
    answers: `a list of rules: ${aRule}`,
    raises: ['AdminRequired'],
  })
  async listDefaultRules(_args: NoArguments, context: RpcContext) {
    return (await this.rules.list('defaultRules', context)).map(cidrRuleDict);
  }

  @Rpc('add_default_group_rule', {
    namespace,
    since: '1.0',
    about: 'Adds a rule to those that groups "default" begin with which are made from now on.',
    takes: CidrRuleArguments,
    answers: `the rule: ${aRule}`,
    raises: ['AdminRequired', 'SecurityGroupDefaultRuleExists', ...unfit],
  })
  async addDefaultRule(args: CidrRuleArguments, context: RpcContext) {
    return cidrRuleDict(await this.rules.add('defaultRules', args, context, context.uniqueId));
  }

  @Rpc('remove_default_group_rule', {
    namespace,
    since: '1.0',
    about: 'Takes back a rule that groups "default" begin with; those that there are keep it.',
    takes: RuleIdArguments,
    answers: null,
    raises: ['AdminRequired', 'SecurityGroupDefaultRuleNotFound'],
  })
  async removeDefaultRule(args: RuleIdArguments, context: RpcContext): Promise<null> {
    await this.rules.remove('defaultRules', args, context, context.uniqueId);
    return null;
  }
}
