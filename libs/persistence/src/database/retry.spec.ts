import { describe, expect, test } from 'vitest';
import { silentLog } from './database-log.js';
import { retryDelayMs, withRetries, type RetryCounts } from './retry.js';

const deadlock = () => Object.assign(new Error('deadlock'), { code: 'ER_LOCK_DEADLOCK', sqlState: '40001' });
const none = (): RetryCounts => ({ deadlock: 0, 'lock-wait': 0, connection: 0 });

/** Fails that often, then answers how often it ran. */
function failing(times: number, error: () => Error): () => Promise<number> {
  let runs = 0;
  return async () => {
    runs += 1;
    if (runs <= times) throw error();
    return runs;
  };
}

describe('running again', () => {
  test('ends with the first success, counted and said', async () => {
    const counts = none();
    const said: object[] = [];
    const log = { ...silentLog, debug: (fields: object) => void said.push(fields) };
    expect(await withRetries(failing(2, deadlock), counts, log)).toBe(3);
    expect(counts).toEqual({ deadlock: 2, 'lock-wait': 0, connection: 0 });
    expect(said).toEqual([
      { failure: 'deadlock', attempt: 1 },
      { failure: 'deadlock', attempt: 2 },
    ]);
  });

  test('is bounded', async () => {
    const timeout = () =>
      Object.assign(new Error('waited'), { code: 'ER_LOCK_WAIT_TIMEOUT', sqlState: 'HY000' });
    const work = withRetries(failing(Infinity, timeout), none(), silentLog);
    await expect(work).rejects.toMatchObject({ name: 'DatabaseUnavailable', details: { reason: 'waited' } });
  });

  test('is not done for other errors', async () => {
    const counts = none();
    const refusal = new Error('no');
    await expect(withRetries(failing(1, () => refusal), counts, silentLog)).rejects.toBe(refusal); // prettier-ignore
    expect(counts).toEqual(none());
  });

  test.each([
    { attempt: 1, random: 0, delay: 0 },
    { attempt: 1, random: 1, delay: 10 },
    { attempt: 3, random: 0.5, delay: 20 },
    { attempt: 9, random: 1, delay: 80 },
  ])('after attempt $attempt waits $delay ms at $random of the jitter', ({ attempt, random, delay }) => {
    expect(retryDelayMs({ attempts: 9, firstMs: 5, longestMs: 80 }, attempt, random)).toBe(delay);
  });
});
