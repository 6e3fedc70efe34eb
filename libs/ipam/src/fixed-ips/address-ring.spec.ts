import { Ipv4, Ipv6 } from '@novanet/net-address';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  proposeOffset,
  proposeOffsets,
  ringSize,
  ringSpans,
  type RingCursor,
  type Span,
} from './address-ring.js';

/** A ring as the database keeps it: a cursor, and rows for what is taken. */
class MemoryRing implements RingCursor {
  readonly rows = new Set<number>();
  place = 0;
  steps = 0;

  constructor(
    readonly size: number,
    /** Stands between two steps, as the network does. */
    private readonly pause: () => Promise<unknown> = async () => undefined,
  ) {}

  async take(count: number): Promise<number> {
    await this.step();
    const taken = this.place;
    this.place = (taken + count) % this.size;
    return taken;
  }

  async freeAmong(spans: readonly Span[]): Promise<number[]> {
    await this.step();
    const offsets = spans.flatMap(({ first, last }) =>
      repeated(last - first + 1).map((_, step) => first + step),
    );
    return offsets.filter((offset) => !this.rows.has(offset));
  }

  async firstFree({ first, last }: Span): Promise<number | undefined> {
    await this.step();
    for (let offset = first; offset <= last; offset += 1) if (!this.rows.has(offset)) return offset;
    return undefined;
  }

  async claim(offset: number, spans: readonly Span[]): Promise<boolean> {
    await this.step();
    if (!spans.some(({ first, last }) => this.place >= first && this.place <= last)) return false;
    this.place = (offset + 1) % this.size;
    return true;
  }

  private async step(): Promise<void> {
    this.steps += 1;
    await this.pause();
  }

  /** As an allocation does: propose, insert, begin again when the unique key says no. */
  async allocate(): Promise<number | undefined> {
    for (;;) {
      const offset = await proposeOffset(this);
      if (offset === undefined) return undefined;
      await this.pause();
      if (this.rows.has(offset)) continue;
      this.rows.add(offset);
      return offset;
    }
  }
}

const sizes = fc.integer({ min: 1, max: 40 });

/** A ring somewhere in its life. */
const rings = sizes.chain((size) =>
  fc
    .record({
      place: fc.nat(size - 1),
      rows: fc.subarray(Array.from({ length: size }, (_, offset) => offset)),
    })
    .map(({ place, rows }) => {
      const ring = new MemoryRing(size);
      ring.place = place;
      for (const row of rows) ring.rows.add(row);
      return ring;
    }),
);

const repeated = (times: number) => Array.from({ length: times });

