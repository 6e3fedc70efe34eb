export interface DuplicateLimits {
  readonly entries: number;
  /** The sum of what `weigh` says. */
  readonly weight: number;
}

/**
 * Remembers what became of the latest requests, by their unique id: a request that comes again, even while the
 * first is still worked on, gets the same outcome, and nothing is done twice. Python remembers 16 ids and no
 * outcome, and lets the repetition wait for ever.
 */
export class Duplicates<Outcome> {
  private readonly running = new Map<string, Promise<Outcome>>();
  private readonly finished = new Map<string, Outcome>();
  private weight = 0;

  /** @param weigh what remembering an outcome costs; undefined: forget it, so that a repetition is a new attempt */
  constructor(
    private readonly weigh: (outcome: Outcome) => number | undefined,
    private readonly limits: DuplicateLimits = { entries: 5_000, weight: 32_000_000 },
  ) {}

  /** What became of the request of this id, if it is known. */
  find(id: string): Promise<Outcome> | Outcome | undefined {
    return this.running.get(id) ?? this.finished.get(id);
  }

  /** `work` must not throw. */
  async remember(id: string, work: () => Promise<Outcome>): Promise<Outcome> {
    const running = work();
    this.running.set(id, running);
    const outcome = await running.finally(() => this.running.delete(id));
    this.keep(id, outcome);
    return outcome;
  }

  private keep(id: string, outcome: Outcome): void {
    const weight = this.weigh(outcome);
    if (weight === undefined) return;
    this.finished.set(id, outcome);
    this.weight += weight;
    for (const [oldest, dropped] of this.finished) {
      if (this.finished.size <= this.limits.entries && this.weight <= this.limits.weight) return;
      this.finished.delete(oldest);
      this.weight -= this.weigh(dropped) ?? 0;
    }
  }
}
