import type { Assignment } from './assignment.js';
import { brokerAdvice } from './foreign-broker-options.js';
import { environmentNameOf, titleOf, type AnyOption } from './option.js';
import { OPTIONS } from './options.js';
import { reasonWithoutEffect } from './options-without-effect.js';
import { nameMeant } from './typing-error.js';

const rows: readonly AnyOption[] = Object.values(OPTIONS);

/** True for every name that sets one of our options in this group. */
export function isOptionName(group: string, name: string): boolean {
  return titlesIn(group).has(name);
}

/**
 * A sentence for each name that is given a value, changes nothing and probably was meant to. Said once for a name, of its
 * last assignment: the one that would count.
 */
export function remarksOn(assignments: readonly Assignment[]): readonly string[] {
  const last = new Map(assignments.map((assignment) => [titleOf(assignment), assignment]));
  return [...last.values()].flatMap((assignment) => remarkOn(assignment) ?? []);
}

function remarkOn(assignment: Assignment): string | undefined {
  const { group, name, place } = assignment;
  const reason = reasonWithoutEffect(assignment);
  if (reason !== undefined) return `${titleOf(assignment)} in ${place} has no effect: ${reason}`;
  if (isOptionName(group, name)) return undefined;
  const advice = brokerAdvice(assignment);
  if (advice !== undefined) return `${name} in ${place} is not read: ${advice}`;
  const titles = titlesIn(group);
  const meant = nameMeant(name, [...titles.keys()]);
  return meant && `${name} in ${place} is not an option; is ${titles.get(meant)} meant?`;
}

/** Every name that sets an option in this group, and what people call it. */
function titlesIn(group: string): ReadonlyMap<string, string> {
  const own = rows.filter((row) => row.group === group).map((row) => [row.name, titleOf(row)] as const);
  const older = rows
    .flatMap((row) => Object.keys(row.olderNames))
    .flatMap((title) => {
      const [, otherGroup = 'DEFAULT', name = title] = /^\[(\w+)\] (\w+)$/.exec(title) ?? [];
      return otherGroup === group ? [[name, title] as const] : [];
    });
  return new Map([...older, ...own]);
}

/** The same for an environment variable. */
export function remarkOnVariable(name: string): string | undefined {
  const ours = Object.keys(OPTIONS).map(environmentNameOf);
  if (!name.startsWith('NOVANET_') || ours.includes(name)) return undefined;
  const meant = nameMeant(name, ours);
  return meant && `environment variable ${name} is not an option; is ${meant} meant?`;
}
