import { expect, it } from 'vitest';
import { reportHealth } from './health-check.js';

const fine = { name: 'broker', check: () => undefined };

it.each([
  { name: 'nothing to check', checks: [], isReady: true, answers: {} },
  { name: 'all fine', checks: [fine], isReady: true, answers: { broker: 'ok' } },
  {
    name: 'one fails at once',
    checks: [
      fine,
      {
        name: 'spool',
        check: () => {
          throw new Error('no space left');
        },
      },
    ],
    isReady: false,
    answers: { broker: 'ok', spool: 'no space left' },
  },
  {
    name: 'one fails later',
    checks: [{ name: 'database', check: () => Promise.reject(new Error('connect ECONNREFUSED')) }, fine],
    isReady: false,
    answers: { database: 'connect ECONNREFUSED', broker: 'ok' },
  },
  {
    name: 'one never answers',
    checks: [{ name: 'database', check: () => new Promise<void>(() => undefined) }],
    isReady: false,
    answers: { database: 'no answer within 0.005 s' },
  },
])('reports readiness: $name', async ({ checks, isReady, answers }) => {
  expect(await reportHealth(checks, 5)).toEqual({ isReady, checks: answers });
});
