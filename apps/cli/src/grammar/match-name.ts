import { CliFailure } from '../cli-failure.error.js';

/** Something that is called by a name, or by its beginning. */
export interface Named<T> {
  readonly name: string;
  readonly thing: T;
}

/**
 * The one thing that the text means: by its whole name, or by the beginning of names of this thing alone. Undefined when it
 * means none. Throws CliFailure when it may mean several.
 */
export function matchName<T>(text: string, named: readonly Named<T>[]): T | undefined {
  const wanted = text.toLowerCase();
  const exact = named.find(({ name }) => name === wanted);
  if (exact) return exact.thing;
  const found = wanted === '' ? [] : named.filter(({ name }) => name.startsWith(wanted));
  if (new Set(found.map(({ thing }) => thing)).size > 1) {
    throw new CliFailure(
      'usage',
      `"${text}" may mean ${listed(found.map(({ name }) => name))}: write more of it.`,
    );
  }
  return found[0]?.thing;
}

/** "a, b or c" */
export function listed(names: readonly string[]): string {
  const sorted = names.toSorted();
  const last = sorted.pop() ?? '';
  return sorted.length > 0 ? `${sorted.join(', ')} or ${last}` : last;
}
