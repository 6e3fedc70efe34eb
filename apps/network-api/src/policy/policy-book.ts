import { ForbiddenException } from '@nestjs/common';
import type { Requester } from '../auth/requester.js';
import { DEFAULT_RULES, type RuleName } from './default-rules.js';
import { type Expression, parseRule } from './rule-expression.js';

/** Who may do what. */
export class PolicyBook {
  private readonly rules: ReadonlyMap<string, Expression>;

  /** @param changes rules of the operator, which come in the place of ours. Throws PolicySyntaxError. */
  constructor(changes: Readonly<Record<string, string>> = {}) {
    const all = Object.entries<string>({ ...DEFAULT_RULES, ...changes });
    this.rules = new Map(all.map(([name, text]) => [name, parseRule(text)]));
  }

  /** Whether the requester's roles make him an administrator. */
  isAdmin(roles: readonly string[]): boolean {
    return this.holds('context_is_admin', { userId: null, projectId: null, roles, isAdmin: false });
  }

  /** What of is nova's: the requester's own project. What is another's is kept from him where it is looked up. */
  allows(name: RuleName, requester: Requester): boolean {
    return this.holds(name, requester);
  }

  /** Throws ForbiddenException, in nova's words. */
  require(name: RuleName, requester: Requester): void {
    if (!this.allows(name, requester)) {
      throw new ForbiddenException(`Policy doesn't allow ${name} to be performed.`);
    }
  }

  private holds(name: string, requester: Requester, above: readonly string[] = []): boolean {
    // One that asks for itself never holds.
    if (above.includes(name)) return false;
    const { roles, isAdmin, userId, projectId } = requester;
    const own = { project_id: projectId ?? '', user_id: userId ?? '' };
    const credentials = { ...own, tenant: own.project_id, is_admin: isAdmin ? 'True' : 'False' };
    const rule = (other: string) => this.holds(other, requester, [...above, name]);
    return this.rules.get(name)?.({ roles, credentials, target: own, rule }) ?? false;
  }
}
