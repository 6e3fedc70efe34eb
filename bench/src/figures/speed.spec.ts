import { describe, expect, it } from 'vitest';

import { median, percentile } from './percentile.js';
import { medianSpeed, speedOf } from './speed.js';

describe('a percentile', () => {
  it.each([
    { name: 'lies on a value', sorted: [1, 2, 3], percent: 50, value: 2 },
    { name: 'lies between two values', sorted: [1, 2], percent: 75, value: 1.75 },
    { name: 'of one value is that value', sorted: [7], percent: 99, value: 7 },
    { name: 'of nothing is no number', sorted: [], percent: 50, value: NaN },
  ])('$name', ({ sorted, percent, value }) => {
    expect(percentile(sorted, percent)).toBe(value);
  });

  it('in the middle is the median, in whatever order the values come', () => {
    expect(median([9, 1, 5])).toBe(5);
  });
});

describe('the speed of calls', () => {
  it('counts the time of all rounds, and the calls that succeeded', () => {
    const speed = speedOf([
      { seconds: 1, latencies: [30, 10], errors: [] },
      { seconds: 1, latencies: [20], errors: ['Timeout: no answer'] },
    ]);
    expect(speed).toEqual({ perSecond: 1.5, p50: 20, p95: 29, p99: expect.closeTo(29.8) });
  });

  it('is none when every call failed', () => {
    expect(speedOf([{ seconds: 2, latencies: [], errors: ['Timeout: no answer'] }]).perSecond).toBe(0);
  });

  it('of several repetitions is the median of each figure by itself', () => {
    const repetitions = [
      { perSecond: 100, p50: 9, p95: 1, p99: 1 },
      { perSecond: 300, p50: 5, p95: 3, p99: 2 },
      { perSecond: 200, p50: 7, p95: 2, p99: 9 },
    ];
    expect(medianSpeed(repetitions)).toEqual({ perSecond: 200, p50: 7, p95: 2, p99: 2 });
  });
});
