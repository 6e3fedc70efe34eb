import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';

import { ensureExchange, ensureQueue } from '../topology/declare.js';
import { onScratchChannel } from '../topology/scratch-channel.js';
import { replyExchange, replyQueue } from '../topology/shapes.js';
import type { LinkMember } from '../transport/broker-link.js';
import type { OsloBroker } from '../transport/oslo-broker.js';
import { closeLimitMs, within } from '../transport/within.js';
import { decodeBody } from '../wire/envelope.js';
import { hexId } from '../wire/hex-id.js';
import { parseReply } from '../wire/reply.js';
import type { PendingCall } from './pending-call.js';

/**
 * The queue where this process gets its answers. It keeps its name over reconnections, so that answers find their
 * way; the exchange of the same name is for servers before oslo.messaging 9.2.
 */
export class ReplyInbox implements LinkMember {
  private readonly id = hexId();
  private readonly pending = new Map<string, PendingCall>();
  private connection: ChannelModel | undefined;
  private channel: Channel | undefined;
  private closedBy: Error | undefined;
  private joining: Promise<void> | undefined;
  readonly queueName = `reply_${this.id}`;

  constructor(private readonly broker: OsloBroker) {}

  /** Returns when answers can arrive. Throws TopologyRefused, RpcClosed. */
  ready(): Promise<void> {
    this.joining ??= this.join();
    return this.joining;
  }

  expect(messageId: string, call: PendingCall): void {
    if (this.closedBy) call.fail(this.closedBy);
    else this.pending.set(messageId, call);
  }

  forget(messageId: string): void {
    this.pending.delete(messageId);
  }

  async setUp(connection: ChannelModel): Promise<void> {
    const { topology, log } = this.broker;
    await ensureExchange(connection, replyExchange(this.id), log);
    await ensureQueue(connection, replyQueue(topology, this.id), log);
    const channel = await connection.createChannel();
    channel.on('error', (error) => log.warn({ error: error.message }, 'reply channel closed by the broker'));
    channel.once('close', () => this.lose(channel));
    this.connection = connection;
    this.channel = channel;
    await channel.consume(this.queueName, (message) => this.take(channel, message));
  }

  /** Fails what still waits. The queue goes unless an answer is due there: its sender would try for a minute. */
  async close(reason: Error): Promise<void> {
    this.closedBy = reason;
    const isAnswerDue = this.pending.size > 0;
    for (const call of this.pending.values()) call.fail(reason);
    this.pending.clear();
    this.broker.consuming.leave(this);
    const { connection, channel } = this;
    this.channel = undefined;
    if (!connection || !channel) return;
    const remove = isAnswerDue
      ? channel.close()
      : onScratchChannel(connection, (scratch) => scratch.deleteQueue(this.queueName)).then(() =>
          channel.close(),
        );
    await within(remove, closeLimitMs).catch((error: unknown) => {
      this.broker.log.debug({ error: String(error), queue: this.queueName }, 'reply queue left to expire');
    });
  }

  private async join(): Promise<void> {
    try {
      await this.broker.consuming.join(this);
    } catch (error) {
      this.broker.consuming.leave(this);
      this.joining = undefined;
      throw error;
    }
  }

  private take(channel: Channel, message: ConsumeMessage | null): void {
    if (message === null) {
      // The queue is gone; all is made anew on the next channel.
      if (this.channel === channel) channel.close().catch(() => undefined);
      return;
    }
    channel.ack(message);
    try {
      this.answer(message);
    } catch (error) {
      this.broker.log.warn({ error: String(error) }, 'undecodable reply dropped');
    }
  }

  private answer(message: ConsumeMessage): void {
    const reply = parseReply(decodeBody(message.content, message.properties.headers));
    const call = reply.messageId === undefined ? undefined : this.pending.get(reply.messageId);
    if (!call || reply.messageId === undefined) {
      this.broker.log.debug({ message_id: reply.messageId }, 'reply that nobody waits for any more');
      return;
    }
    if (call.accept(reply)) this.pending.delete(reply.messageId);
  }

  private lose(channel: Channel): void {
    if (this.channel !== channel) return;
    this.channel = undefined;
    this.broker.consuming.rejoin(this);
  }
}
