import type { FirewallJumpPlan } from '@novanet/host-plan';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffJumps } from './diff-jumps.js';

/** Those of POSTROUTING. */
const JUMPS: readonly FirewallJumpPlan[] = [
  { from: 'C', to: 'nova-network-C', position: 'first' },
  { from: 'C', to: 'nova-postrouting-bottom', position: 'last' },
];
const [FIRST, LAST] = ['-j nova-network-C', '-j nova-postrouting-bottom'];
const [TOP, BOTTOM, OTHER, COMPUTE] = ['-j TOP', '-j BOTTOM', '-j OTHER', '-j nova-compute-C'];
const FOREIGN = { before: /^-A C .*TOP/, behind: /BOTTOM|bottom/ };

/** What the lines make of a chain. */
function after(rules: readonly string[], lines: readonly string[]): string[] {
  let now = [...rules];
  for (const line of lines) {
    const [, verb, position, rule = ''] = /^-([ADI]) C (?:(\d+) )?(.*)$/.exec(line) ?? [];
    if (verb === 'A') now.push(rule);
    else if (verb === 'I') now = now.toSpliced(Number(position) - 1, 0, rule);
    else now = now.toSpliced(now.indexOf(rule), 1);
  }
  return now;
}

test.each([
  { name: 'an empty chain', before: [], after: [FIRST, LAST] },
  { name: 'a rule that stays before', before: [TOP, OTHER], after: [TOP, FIRST, OTHER, LAST] },
  { name: 'a rule that stays behind', before: [OTHER, BOTTOM], after: [FIRST, OTHER, LAST, BOTTOM] },
  {
    name: 'both, and what others appended',
    before: [TOP, FIRST, LAST, BOTTOM, OTHER],
    after: [TOP, FIRST, LAST, BOTTOM, OTHER],
  },
  {
    name: 'a rule that has to be before and was appended',
    before: [FIRST, OTHER, LAST, TOP],
    after: [OTHER, TOP, FIRST, LAST],
  },
  {
    name: 'jumps of other services of nova',
    before: [TOP, COMPUTE, FIRST, LAST, BOTTOM],
    after: [TOP, COMPUTE, FIRST, LAST, BOTTOM],
  },
  { name: 'a rule in between', before: [TOP, OTHER, FIRST, LAST], after: [TOP, FIRST, OTHER, LAST] },
  {
    name: 'rules that contradict each other: what is before us wins',
    before: [BOTTOM, TOP],
    after: [BOTTOM, TOP, FIRST, LAST],
  },
])('puts our jumps right beside $name', ({ before, after: wanted }) => {
  const lines = diffJumps('C', before, JUMPS, FOREIGN);
  expect(after(before, lines)).toEqual(wanted);
  expect(diffJumps('C', wanted, JUMPS, FOREIGN)).toEqual([]);
});

test('whatever is in the chain, one difference puts our jumps right, and others keep their order', () => {
  const rules = fc.array(fc.constantFrom(TOP, BOTTOM, OTHER, COMPUTE, FIRST, LAST), { maxLength: 10 });
  const foreign = fc.constantFrom({}, FOREIGN, { before: FOREIGN.before }, { behind: FOREIGN.behind });
  fc.assert(
    fc.property(rules, foreign, (actual, patterns) => {
      const now = after(actual, diffJumps('C', actual, JUMPS, patterns));
      const others = (all: readonly string[]) => all.filter((rule) => rule !== FIRST && rule !== LAST);
      expect(others(now)).toEqual(others(actual));
      expect(now.indexOf(FIRST)).toBe(now.lastIndexOf(FIRST));
      expect(now.indexOf(FIRST)).toBeLessThan(now.indexOf(LAST));
      const isTopFirst = now.lastIndexOf(TOP) < now.indexOf(FIRST);
      expect(isTopFirst || !('before' in patterns)).toBe(true);
      expect(diffJumps('C', now, JUMPS, patterns)).toEqual([]);
    }),
  );
});
