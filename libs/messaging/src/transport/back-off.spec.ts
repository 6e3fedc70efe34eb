import { expect, it } from 'vitest';

import { fullJitter } from './back-off.js';

const backOff = { firstMs: 50, longestMs: 5_000 };

it.each([
  { attempt: 1, longest: 100 },
  { attempt: 2, longest: 200 },
  { attempt: 6, longest: 3_200 },
  { attempt: 7, longest: 5_000 },
  { attempt: 5_000, longest: 5_000 },
])('waits up to $longest ms before attempt $attempt', ({ attempt, longest }) => {
  expect(fullJitter(attempt, backOff, () => 0)).toBe(0);
  expect(fullJitter(attempt, backOff, () => 1)).toBe(longest);
});
