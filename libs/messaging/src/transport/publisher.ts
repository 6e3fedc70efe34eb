import { setTimeout as sleep } from 'node:timers/promises';

import type { ChannelModel, ConfirmChannel, Message } from 'amqplib';

import { RpcClosed, RpcPublishRefused } from '../errors.js';
import type { RpcLog } from '../rpc-log.js';
import { ensureExchange, ensureQueue } from '../topology/declare.js';
import type { ExchangeShape, QueueShape } from '../topology/shapes.js';
import { decodeBody } from '../wire/envelope.js';
import { messageProperties } from '../wire/message-properties.js';
import type { BrokerLink, LinkMember } from './broker-link.js';
import { deferred } from './deferred.js';
import { within } from './within.js';

export interface OutgoingMessage {
  /** Undefined: the default exchange, where the routing key is the name of a queue. */
  readonly exchange?: ExchangeShape;
  /** Made and bound before the first message goes there. */
  readonly queue?: QueueShape;
  readonly routingKey: string;
  readonly body: Buffer;
  /** Ask to be told when no queue takes it. */
  readonly isMandatory: boolean;
  readonly expirationMs?: number;
  /** By performance.now(): past it, the message is not sent, or not sent again. */
  readonly deadline: number;
}

export type Delivery = 'confirmed' | 'unroutable';

/** One channel that the broker confirms each message on. A message whose fate a lost connection hides is sent again. */
export class Publisher implements LinkMember {
  private connection: ChannelModel | undefined;
  private channel: ConfirmChannel | undefined;
  private channelReady = deferred<void>();
  private readonly unroutable = new Map<string, number>();
  private readonly unconfirmed = new Set<Promise<unknown>>();
  /** Why the broker, last, closed a channel of ours. */
  private refusal: { readonly channel: ConfirmChannel; readonly reason: string } | undefined;
  private readonly declared = new Map<string, Promise<unknown>>();
  private isClosed = false;

  constructor(
    private readonly link: BrokerLink,
    private readonly log: RpcLog,
  ) {}

  async setUp(connection: ChannelModel): Promise<void> {
    const channel = await connection.createConfirmChannel();
    channel.on('error', (error) => (this.refusal = { channel, reason: error.message }));
    channel.on('return', (message) => this.noteUnroutable(message));
    channel.once('close', () => this.lose(channel));
    this.connection = connection;
    this.declared.clear();
    this.channel = channel;
    this.channelReady.resolve();
  }

  /** Waits so long, and answers whether a message could go out now. Throws RpcClosed. */
  async isReadyWithin(limitMs: number): Promise<boolean> {
    if (this.isClosed) throw new RpcClosed();
    return this.channel !== undefined || within(this.channelReady.promise, limitMs);
  }

  /**
   * Returns when the broker has the message, says that no queue takes it, or when it is too late to send it. Once
   * it is sent, this does not end at the deadline: let the caller watch the clock. Throws RpcPublishRefused,
   * RpcClosed, TopologyRefused.
   */
  async publish(message: OutgoingMessage): Promise<Delivery | 'expired'> {
    for (let refusals = 0; performance.now() < message.deadline;) {
      if (this.isClosed) throw new RpcClosed();
      const { channel } = this;
      if (!channel) {
        await within(this.channelReady.promise, message.deadline - performance.now());
        continue;
      }
      const delivery = await this.attempt(channel, message);
      if (delivery !== 'lost') return delivery;
      if (this.refusal?.channel !== channel) continue;
      refusals += 1;
      if (refusals === attemptsAfterRefusal) throw refused(message, this.refusal.reason);
      await sleep(retryMs);
    }
    return 'expired';
  }

  /** Waits a little for the confirmations that are due. */
  async drain(limitMs: number): Promise<void> {
    await within(Promise.allSettled(this.unconfirmed), limitMs);
  }

  close(): void {
    this.isClosed = true;
    this.channelReady.reject(new RpcClosed());
  }

  private async attempt(
    channel: ConfirmChannel,
    message: OutgoingMessage,
  ): Promise<Delivery | 'expired' | 'lost'> {
    try {
      await this.declare(message);
    } catch (error) {
      // With the connection the declaration is lost, too.
      if (this.channel === channel) throw error;
      return 'lost';
    }
    if (performance.now() >= message.deadline) return 'expired';
    const confirmation = confirm(channel, message);
    this.unconfirmed.add(confirmation);
    const problem = await confirmation;
    this.unconfirmed.delete(confirmation);
    if (message.isMandatory && this.takeUnroutable(message.body)) return 'unroutable';
    if (problem === null) return 'confirmed';
    if (this.channel !== channel) return 'lost';
    throw refused(message, problem.message);
  }

  private async declare({ exchange, queue }: OutgoingMessage): Promise<void> {
    const { connection } = this;
    if (!exchange || !connection) return;
    await this.once(exchange.name, () => ensureExchange(connection, exchange, this.log));
    if (queue) await this.declareQueue(connection, queue);
    // A fanout exchange goes away with its last queue: it has to be made sure of each time.
    if (exchange.type === 'fanout') this.declared.delete(exchange.name);
  }

  private async declareQueue(connection: ChannelModel, queue: QueueShape): Promise<void> {
    try {
      await this.once(`queue ${queue.name}`, () => ensureQueue(connection, queue, this.log));
    } catch (error) {
      // It may be the exchange that somebody removed.
      this.declared.delete(queue.binding.exchange);
      throw error;
    }
  }

  private async once(name: string, declare: () => Promise<unknown>): Promise<void> {
    const declaring = this.declared.get(name) ?? declare();
    this.declared.set(name, declaring);
    try {
      await declaring;
    } catch (error) {
      this.declared.delete(name);
      throw error;
    }
  }

  private lose(channel: ConfirmChannel): void {
    if (this.channel !== channel) return;
    this.channel = undefined;
    this.channelReady = deferred();
    this.unroutable.clear();
    this.link.rejoin(this);
  }

  private noteUnroutable(message: Message): void {
    const id = uniqueId(message.content);
    this.unroutable.set(id, (this.unroutable.get(id) ?? 0) + 1);
  }

  /** The broker returns a message before it confirms it; a return is told by what is in it. */
  private takeUnroutable(body: Buffer): boolean {
    if (this.unroutable.size === 0) return false;
    const id = uniqueId(body);
    const count = this.unroutable.get(id) ?? 0;
    if (count > 1) this.unroutable.set(id, count - 1);
    else this.unroutable.delete(id);
    return count > 0;
  }
}

const attemptsAfterRefusal = 3;
const retryMs = 100;

/** Answers why the broker does not confirm it, or null. */
function confirm(channel: ConfirmChannel, message: OutgoingMessage): Promise<Error | null> {
  const options = {
    ...messageProperties,
    mandatory: message.isMandatory,
    ...(message.expirationMs !== undefined && { expiration: String(Math.ceil(message.expirationMs)) }),
  };
  return new Promise((resolve) => {
    try {
      channel.publish(message.exchange?.name ?? '', message.routingKey, message.body, options, resolve);
    } catch (error) {
      resolve(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

function uniqueId(body: Buffer): string {
  return String(decodeBody(body, undefined)['_unique_id']);
}

function refused(message: OutgoingMessage, reason: string): RpcPublishRefused {
  return new RpcPublishRefused(
    message.routingKey === '' ? (message.exchange?.name ?? '') : message.routingKey,
    reason,
    'look for limits of the queue (x-max-length, x-overflow), a policy, missing permissions, or alarms of the broker',
  );
}
