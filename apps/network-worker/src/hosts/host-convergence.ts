import { setTimeout as delay } from 'node:timers/promises';

/**
 * Why a run takes place: somebody wants something, an instance was plugged in or out, it is time for a look, or the host
 * was seen to differ.
 */
export type ConvergeCause = 'request' | 'port' | 'interval' | 'drift';

/**
 * One run that makes the host match the database: loads the intent, plans, applies.
 * @param isLook whether somebody wants the host to be looked at, whatever is known of it
 */
export type ConvergeRun<Report> = (cause: ConvergeCause, isLook: boolean) => Promise<Report>;

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
  private readonly causesOfNext = new Set<ConvergeCause>();
  private waiting = 0;
  private lastCameAt = 0;
  private lastRunMs = 0;

  /** @param underWay how many requests there are, those included that wait for a run; undefined: nobody knows */
  constructor(
    private readonly run: ConvergeRun<Report>,
    private readonly underWay: () => number | undefined = () => undefined,
  ) {}

  /** Resolves when a run that began after this call is done. Rejects with that run's error. */
  converge(cause: ConvergeCause = 'request'): Promise<Report> {
    if (!this.next && !this.running) return this.begin([cause]);
    this.causesOfNext.add(cause);
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
    const causes = [...this.causesOfNext];
    this.causesOfNext.clear();
    return this.begin(causes);
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

  private begin(causes: readonly ConvergeCause[]): Promise<Report> {
    const cause = CAUSES.find((one) => causes.includes(one)) ?? 'request';
    const run = this.run(cause, causes.some(isLook));
    this.running = run;
    void this.clearAfter(run, performance.now());
    return run;
  }

  private async clearAfter(run: Promise<Report>, startedAt: number): Promise<void> {
    await settled(run);
    this.lastRunMs = performance.now() - startedAt;
    if (this.running === run) this.running = undefined;
  }
}

/** Requests and ports are a matter of what is known. */
export function isLook(cause: ConvergeCause): boolean {
  return cause === 'interval' || cause === 'drift';
}

async function settled(promise: Promise<unknown>): Promise<void> {
  await promise.then(
    () => undefined,
    () => undefined,
  );
}
