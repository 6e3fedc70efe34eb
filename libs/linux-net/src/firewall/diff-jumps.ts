import type { FirewallJumpPlan, ForeignRulesPlan } from '@novanet/host-plan';

/** The rules of a chain that others use too, and where ours may stand in it. */
interface SharedChain {
  readonly name: string;
  readonly rules: readonly string[];
  /** Foreign rules that ours come behind. */
  readonly isBefore: (rule: string) => boolean;
  /** Foreign rules that come behind ours. */
  readonly isBehind: (rule: string) => boolean;
}

/** Jumps out of a chain that others use too: moved only when a foreign rule got before (or behind) them. */
export function diffJumps(
  name: string,
  rules: readonly string[],
  jumps: readonly FirewallJumpPlan[],
  foreign: ForeignRulesPlan = {},
): string[] {
  const own = jumps.map(({ to }) => `-j ${to}`);
  const matcher = (pattern: RegExp | undefined) => (rule: string) =>
    pattern !== undefined && !own.includes(rule) && pattern.test(`-A ${name} ${rule}`);
  const at = (position: FirewallJumpPlan['position']) =>
    own.filter((_, i) => jumps[i]?.position === position);
  const chain = { name, rules, isBefore: matcher(foreign.before), isBehind: matcher(foreign.behind) };
  const first = at('first');
  const lines = putFirst(chain, first);
  const now = lines.length === 0 ? rules : withFirst(chain, first);
  return [...lines, ...putLast({ ...chain, rules: now }, first, at('last'))];
}

function putFirst(chain: SharedChain, jumps: readonly string[]): string[] {
  if (standFirst(chain, jumps)) return [];
  const place = firstPlace(chain, without(chain.rules, jumps));
  return [
    ...deletions(chain, jumps),
    ...jumps.map((jump, index) => `-I ${chain.name} ${place + index + 1} ${jump}`),
  ];
}

/** The chain when {@link putFirst} is done. */
function withFirst(chain: SharedChain, jumps: readonly string[]): string[] {
  const rest = without(chain.rules, jumps);
  return rest.toSpliced(firstPlace(chain, rest), 0, ...jumps);
}

/** Behind what has to stay before us. */
function firstPlace({ isBefore }: SharedChain, rules: readonly string[]): number {
  return rules.findLastIndex(isBefore) + 1;
}

/** Each jump once, in order, before every rule that is not a jump to another of nova's services, or has to be there. */
function standFirst(chain: SharedChain, jumps: readonly string[]): boolean {
  const { rules } = chain;
  const ours = rules.filter((rule) => jumps.includes(rule));
  if (!isEqual(ours, jumps)) return false;
  const start = rules.findIndex((rule) => jumps.includes(rule));
  const end = rules.findLastIndex((rule) => jumps.includes(rule));
  const place = firstPlace(chain, rules);
  return (
    place <= Math.max(start, 0) && rules.slice(place, end + 1).every((rule) => rule.startsWith('-j nova-'))
  );
}

/** Each jump once, in order, behind every rule that does not have to be behind it. Those come behind the first jumps anyway. */
function putLast(chain: SharedChain, first: readonly string[], jumps: readonly string[]): string[] {
  const { name, rules } = chain;
  const rest = without(rules, jumps);
  const start = rest.findLastIndex((rule) => first.includes(rule)) + 1;
  const behind = rest.slice(start).findIndex((rule) => chain.isBehind(rule));
  const place = behind === -1 ? rest.length : start + behind;
  if (isEqual(rules, rest.toSpliced(place, 0, ...jumps))) return [];
  return [
    ...deletions(chain, jumps),
    ...jumps.map((jump, index) =>
      place === rest.length ? `-A ${name} ${jump}` : `-I ${name} ${place + index + 1} ${jump}`,
    ),
  ];
}

function without(rules: readonly string[], jumps: readonly string[]): string[] {
  return rules.filter((rule) => !jumps.includes(rule));
}

function deletions({ name, rules }: SharedChain, jumps: readonly string[]): string[] {
  return rules.filter((rule) => jumps.includes(rule)).map((rule) => `-D ${name} ${rule}`);
}

function isEqual(rules: readonly string[], wanted: readonly string[]): boolean {
  return rules.length === wanted.length && wanted.every((rule, index) => rule === rules[index]);
}
