import { expect, it } from 'vitest';

import { chunksOf } from './chunks.js';

it.each([
  { calls: 200, prefixLength: 24, chunks: [200] },
  { calls: 202, prefixLength: 24, chunks: [202] },
  { calls: 500, prefixLength: 24, chunks: [202, 202, 96] },
  { calls: 20, prefixLength: 28, chunks: [10, 10] },
  { calls: 5000, prefixLength: 8, chunks: [5000] },
])('$calls calls in a /$prefixLength fill it $chunks at a time', ({ calls, prefixLength, chunks }) => {
  expect(chunksOf(calls, prefixLength)).toEqual(chunks);
});
