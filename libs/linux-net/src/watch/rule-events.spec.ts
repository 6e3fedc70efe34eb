import { expect, test } from 'vitest';
import { isForeignChange } from './rule-events.js';

test.each([
  { line: 'rules changed by 7', isForeign: false },
  { line: 'rules changed by 8', isForeign: true },
  // nobody knows whose
  { line: 'rules changed by 0', isForeign: true },
  { line: 'lost', isForeign: true },
  { line: 'no room for events: Operation not permitted', isForeign: false },
])('"$line" is about a change by somebody else: $isForeign', ({ line, isForeign }) => {
  expect(isForeignChange(line, (pid) => pid === 7)).toBe(isForeign);
});
