export interface WaitOptions {
  /** Give up after this long. */
  readonly limitMs: number;
  /** What is waited for, in words that complete "… did not happen": "the broker answers". */
  readonly what: string;
  readonly everyMs?: number;
}

/** The awaited condition did not come true in time; `cause` is what the condition threw last, if it threw. */
export class WaitedInVain extends Error {
  constructor(
    readonly what: string,
    readonly limitMs: number,
    lastError: unknown,
  ) {
    const reason = lastError instanceof Error ? `: ${lastError.message}` : '';
    super(`waited ${limitMs / 1000} s in vain for: ${what}${reason}`, { cause: lastError });
    this.name = 'WaitedInVain';
  }
}

type MaybePromise<T> = T | Promise<T>;

/**
 * Asks again and again until the condition answers something truthy, and returns that.
 * A condition that throws counts as not yet true. Throws WaitedInVain at the limit.
 */
export async function waitFor<T>(
  condition: () => MaybePromise<T | undefined | null | false>,
  { limitMs, what, everyMs = 20 }: WaitOptions,
): Promise<T> {
  const deadline = performance.now() + limitMs;
  let lastError: unknown;
  for (;;) {
    try {
      const answer = await condition();
      if (answer) return answer;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() >= deadline) throw new WaitedInVain(what, limitMs, lastError);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
