import type { CidrRuleArguments, RuleIdArguments } from '@novanet/contracts';
import { AdminRequired, cidrRuleDraft, type CidrRule, type SecurityGroupBook } from '@novanet/ipam';
import type { Caller } from '../caller.js';
import type { RefreshSecurityGroups } from './refresh-security-groups.js';
import { ruleWish } from './rule-arguments.js';

/** The provider's rules, or those that groups "default" begin with. */
export type CloudRuleList = keyof Pick<SecurityGroupBook, 'providerRules' | 'defaultRules'>;

/**
 * Rules that belong to no project: administrators' work, everybody else gets AdminRequired. A change of either list is
 * every host's: an instance whose group "default" nobody has made yet is filtered by what that would begin with.
 */
export class CloudRules {
  constructor(
    private readonly book: Pick<SecurityGroupBook, CloudRuleList>,
    private readonly refresh: Pick<RefreshSecurityGroups, 'allChanged'>,
  ) {}

  /** By age. */
  async list(list: CloudRuleList, caller: Caller): Promise<CidrRule[]> {
    requireAdmin(caller);
    return this.book[list].list();
  }

  /**
   * Throws what the list refuses with, InvalidIpProtocol, InvalidPortRange, InvalidCidr, InvalidSecurityGroupRule,
   * InvalidInput.
   */
  async add(
    list: CloudRuleList,
    args: CidrRuleArguments,
    caller: Caller,
    requestId: string,
  ): Promise<CidrRule> {
    requireAdmin(caller);
    const rule = await this.book[list].add(cidrRuleDraft(ruleWish(args)), { requestId });
    await this.refresh.allChanged();
    return rule;
  }

  /** Throws what the list refuses with. */
  async remove(
    list: CloudRuleList,
    { rule_id: ruleId }: RuleIdArguments,
    caller: Caller,
    requestId: string,
  ): Promise<void> {
    requireAdmin(caller);
    await this.book[list].remove(ruleId, { requestId });
    await this.refresh.allChanged();
  }
}

function requireAdmin({ isAdmin }: Caller): void {
  if (!isAdmin) throw new AdminRequired();
}
