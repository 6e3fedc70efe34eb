import { expect, it } from 'vitest';

import { bareServer } from './metadata-benchmark.js';
import { judgeMetadata } from './targets.js';

const figure = (what: string, perSecond: number, failures = 0) => ({
  what,
  perSecond,
  p50: 1,
  p99: 2,
  failures,
});

it('metadata are to come half as fast as any answer of Node’s, and every time', () => {
  const verdicts = judgeMetadata([
    figure(bareServer, 10_000),
    figure('/a', 6_000),
    figure('/b', 4_000),
    figure('/c', 9_000, 1),
  ]);
  expect(verdicts.map(({ what, share, ratio, isMet }) => ({ what, share, ratio, isMet }))).toEqual([
    { what: '/a', share: 0.6, ratio: 1.2, isMet: true },
    { what: '/b', share: 0.4, ratio: 0.8, isMet: false },
    { what: '/c', share: 0, ratio: 0, isMet: false },
  ]);
});
