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

/** So many at once are a burst, of which the next comes soon: they share a run when none came for a while. */
const BURST = 3;
const QUIET_MS = 10;
const LONGEST_WAIT_MS = 100;

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

  constructor(private readonly run: ConvergeRun<Report>) {}

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

  /** One or two callers wait for nobody. */
  private async gather(): Promise<void> {
    const end = performance.now() + LONGEST_WAIT_MS;
    for (;;) {
      const quietAt = Math.min(this.lastCameAt + QUIET_MS, end);
      const pauseMs = quietAt - performance.now();
      if (this.waiting < BURST || pauseMs <= 0) return;
      await delay(pauseMs);
    }
  }

  private begin(causes: readonly ConvergeCause[]): Promise<Report> {
    const cause = CAUSES.find((one) => causes.includes(one)) ?? 'request';
    const run = this.run(cause, causes.some(isLook));
    this.running = run;
    void this.clearAfter(run);
    return run;
  }

  private async clearAfter(run: Promise<Report>): Promise<void> {
    await settled(run);
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
