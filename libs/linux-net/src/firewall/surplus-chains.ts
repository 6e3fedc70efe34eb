import type { FirewallTablePlan } from '@novanet/host-plan';
import type { ChainUnit } from './diff-firewall.js';
import type { TableRules } from './ruleset.js';

/** What tells our chains from those of others. */
const OWN = /^nova-network-/;

/** Chains that nova's services have in common; the last one takes them away. */
const SHARED = ['nova-filter-top', 'nova-postrouting-bottom'];

/** What has to go of a table. */
interface Surplus {
  readonly emptied: readonly string[];
  readonly units: readonly ChainUnit[];
}

/**
 * Our chains that are planned no more: they are emptied, nothing jumps to them, and they are deleted. One to which a rule
 * of somebody else leads stays, empty: that rule is not ours to delete.
 */
export function diffSurplus(
  actual: TableRules,
  plan: Pick<FirewallTablePlan, 'chains' | 'sharedChains'>,
): Surplus {
  const planned = new Set([...plan.chains.map(({ name }) => name), ...plan.sharedChains]);
  const own = [...actual.keys()].filter((name) => OWN.test(name) && !planned.has(name));
  const unplanned = SHARED.filter((name) => !planned.has(name));
  // One of them may only lead to the other.
  const first = unplanned.filter((name) => isLeft(actual.get(name), own));
  const empty = unplanned.filter((name) => isLeft(actual.get(name), [...own, ...first]));
  const surplus = new Set([...own, ...empty]);
  if (surplus.size === 0) return { emptied: [], units: [] };
  const others = [...actual].filter(([name]) => !surplus.has(name) && !isRefilled(name, planned));
  const jumps = others.map(([chain, rules]) => ({
    chain,
    lines: rules.filter((rule) => surplus.has(jumpTarget(rule) ?? '')).map((rule) => `-D ${chain} ${rule}`),
  }));
  const held = new Set(others.flatMap(([, rules]) => rules.filter(isConditional).map(targetOf)));
  const deleted = [...surplus].filter((name) => !held.has(name));
  return {
    emptied: [...surplus].filter((name) => (actual.get(name) ?? []).length > 0 || !held.has(name)),
    units: [...jumps, ...deleted.map((chain) => ({ chain, lines: [`-X ${chain}`] }))],
  };
}

/** A shared chain in which nobody but us has a rule. */
function isLeft(rules: readonly string[] | undefined, own: readonly string[]): boolean {
  return rules !== undefined && rules.every((rule) => own.includes(jumpTarget(rule) ?? ''));
}

/** A planned chain of ours that leads to a surplus one differs from its plan, so it is written anew. */
function isRefilled(name: string, planned: ReadonlySet<string>): boolean {
  return OWN.test(name) && planned.has(name);
}

/** Of a rule that is nothing but a jump, as ours out of chains of others are. */
function jumpTarget(rule: string): string | undefined {
  return /^-j (\S+)$/.exec(rule)?.[1];
}

function isConditional(rule: string): boolean {
  return jumpTarget(rule) === undefined;
}

function targetOf(rule: string): string | undefined {
  return / -[jg] (\S+)/.exec(` ${rule}`)?.[1];
}
