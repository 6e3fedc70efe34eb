import { setTimeout as delay } from 'node:timers/promises';
import { passingFailureOf, translated, type PassingFailure } from './driver-error.js';
import type { DatabaseLog } from './database-log.js';

/** How often each sort of failure made a transaction run again. */
export type RetryCounts = Record<PassingFailure, number>;

interface Patience {
  readonly attempts: number;
  readonly firstMs: number;
  readonly longestMs: number;
}

const PATIENCE: Record<PassingFailure, Patience> = {
  // crowds dissolve quickly, but each deadlock lets only one of them through
  deadlock: { attempts: 16, firstMs: 5, longestMs: 320 },
  'lock-wait': { attempts: 2, firstMs: 5, longestMs: 80 },
  connection: { attempts: 5, firstMs: 50, longestMs: 800 },
};

/**
 * Runs the work again while it fails for reasons that pass, with full jitter in between. What does not pass in time is
 * thrown as DatabaseUnavailable, other errors of the driver as DatabaseFailure, and the work's own errors as they are.
 */
export async function withRetries<T>(
  work: () => Promise<T>,
  counts: RetryCounts,
  log: DatabaseLog,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const failure = passingFailureOf(error);
      if (!failure || attempt >= PATIENCE[failure].attempts) throw translated(error);
      counts[failure] += 1;
      log.debug({ failure, attempt }, 'transaction runs again');
      await delay(retryDelayMs(PATIENCE[failure], attempt, Math.random()));
    }
  }
}

/** Full jitter: anything up to the doubled step. */
export function retryDelayMs({ firstMs, longestMs }: Patience, attempt: number, random: number): number {
  return random * Math.min(longestMs, firstMs * 2 ** attempt);
}
