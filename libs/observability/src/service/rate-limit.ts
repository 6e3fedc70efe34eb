interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** An instance that boots asks some thirty times within a second. */
const BURST_SECONDS = 10;

/** Of so many callers is known how much they asked; then those that have been quiet longest are forgotten. */
const MOST_CALLERS = 20_000;

/** A bucket of tokens for each caller, so that none takes what all need. */
export class RateLimit {
  private readonly buckets = new Map<string, Bucket>();

  /** @param perSecond in the long run; ten seconds' worth at once. 0: no limit */
  constructor(
    private readonly perSecond: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Whether the caller may ask once more. */
  admits(caller: string): boolean {
    if (this.perSecond === 0) return true;
    const most = this.perSecond * BURST_SECONDS;
    const now = this.now();
    const { tokens, at } = this.buckets.get(caller) ?? { tokens: most, at: now };
    const filled = Math.min(most, tokens + ((now - at) / 1000) * this.perSecond);
    const isAdmitted = filled >= 1;
    // At the end: the first is the one that has been quiet longest.
    this.buckets.delete(caller);
    this.buckets.set(caller, { tokens: isAdmitted ? filled - 1 : filled, at: now });
    const [quietest] = this.buckets.keys();
    if (this.buckets.size > MOST_CALLERS && quietest !== undefined) this.buckets.delete(quietest);
    return isAdmitted;
  }

  /** After so many seconds a caller who was not admitted is. */
  secondsUntilNext(caller: string): number {
    const { tokens } = this.buckets.get(caller) ?? { tokens: 1 };
    return Math.max(1, Math.ceil((1 - tokens) / this.perSecond));
  }
}
