import type { AddressPool } from '../networks/network.js';

/**
 * The rule of the next address: a pool is a ring with one cursor. The cursor moves up over the free addresses and
 * around, so that a fresh network is filled lowest first, and a released address rests until the ring comes by again.
 *
 * A proposal is no claim: it may be skipped (its transaction rolled back) or lost to somebody who asked for that very
 * address. Nothing is lost by that, because the ring comes back to whatever is free, and nothing is given twice,
 * because the row's unique key decides.
 *
 * All offsets count from the first address of the pool.
 */
export interface RingCursor {
  /** How many addresses the ring has ({@link ringSize}). */
  readonly size: number;
  /**
   * MUST answer the cursor's place and move it on by so many (from the last to 0), atomically: no two callers get the
   * same places.
   */
  take(count: number): Promise<number>;
  /** The offsets of the spans that are free, in their order. For spans that are short. */
  freeAmong(spans: readonly Span[]): Promise<number[]>;
  /** The lowest free offset of the span, if it has one. */
  firstFree(span: Span): Promise<number | undefined>;
  /**
   * MUST move the cursor to just behind `offset` if it still stands in one of `spans`, and answer whether it did,
   * atomically.
   */
  claim(offset: number, spans: readonly Span[]): Promise<boolean>;
}

/** Both ends included. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

/** Others may overtake us this often before we take an address without having it to ourselves. */
const ROUNDS = 8;

/**
 * Proposes the next free offsets to several callers at once, in two statements while nothing is in the way. Fewer than
 * are wanted: nothing is free for the others.
 */
export async function proposeOffsets(cursor: RingCursor, wanted: number): Promise<number[]> {
  const offsets = wanted > 1 ? await takeTogether(cursor, Math.min(wanted, cursor.size)) : [];
  while (offsets.length < wanted) {
    const offset = await proposeOffset(cursor);
    if (offset === undefined) break;
    offsets.push(offset);
  }
  return offsets;
}

async function takeTogether(cursor: RingCursor, count: number): Promise<number[]> {
  const place = await cursor.take(count);
  return cursor.freeAmong(ringSpans(cursor.size, place, (place + count - 1) % cursor.size));
}

/**
 * Proposes the next free offset, a different one to each of several concurrent callers as long as there are enough.
 * Undefined when nothing is free.
 */
export async function proposeOffset(cursor: RingCursor): Promise<number | undefined> {
  let free: number | undefined;
  for (let round = 0; round < ROUNDS; round += 1) {
    const place = await cursor.take(1);
    free = await nextFree(cursor, place);
    if (free === undefined || free === place) return free;
    if (await cursor.claim(free, ringSpans(cursor.size, next(cursor.size, place), free))) return free;
  }
  return free;
}

async function nextFree(cursor: RingCursor, from: number): Promise<number | undefined> {
  const before = from === 0 ? cursor.size - 1 : from - 1;
  for (const span of ringSpans(cursor.size, from, before)) {
    const free = await cursor.firstFree(span);
    if (free !== undefined) return free;
  }
  return undefined;
}

function next(size: number, offset: number): number {
  return (offset + 1) % size;
}

/** The way from one offset up to another (both included), in one piece or, when it passes the end, in two. */
export function ringSpans(size: number, from: number, to: number): Span[] {
  if (from <= to) return [{ first: from, last: to }];
  return [
    { first: from, last: size - 1 },
    { first: 0, last: to },
  ];
}

/** Of an IPv6 pool larger than 2^53 only that many are ever handed out: a million a second for 285 years. */
export function ringSize(pool: AddressPool): number {
  const size = pool.last.value - pool.first.value + 1n;
  return Number(size < Number.MAX_SAFE_INTEGER ? size : Number.MAX_SAFE_INTEGER);
}
