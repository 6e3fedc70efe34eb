import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@novanet/observability';
import { rejectedEvents, sentEvents } from './delivery-metrics.js';
import { parseLeaseEvent, type LeaseEvent } from './lease-event.js';
import type { LeaseReporter } from './lease-reporter.js';
import type { Spool } from './spool.js';

/** All times in milliseconds. */
export interface DeliveryPace {
  readonly firstPause: number;
  readonly longestPause: number;
  /** How often the spool is looked at when nothing tells of new events. */
  readonly rescan: number;
  /** How long stop() waits for the event in hand. */
  readonly stopLimit: number;
}

const PACE: DeliveryPace = { firstPause: 100, longestPause: 5000, rescan: 1000, stopLimit: 3000 };

/** An event that was refused so often in a row is put aside, lest the ones behind it wait for ever. */
const REFUSALS = 5;

type Outcome = { readonly kind: 'done' | 'stopped' } | { readonly kind: 'refused'; readonly reason: string };

/** Takes events out of the spool, one after the other, and tells them until they have taken effect. */
export class Delivery {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private trouble: string | undefined;

  constructor(
    private readonly spool: Spool,
    private readonly reporter: LeaseReporter,
    private readonly log: Logger,
    private readonly pace: DeliveryPace = PACE,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Finishes the event in hand, within a limit. What is left stays in the spool. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.race([this.running, sleep(this.pace.stopLimit, undefined, { ref: false })]);
  }

  /** Throws the reason while events cannot be delivered. */
  check(): void {
    if (this.trouble !== undefined) throw new Error(this.trouble);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted;) {
      try {
        await this.deliverAll();
        failures = 0;
        await this.spool.waitForEvents(this.pace.rescan, signal);
      } catch (error) {
        this.noteTrouble(error);
        await this.pause(failures);
        failures += 1;
      }
    }
  }

  private async deliverAll(): Promise<void> {
    const names = await this.spool.names();
    if (names.length === 0) this.noteSuccess();
    for (const name of names) {
      if (this.stopping.signal.aborted) return;
      await this.deliver(name);
    }
  }

  private async deliver(name: string): Promise<void> {
    const event = parseLeaseEvent(await this.spool.read(name));
    if (!event) return this.putAside(name, {}, 'malformed lease event put aside');
    const outcome = await this.report(event, name);
    if (outcome.kind === 'stopped') return;
    this.noteSuccess();
    if (outcome.kind === 'refused') {
      return this.putAside(name, { event, reason: outcome.reason }, 'refused lease event put aside');
    }
    await this.spool.remove(name);
    sentEvents.inc();
    this.log.debug({ file: name, event }, 'lease event delivered');
  }

  private async report(event: LeaseEvent, name: string): Promise<Outcome> {
    for (let failures = 0, refusals = 0; ; failures += 1) {
      try {
        await this.reporter.report(event, name);
        return { kind: 'done' };
      } catch (error) {
        if (this.stopping.signal.aborted) return { kind: 'stopped' };
        refusals = this.reporter.isWorthRetrying(error) ? 0 : refusals + 1;
        if (refusals >= REFUSALS) return { kind: 'refused', reason: messageOf(error) };
        this.noteTrouble(error);
        await this.pause(failures);
      }
    }
  }

  private async putAside(name: string, details: object, phrase: string): Promise<void> {
    await this.spool.reject(name);
    rejectedEvents.inc();
    this.log.error({ file: name, ...details }, phrase);
  }

  private async pause(failures: number): Promise<void> {
    const { firstPause, longestPause } = this.pace;
    const longest = Math.min(longestPause, firstPause * 2 ** failures);
    // Half of it by chance, so that hosts do not come in step after the broker was away.
    const pause = longest * (0.5 + Math.random() / 2);
    await sleep(pause, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private noteTrouble(error: unknown): void {
    if (this.trouble === undefined) this.log.warn({ error }, 'lease events cannot be delivered, trying on');
    this.trouble = messageOf(error);
  }

  private noteSuccess(): void {
    if (this.trouble !== undefined) this.log.info('lease events are delivered again');
    this.trouble = undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
