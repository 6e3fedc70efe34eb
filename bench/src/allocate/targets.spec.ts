import { describe, expect, it } from 'vitest';

import { measurement } from '../testing/measurement-fixture.js';
import { areGoodEnough, judge } from './targets.js';

describe('the targets', () => {
  it('are a latency for one caller and a rate for sixteen, in each network', () => {
    const verdicts = judge([
      measurement({ atOnce: 1, network: '/24', p50: 10, perSecond: 100 }),
      measurement({ atOnce: 16, network: '/24', p50: 60, perSecond: 500 }),
      measurement({ atOnce: 1, network: '/8', p50: 4, perSecond: 240 }),
      measurement({ atOnce: 4, perSecond: 1 }),
      measurement({ what: 'deallocate_for_instance', atOnce: 16, perSecond: 1 }),
    ]);
    expect(verdicts.map(({ network, atOnce, ratio, isMet }) => ({ network, atOnce, ratio, isMet }))).toEqual([
      { network: '/24', atOnce: 1, ratio: 0.8, isMet: false },
      { network: '/8', atOnce: 1, ratio: 2, isMet: true },
      { network: '/24', atOnce: 16, ratio: 2, isMet: true },
    ]);
  });

  it.each([
    { name: 'met exactly', p50: 8, tolerance: 0, isGood: true },
    { name: 'missed without tolerance', p50: 8.1, tolerance: 0, isGood: false },
    { name: 'missed within the tolerance', p50: 10, tolerance: 25, isGood: true },
    { name: 'missed by more than that', p50: 10, tolerance: 10, isGood: false },
    { name: 'missed by calls that all failed', p50: NaN, tolerance: 99, isGood: false },
  ])('may be $name', ({ p50, tolerance, isGood }) => {
    expect(areGoodEnough(judge([measurement({ p50 })]), tolerance)).toBe(isGood);
  });
});
