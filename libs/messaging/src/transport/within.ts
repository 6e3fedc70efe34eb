import { setTimeout as sleep } from 'node:timers/promises';

/** What closing one thing may take against a broker that does not answer: a process has five seconds for all. */
export const closeLimitMs = 250;

/** Waits for the promise, but no longer than the limit. Answers whether it was fulfilled. */
export async function within(promise: Promise<unknown>, limitMs: number): Promise<boolean> {
  const clock = new AbortController();
  try {
    return await Promise.race([promise.then(() => true), sleep(limitMs, false, { signal: clock.signal })]);
  } finally {
    clock.abort();
  }
}
