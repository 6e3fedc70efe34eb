/** A value has no form in JSON. */
export class NotSerialisable extends Error {
  constructor(key: string, kind: string) {
    super(key === '' ? `a ${kind} has no form in JSON` : `"${key}" is a ${kind}, which has no form in JSON`);
    this.name = 'NotSerialisable';
  }
}

// A string, which is passed over, or one of the bare words that Python's encoder writes for floats without a value.
// The end of the text ends a string, too: otherwise each quote in one that was cut off would be tried as a beginning.
const stringsAndWords = /"[^"\\]*(?:\\[^][^"\\]*)*(?:"|\\?$)|-?Infinity|NaN/g;

/** JSON as Python writes it: NaN, Infinity and -Infinity, which JSON does not know, become null. Throws SyntaxError. */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(text.replace(stringsAndWords, (token) => (token.startsWith('"') ? token : 'null')));
  }
}

/** undefined becomes null, because Python has no absent values. Throws NotSerialisable, or TypeError for a cycle. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (key, item: unknown) => {
    if (item === undefined) return null;
    if (typeof item === 'object' && !(item instanceof Map) && !(item instanceof Set)) return item;
    if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean') return item;
    throw new NotSerialisable(key, typeof item === 'object' ? item.constructor.name : typeof item);
  });
}
