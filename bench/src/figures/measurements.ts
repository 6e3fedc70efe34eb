import type { Tally } from '../meters/meters.js';
import { medianSpeed, speedOf, type Round, type Speed } from './speed.js';
import { medianUsage, type Usage } from './usage.js';

/** What was measured: what was done, how many at once, and where. */
export interface Subject {
  readonly what: string;
  readonly atOnce: number;
  /** `/24` and the like; absent for limits, which have nothing to do with a network. */
  readonly network?: string;
  /** How many floating IPs were associated already; absent for what has nothing to do with them. */
  readonly associated?: number;
}

export interface Measurement extends Subject {
  /** Medians over the repetitions. */
  readonly speed: Speed;
  /** Per call, medians again; absent where no server of ours takes part. */
  readonly usage?: Usage;
  /** Of all repetitions. */
  readonly errors: readonly string[];
}

interface Collected {
  readonly subject: Subject;
  readonly speeds: Speed[];
  readonly usages: Usage[];
  readonly errors: string[];
}

/** Gathers the repetitions of each measurement. */
export class Measurements {
  private readonly collected = new Map<string, Collected>();

  addTally(subject: Subject, tally: Tally): void {
    const entry = this.entry(subject);
    entry.speeds.push(speedOf(tally.rounds));
    entry.usages.push(tally.usagePerCall);
    entry.errors.push(...tally.errors);
  }

  addRound(subject: Subject, round: Round): void {
    this.entry(subject).speeds.push(speedOf([round]));
  }

  /** In the order in which they were first measured. */
  get medians(): Measurement[] {
    return [...this.collected.values()].map(({ subject, speeds, usages, errors }) => ({
      ...subject,
      speed: medianSpeed(speeds),
      ...(usages.length > 0 && { usage: medianUsage(usages) }),
      errors,
    }));
  }

  private entry(subject: Subject): Collected {
    const key = JSON.stringify([subject.network, subject.associated, subject.atOnce, subject.what]);
    const entry = this.collected.get(key) ?? { subject, speeds: [], usages: [], errors: [] };
    this.collected.set(key, entry);
    return entry;
  }
}