describe('the next address', () => {
  test('is the lowest one first on a fresh network', async () => {
    const ring = new MemoryRing(5);
    const given = [];
    for (const _ of repeated(6)) given.push(await ring.allocate());
    expect(given).toEqual([0, 1, 2, 3, 4, undefined]);
  });

  test('passes over what is taken or reserved', async () => {
    const ring = new MemoryRing(6);
    for (const row of [0, 1, 3]) ring.rows.add(row);
    const given = [];
    for (const _ of repeated(4)) given.push(await ring.allocate());
    expect(given).toEqual([2, 4, 5, undefined]);
  });

  test('costs two steps where nothing is in the way, three behind a run of any length', async () => {
    const fresh = new MemoryRing(1000);
    await fresh.allocate();
    expect(fresh.steps).toBe(2);
    const crowded = new MemoryRing(1000);
    for (const [offset] of repeated(900).entries()) crowded.rows.add(offset);
    expect(await crowded.allocate()).toBe(900);
    expect(crowded.steps).toBe(3);
  });

  test('is always free, and there is one exactly as long as something is free', async () => {
    await fc.assert(
      fc.asyncProperty(rings, async (ring) => {
        const free = ring.size - ring.rows.size;
        const given = new Set<number | undefined>();
        for (const _ of repeated(free)) given.add(await ring.allocate());
        expect(given.has(undefined)).toBe(false);
        expect(given.size).toBe(free);
        expect(ring.rows.size).toBe(ring.size);
        expect(await ring.allocate()).toBeUndefined();
      }),
    );
  });

  test('is the one next on the way round', async () => {
    await fc.assert(
      fc.asyncProperty(rings, async (ring) => {
        const way = [...repeated(ring.size).keys()].map((step) => (ring.place + step) % ring.size);
        expect(await proposeOffset(ring)).toBe(way.find((offset) => !ring.rows.has(offset)));
      }),
    );
  });

  test('is not one just released, until the ring comes by again', async () => {
    await fc.assert(
      fc.asyncProperty(rings, async (ring) => {
        const free = ring.size - ring.rows.size;
        const given = [];
        for (const _ of repeated(free)) {
          const offset = await ring.allocate();
          given.push(offset);
          if (offset !== undefined) ring.rows.delete(offset);
        }
        expect(new Set(given).size).toBe(free);
      }),
    );
  });

  test('is not lost when a proposal was never used', async () => {
    await fc.assert(
      fc.asyncProperty(rings, fc.nat(60), async (ring, unused) => {
        for (const _ of repeated(unused)) await proposeOffset(ring);
        const free = ring.size - ring.rows.size;
        for (const _ of repeated(free)) expect(await ring.allocate()).toBeDefined();
        expect(ring.rows.size).toBe(ring.size);
      }),
    );
  });

  test('is never given twice, whatever the order in which concurrent callers go on', async () => {
    await fc.assert(
      fc.asyncProperty(
        rings,
        fc.integer({ min: 1, max: 12 }),
        fc.scheduler(),
        async (start, callers, scheduler) => {
          const ring = new MemoryRing(start.size, () => scheduler.schedule(Promise.resolve()));
          ring.place = start.place;
          for (const row of start.rows) ring.rows.add(row);
          const free = ring.size - ring.rows.size;
          const running = Promise.all(repeated(callers).map(() => ring.allocate()));
          await scheduler.waitFor(running);
          const given = (await running).filter((offset) => offset !== undefined);
          expect(new Set(given).size).toBe(given.length);
          expect(given.length).toBe(Math.min(callers, free));
        },
      ),
    );
  });

  test('is proposed to one of several concurrent callers only, on a fresh network', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.scheduler(), async (callers, scheduler) => {
        const ring = new MemoryRing(100, () => scheduler.schedule(Promise.resolve()));
        const running = Promise.all(repeated(callers).map(() => proposeOffset(ring)));
        await scheduler.waitFor(running);
        expect([...(await running)].sort((a = 0, b = 0) => a - b)).toEqual([...repeated(callers).keys()]);
      }),
    );
  });
});

describe('the next addresses of several callers', () => {
  test('are the ones next on the way round, in their order', async () => {
    await fc.assert(
      fc.asyncProperty(rings, fc.integer({ min: 1, max: 12 }), async (ring, wanted) => {
        const way = repeated(ring.size).map((_, step) => (ring.place + step) % ring.size);
        const free = way.filter((offset) => !ring.rows.has(offset));
        const proposed = await proposeOffsets(ring, wanted);
        expect(proposed.slice(0, free.length)).toEqual(free.slice(0, wanted));
        expect(proposed).toHaveLength(free.length === 0 ? 0 : wanted);
      }),
    );
  });

  test('cost two steps where nothing is in the way', async () => {
    const ring = new MemoryRing(1000);
    expect(await proposeOffsets(ring, 5)).toEqual([0, 1, 2, 3, 4]);
    expect(ring.steps).toBe(2);
    expect(await proposeOffset(ring)).toBe(5);
  });

  test('are different ones for each of several workers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.scheduler(), async (workers, scheduler) => {
        const ring = new MemoryRing(100, () => scheduler.schedule(Promise.resolve()));
        const running = Promise.all(repeated(workers).map((_, index) => proposeOffsets(ring, index + 1)));
        await scheduler.waitFor(running);
        const proposed = (await running).flat();
        expect(proposed.sort((a, b) => a - b)).toEqual([...repeated(proposed.length).keys()]);
      }),
    );
  });
});

describe('the way round', () => {
  test.each([
    { from: 2, to: 5, spans: [{ first: 2, last: 5 }] },
    { from: 3, to: 3, spans: [{ first: 3, last: 3 }] },
    { from: 8, to: 1, spans: [{ first: 8, last: 9 }, { first: 0, last: 1 }] }, // prettier-ignore
  ])('from $from to $to', ({ from, to, spans }) => {
    expect(ringSpans(10, from, to)).toEqual(spans);
  });
});

describe('the size of a ring', () => {
  test('is that of its pool', () => {
    expect(ringSize({ first: Ipv4.parse('10.0.0.2'), last: Ipv4.parse('10.0.0.254') })).toBe(253);
    expect(ringSize({ first: Ipv4.parse('10.0.0.2'), last: Ipv4.parse('10.0.0.2') })).toBe(1);
  });

  test('is bounded for IPv6', () => {
    expect(ringSize({ first: Ipv6.parse('fd00::'), last: Ipv6.parse('fd00::ffff:ffff:ffff:ffff') })).toBe(
      2 ** 53 - 1,
    );
  });
});
