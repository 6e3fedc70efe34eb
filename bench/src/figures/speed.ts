import { median, percentile } from './percentile.js';

/** What a number of calls took, as seen by those who made them. */
export interface Round {
  readonly seconds: number;
  /** Milliseconds of each call that succeeded. */
  readonly latencies: readonly number[];
  /** One sentence for each call that failed. */
  readonly errors: readonly string[];
}

export interface Speed {
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Of several rounds one after the other. Calls that failed count as not made, but their time does. */
export function speedOf(rounds: readonly Round[]): Speed {
  const latencies = rounds.flatMap((round) => round.latencies).toSorted((a, b) => a - b);
  const seconds = rounds.reduce((sum, round) => sum + round.seconds, 0);
  return {
    perSecond: seconds > 0 ? latencies.length / seconds : 0,
    p50: percentile(latencies, 50),
    p95: percentile(latencies, 95),
    p99: percentile(latencies, 99),
  };
}

/** Each figure's median over the repetitions. */
export function medianSpeed(repetitions: readonly Speed[]): Speed {
  const of = (key: keyof Speed) => median(repetitions.map((speed) => speed[key]));
  return { perSecond: of('perSecond'), p50: of('p50'), p95: of('p95'), p99: of('p99') };
}
