import { expect, it } from 'vitest';

import { Measurements } from './measurements.js';

it('keeps subjects apart and in order, and answers the median of their repetitions', () => {
  const measurements = new Measurements();
  const round = (seconds: number) => ({ seconds, latencies: [seconds * 1000], errors: [] });
  for (const seconds of [1, 4, 2]) {
    measurements.addRound({ what: 'commit', atOnce: 16 }, round(seconds));
    measurements.addRound({ what: 'commit', atOnce: 1 }, round(seconds * 2));
  }
  expect(measurements.medians.map(({ atOnce, speed }) => [atOnce, speed.perSecond])).toEqual([
    [16, 0.5],
    [1, 0.25],
  ]);
});
