import type { CidrRuleArguments } from '@novanet/contracts';
import type { RuleWish } from '@novanet/ipam';

/** The part of a rule that all kinds of rules have. */
export function ruleWish(
  args: CidrRuleArguments,
): Pick<RuleWish, 'protocol' | 'fromPort' | 'toPort' | 'cidr'> {
  const {
    ip_protocol: protocol = null,
    from_port: fromPort = null,
    to_port: toPort = null,
    cidr = null,
  } = args;
  return { protocol, fromPort, toPort, cidr };
}
