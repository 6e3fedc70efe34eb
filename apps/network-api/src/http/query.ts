import { BadRequestException } from '@nestjs/common';

/** The parameters of a request. */
export type Query = Readonly<Record<string, unknown>>;

/** Of one that is given several times, the first. */
export function queryText(query: Query, name: string): string | undefined {
  const value: unknown = query[name];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : undefined;
}

/** Whether it is there and does not say no: nova takes its mere presence for yes. */
export function queryFlag(query: Query, name: string): boolean {
  const text = queryText(query, name);
  return text !== undefined && !/^(0|f|false|n|no|off)$/i.test(text.trim());
}

/** `limit` and `offset`, in nova's words when they make no sense. */
export function queryNumber(query: Query, name: 'limit' | 'offset'): number | undefined {
  const text = queryText(query, name);
  if (text === undefined) return undefined;
  if (!/^-?\d+$/.test(text)) throw new BadRequestException(`${name} param must be an integer`);
  if (Number(text) < 0) throw new BadRequestException(`${name} param must be positive`);
  return Number(text);
}

/** nova's `osapi_max_limit`: so many things one answer lists. */
export const MOST_LISTED = 1000;

/** Of a list the part that the request asks for. */
export function limited<T>(all: readonly T[], query: Query): T[] {
  const offset = queryNumber(query, 'offset') ?? 0;
  // nova: 0 is no limit
  const limit = Math.min(queryNumber(query, 'limit') || MOST_LISTED, MOST_LISTED);
  return all.slice(offset, offset + limit);
}
