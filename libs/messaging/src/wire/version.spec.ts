import { expect, it } from 'vitest';

import { isCompatible } from './version.js';

const cases = [
  { implemented: '1.17', requested: '1.0', served: true },
  { implemented: '1.17', requested: '1.17', served: true },
  { implemented: '1.17', requested: '1.17.0', served: true },
  { implemented: '1.17', requested: '1.16.9', served: true },
  { implemented: '1.17', requested: '1.17.1', served: false },
  { implemented: '1.17', requested: '1.18', served: false },
  { implemented: '1.17', requested: '2.0', served: false },
  { implemented: '1.17', requested: '0.9', served: false },
  { implemented: '1.17', requested: '1', served: true },
  { implemented: '1.9', requested: '1.10', served: false },
  { implemented: '1.17.2', requested: '1.17.2', served: true },
  { implemented: '1.17.2', requested: '1.17.3', served: false },
  { implemented: '1.17', requested: 'abc', served: false },
  { implemented: '1.17', requested: '', served: false },
  { implemented: '1.17', requested: '1.', served: false },
  { implemented: '1.17', requested: '1.1.1.1', served: false },
  { implemented: '1.17', requested: '-1.0', served: false },
];

it.each(cases)('$implemented serves $requested: $served', ({ implemented, requested, served }) => {
  expect(isCompatible(implemented, requested)).toBe(served);
});
