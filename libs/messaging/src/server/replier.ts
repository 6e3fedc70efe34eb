import { RpcClosed } from '../errors.js';
import type { RpcLog } from '../rpc-log.js';
import type { Publisher } from '../transport/publisher.js';
import { encodeEnvelope } from '../wire/envelope.js';
import type { ReplyAddress } from '../wire/reply-address.js';
import { renderHeartbeat, renderReply, type RpcOutcome } from '../wire/reply.js';

export interface ReplierLimits {
  /** How often to look for a reply queue that is not there. */
  readonly retryMs: number;
  /** How long; then the caller is given up. */
  readonly giveUpMs: number;
}

/** Longer than a caller waits, commonly. */
const publishLimitMs = 60_000;

/**
 * Sends answers to the callers' reply queues. A queue that is not there may come back with its caller's
 * connection, or with the broker: it is looked for again by a timer, and nothing waits for that.
 */
export class Replier {
  private readonly waiting = new Set<NodeJS.Timeout>();
  /** Reply queues that did not come back, until when nothing is sent there. */
  private readonly gone = new Map<string, number>();

  constructor(
    private readonly publisher: Publisher,
    private readonly log: RpcLog,
    private readonly limits: ReplierLimits = { retryMs: 250, giveUpMs: 60_000 },
  ) {}

  /** Returns when the broker has the answer, or when it has to be tried again later. Throws RpcClosed. */
  async reply(to: ReplyAddress, outcome: RpcOutcome): Promise<void> {
    if (this.isGone(to.queue)) return this.drop(to);
    await this.attempt(to, encodeEnvelope(renderReply(to.messageId, outcome)), performance.now());
  }

  /** Tells a caller who asked for it that its request is being worked on. */
  async heartbeat(to: ReplyAddress): Promise<void> {
    if (!this.isGone(to.queue)) await this.publish(to, encodeEnvelope(renderHeartbeat(to.messageId)));
  }

  /** Gives up the answers whose callers are not there. */
  close(): void {
    if (this.waiting.size > 0) this.log.warn({ replies: this.waiting.size }, 'replies dropped at shutdown');
    for (const timer of this.waiting) clearTimeout(timer);
    this.waiting.clear();
  }

  private async attempt(to: ReplyAddress, body: Buffer, since: number): Promise<void> {
    const delivery = await this.publish(to, body);
    if (delivery === 'confirmed') return;
    if (delivery !== 'unroutable') return this.drop(to, delivery);
    if (performance.now() - since < this.limits.giveUpMs) return this.attemptLater(to, body, since);
    this.gone.set(to.queue, performance.now() + this.limits.giveUpMs);
    this.drop(to);
  }

  private attemptLater(to: ReplyAddress, body: Buffer, since: number): void {
    const timer = setTimeout(() => {
      this.waiting.delete(timer);
      this.attempt(to, body, since).catch((error: unknown) => this.drop(to, String(error)));
    }, this.limits.retryMs);
    this.waiting.add(timer);
  }

  /** Anything but a delivery is why the broker does not take it. */
  private async publish(to: ReplyAddress, body: Buffer): Promise<string> {
    const deadline = performance.now() + publishLimitMs;
    try {
      return await this.publisher.publish({ routingKey: to.queue, body, isMandatory: true, deadline });
    } catch (error) {
      if (error instanceof RpcClosed || !(error instanceof Error)) throw error;
      return error.message;
    }
  }

  private drop(to: ReplyAddress, reason = 'its reply queue is gone'): void {
    this.log.warn({ reply_queue: to.queue, message_id: to.messageId, reason }, 'reply dropped');
  }

  private isGone(queue: string): boolean {
    for (const [name, until] of this.gone) if (until < performance.now()) this.gone.delete(name);
    return this.gone.has(queue);
  }
}
