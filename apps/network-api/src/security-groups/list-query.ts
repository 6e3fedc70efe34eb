import { InvalidInput } from '@novanet/ipam';

/** What stands behind the question mark, as Express reads it. */
export type Query = Readonly<Record<string, unknown>>;

/** Which part of a list is wanted. */
export interface Page {
  readonly offset: number;
  /** Undefined: all that follow. */
  readonly limit: number | undefined;
}

const NO = new Set(['0', 'f', 'false', 'n', 'no', 'off']);

/** nova takes its mere presence for a yes, even of `all_tenants=0`. */
export function wantsAllTenants(query: Query): boolean {
  const value = lastOf(query['all_tenants']);
  return value !== undefined && !NO.has(value.toLowerCase());
}

/** Throws InvalidInput. A limit of 0 is none, as in nova. */
export function readPage(query: Query): Page {
  return { offset: readCount(query, 'offset') ?? 0, limit: readCount(query, 'limit') || undefined };
}

export function pageOf<T>(things: readonly T[], { offset, limit }: Page): T[] {
  return things.slice(offset, limit === undefined ? undefined : offset + limit);
}

function readCount(query: Query, name: string): number | undefined {
  const value = lastOf(query[name]);
  if (value === undefined) return undefined;
  if (!/^\s*[+-]?\d+\s*$/.test(value)) throw new InvalidInput(`${name} must be an integer`);
  if (Number(value) < 0) throw new InvalidInput(`${name} must be >= 0`);
  return Number(value);
}

/** A name may come several times. */
function lastOf(value: unknown): string | undefined {
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === 'string' ? last : undefined;
}
