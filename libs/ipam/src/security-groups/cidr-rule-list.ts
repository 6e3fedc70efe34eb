import type { NetworkServiceError } from '../errors.js';
import { once, type WriteOptions } from './once.js';
import { isSameTraffic } from './same-rule.js';
import type { CidrRule, CidrRuleDraft } from './security-group.js';
import type { RuleListName, SecurityGroupStore } from './security-group-store.port.js';

/** What a list answers to wishes it cannot fulfil. */
export interface ListRefusals {
  exists(): NetworkServiceError;
  notFound(ruleId: number): NetworkServiceError;
}

/** Rules that belong to no group. */
export class CidrRuleList {
  constructor(
    private readonly store: SecurityGroupStore,
    private readonly name: RuleListName,
    private readonly refusals: ListRefusals,
  ) {}

  /** By age. */
  list(): Promise<CidrRule[]> {
    return this.store.listRules(this.name);
  }

  /** Refuses a rule that is there already, also when both are added at once. */
  async add(draft: CidrRuleDraft, options: WriteOptions = {}): Promise<CidrRule> {
    const [id = 0] = await once(this.store, options, async (transaction) => {
      const rules = await transaction.lockList(this.name);
      if (rules.some((rule) => isSameTraffic(rule, draft) && rule.cidr.equals(draft.cidr))) {
        throw this.refusals.exists();
      }
      return [await transaction.insertListed(this.name, draft)];
    });
    return { ...draft, id };
  }

  async remove(ruleId: number, options: WriteOptions = {}): Promise<void> {
    await once(this.store, options, async (transaction) => {
      const rules = await transaction.lockList(this.name);
      if (!rules.some(({ id }) => id === ruleId)) throw this.refusals.notFound(ruleId);
      await transaction.deleteListed(this.name, ruleId);
      return [];
    });
  }
}
