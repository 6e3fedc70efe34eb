import { describe, expect, it } from 'vitest';

import { countOf, countTests, steps } from './test-steps.mjs';

describe('the closing line of npm test', () => {
  it('counts each test of a step with tests, and each other step as one', () => {
    const lint = steps.find(({ target }) => target === 'lint')!;
    expect(countOf(lint, 0)).toEqual({ passed: 1, failed: 0, skipped: 0 });
    expect(countOf(lint, 1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    const report = { numPassedTests: 7, numFailedTests: 2, numPendingTests: 1, numTodoTests: 0 };
    expect(countTests(report, false)).toEqual({ passed: 7, failed: 2, skipped: 1 });
  });

  it('counts a failure where no test failed but the step did', () => {
    const report = { numPassedTests: 7, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
    expect(countTests(report, false)).toEqual({ passed: 7, failed: 1, skipped: 0 });
    expect(countTests(undefined, false)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });
});
