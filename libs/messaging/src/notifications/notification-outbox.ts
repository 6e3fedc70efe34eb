import type { RpcLog } from '../rpc-log.js';
import type { OsloBroker } from '../transport/oslo-broker.js';
import type { OutgoingMessage } from '../transport/publisher.js';
import { within } from '../transport/within.js';

export type Letter = Omit<OutgoingMessage, 'deadline' | 'isMandatory'>;

/** So many are on their way to the broker at once. */
const batchSize = 100;
const lookMs = 1_000;
/** For one attempt; what is not sent by then is tried again. */
const attemptMs = 30_000;

/**
 * Messages that wait for the broker. There is a limit, beyond which the oldest are dropped: a broker that is away
 * must neither hold callers up nor fill the memory. Each is sent until the broker confirms it, in their order.
 */
export class NotificationOutbox {
  private readonly waiting: Letter[] = [];
  private underway = 0;
  private pumping: Promise<void> | undefined;
  private opening: Promise<void> | undefined;
  private isClosed = false;
  /** Dropped since the last one that was confirmed. */
  private lost = 0;
  private droppedInAll = 0;

  constructor(
    private readonly broker: OsloBroker,
    private readonly capacity: number,
  ) {}

  /** How many wait, or are on their way. */
  get length(): number {
    return this.waiting.length + this.underway;
  }

  get dropped(): number {
    return this.droppedInAll;
  }

  put(letter: Letter): void {
    if (this.isClosed) return this.drop(1, 'this process is stopping');
    this.waiting.push(letter);
    if (this.waiting.length > this.capacity) {
      this.waiting.shift();
      this.drop(1, 'too many wait for the broker');
    }
    this.pumping ??= this.pump();
  }

  /** Waits so long for what is to be sent, and gives up the rest. */
  async close(limitMs: number): Promise<void> {
    const isSent = await within(this.pumping ?? Promise.resolve(), limitMs);
    this.isClosed = true;
    if (!isSent) {
      const rest = this.waiting.splice(0).length + this.underway;
      this.underway = 0;
      this.drop(rest, 'the broker had not confirmed them when this process stopped');
    }
    if (this.opening) await this.broker.release();
  }

  private get log(): RpcLog {
    return this.broker.log;
  }

  /** Does not throw. */
  private async pump(): Promise<void> {
    try {
      this.opening ??= this.broker.open();
      await this.opening;
      while (this.waiting.length > 0) {
        if (await this.broker.publisher.isReadyWithin(lookMs)) await this.sendBatch();
      }
    } catch (error) {
      if (!this.isClosed) this.drop(this.waiting.splice(0).length, String(error));
    } finally {
      // In the same breath as the last look at what waits: who puts something afterwards begins anew.
      this.pumping = undefined;
    }
  }

  private async sendBatch(): Promise<void> {
    const batch = this.waiting.splice(0, batchSize);
    this.underway = batch.length;
    const deadline = performance.now() + attemptMs;
    const sent = await Promise.all(batch.map((letter) => this.send(letter, deadline)));
    this.underway = 0;
    if (!this.isClosed) this.waiting.unshift(...batch.filter((_, i) => sent[i] === 'expired'));
  }

  private async send(letter: Letter, deadline: number): Promise<'over' | 'expired'> {
    try {
      const delivery = await this.broker.publisher.publish({ ...letter, isMandatory: false, deadline });
      if (delivery === 'expired') return 'expired';
      this.noteConfirmed();
    } catch (error) {
      if (!this.isClosed) this.drop(1, String(error));
    }
    return 'over';
  }

  /** Told once, until one is confirmed again: there may be thousands. */
  private drop(count: number, reason: string): void {
    if (count === 0) return;
    if (this.lost === 0) this.log.warn({ reason }, 'notifications dropped');
    this.lost += count;
    this.droppedInAll += count;
  }

  private noteConfirmed(): void {
    if (this.lost > 0) this.log.info({ dropped: this.lost }, 'notifications are taken again');
    this.lost = 0;
  }
}
