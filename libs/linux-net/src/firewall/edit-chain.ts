import type { FirewallChainPlan } from '@novanet/host-plan';

/** A chain is emptied and filled anew. */
export const REFILL = 'refill';

/**
 * What puts one of our chains right: single lines where blocks of rules that may stand in any order came or went, as long as
 * they are fewer than its rules.
 */
export function editChain(
  actual: readonly string[] | undefined,
  { name, rules, loose = [] }: FirewallChainPlan,
): readonly string[] | typeof REFILL {
  if (actual && isEqual(actual, rules)) return [];
  const headLength = rules.length - loose.reduce((count, block) => count + block.length, 0);
  if (!actual || loose.length === 0 || !isEqual(actual.slice(0, headLength), rules.slice(0, headLength))) {
    return REFILL;
  }
  const lines = editLoose(name, actual.slice(headLength), loose);
  return lines.length < rules.length ? lines : REFILL;
}

function editLoose(
  name: string,
  actual: readonly string[],
  loose: readonly (readonly string[])[],
): readonly string[] {
  const blockOf = new Map(loose.flatMap((block, index) => block.map((rule) => [rule, index] as const)));
  const present = Map.groupBy(actual, (rule) => blockOf.get(rule));
  const leaving = [...(present.get(undefined) ?? [])];
  const coming: string[] = [];
  for (const [index, block] of loose.entries()) {
    const own = present.get(index) ?? [];
    const isStart = own.length <= block.length && own.every((rule, place) => rule === block[place]);
    if (!isStart) leaving.push(...own);
    coming.push(...block.slice(isStart ? own.length : 0));
  }
  return [...leaving.map((rule) => `-D ${name} ${rule}`), ...coming.map((rule) => `-A ${name} ${rule}`)];
}

function isEqual(rules: readonly string[], wanted: readonly string[]): boolean {
  return rules.length === wanted.length && wanted.every((rule, index) => rule === rules[index]);
}
