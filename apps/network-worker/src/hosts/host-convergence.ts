import { setTimeout as delay } from 'node:timers/promises';
import type { ChangedRows } from '@novanet/network-managers';

/**
 * Why a run takes place: somebody wants something, an instance was plugged in or out, it is time for a look, or the host
 * was seen to differ.
 */
export type ConvergeCause = 'request' | 'port' | 'interval' | 'drift';

/** What a run is for. */
export interface Occasion {
  readonly cause: ConvergeCause;
  /** Whether somebody wants the host to be looked at, whatever is known of it. */
  readonly isLook: boolean;
  /** What may not be as it was when the database was last read. */
  readonly changed: ReadonlySet<ChangedRows>;
}

/** One run that makes the host match the database: loads the intent, plans, applies. */
export type ConvergeRun<Report> = (occasion: Occasion) => Promise<Report>;

/** Of those who share a run, the first of these is its cause. */
const CAUSES: readonly ConvergeCause[] = ['request', 'port', 'interval', 'drift'];

/** So many at once are a burst, of which more will come. To share a run with them is worth some of the time that it takes. */
const BURST = 3;
const LONGEST_WAIT_IN_RUNS = 3;
const POLL_MS = 2;

/**
 * Runs one at a time. A request that comes while a run is under way may have committed after that run read the
 * database, so it gets the next one, and shares it with all who come meanwhile: a hundred requests at once cost two runs.
 */
export class HostConvergence<Report> {
  private running: Promise<Report> | undefined;
  private next: Promise<Report> | undefined;
  /** Of the next run. */
  private readonly causes = new Set<ConvergeCause>();
  private readonly changed = new Set<ChangedRows>();
  private waiting = 0;
  private lastCameAt = 0;
  private lastRunMs = 0;

  /** @param underWay how many requests there are, those included that wait for a run; undefined: nobody knows */
  constructor(
    private readonly run: ConvergeRun<Report>,
    private readonly underWay: () => number | undefined = () => undefined,
  ) {}

  /**
   * Resolves when a run that began after this call is done. Rejects with that run's error.
   * @param changed what has to be read again
   */
  converge(cause: ConvergeCause = 'request', changed: ChangedRows = 'everything'): Promise<Report> {
    this.causes.add(cause);
    this.changed.add(changed);
    if (!this.next && !this.running) return this.begin();
    this.waiting += 1;
    this.lastCameAt = performance.now();
    this.next ??= this.afterRunning(this.running);
    return this.next;
  }

  /** Resolves when nothing runs any more. */
  async idle(): Promise<void> {
    for (let last = this.next ?? this.running; last; last = this.next ?? this.running) await settled(last);
  }

  private async afterRunning(running: Promise<Report> | undefined): Promise<Report> {
    if (running) await settled(running);
    await this.gather();
    this.next = undefined;
    this.waiting = 0;
    return this.begin();
  }

  /** Until all are here, or nobody came for as long as a run takes. One or two callers wait for nobody. */
  private async gather(): Promise<void> {
    const end = performance.now() + this.lastRunMs * LONGEST_WAIT_IN_RUNS;
    while (this.waiting >= BURST && this.waiting < (this.underWay() ?? Infinity)) {
      const pauseMs = Math.min(this.lastCameAt + this.lastRunMs, end) - performance.now();
      if (pauseMs <= 0) return;
      await delay(Math.min(pauseMs, POLL_MS));
    }
  }

  private begin(): Promise<Report> {
    const run = this.run(this.takeOccasion());
    this.running = run;
    void this.clearAfter(run, performance.now());
    return run;
  }

  private takeOccasion(): Occasion {
    const causes = [...this.causes];
    const cause = CAUSES.find((one) => causes.includes(one)) ?? 'request';
    const occasion = { cause, isLook: causes.some(isLook), changed: new Set(this.changed) };
    this.causes.clear();
    this.changed.clear();
    return occasion;
  }

  private async clearAfter(run: Promise<Report>, startedAt: number): Promise<void> {
    await settled(run);
    this.lastRunMs = performance.now() - startedAt;
    if (this.running === run) this.running = undefined;
  }
}

/** Requests and ports are a matter of what is known. */
function isLook(cause: ConvergeCause): boolean {
  return cause === 'interval' || cause === 'drift';
}

async function settled(promise: Promise<unknown>): Promise<void> {
  await promise.then(
    () => undefined,
    () => undefined,
  );
}
