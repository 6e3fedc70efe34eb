import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';

import type { RpcLog } from '../rpc-log.js';
import type { BrokerLink, LinkMember } from './broker-link.js';
import { within } from './within.js';

/** A broker that answers nothing for so long, while we want to end, is not waited for. */
const silenceMs = 1_000;

/** A message in our hands; it goes back to the queue if the connection is lost before one of the three is called. */
export interface Delivery {
  readonly message: ConsumeMessage;
  ack(): void;
  /** Away with it: to the dead-letter exchange, if the queue has one. */
  reject(): void;
  /** Back to the queue, for any of its consumers. */
  requeue(): void;
}

export interface QueueConsumerOptions {
  readonly link: BrokerLink;
  readonly log: RpcLog;
  /** What the messages are, for the log: "request". */
  readonly subject: string;
  /** How many messages of each queue are in work at once. */
  readonly concurrency: number;
  /** Makes the queues to take from, and names them. Runs for every new channel. */
  declare(connection: ChannelModel): Promise<readonly string[]>;
  take(delivery: Delivery): void;
}

/** Takes messages from queues, each acknowledged by whoever was given it; goes on after a lost connection or queue. */
export class QueueConsumer implements LinkMember {
  private channel: Channel | undefined;
  private consumerTags: string[] = [];
  private isStopping = false;

  constructor(private readonly options: QueueConsumerOptions) {}

  /** Returns when messages are taken. Throws TopologyRefused, RpcClosed. */
  start(): Promise<void> {
    return this.options.link.join(this);
  }

  async setUp(connection: ChannelModel): Promise<void> {
    const { subject, concurrency, log } = this.options;
    const queues = await this.options.declare(connection);
    const channel = await connection.createChannel();
    channel.on('error', (error) =>
      log.warn({ consumer_of: subject, error: error.message }, 'channel closed by the broker'),
    );
    channel.once('close', () => this.lose(channel));
    this.channel = channel;
    this.consumerTags = [];
    await channel.prefetch(concurrency, false);
    for (const queue of queues) {
      const { consumerTag } = await channel.consume(queue, (message) => this.take(channel, message));
      this.consumerTags.push(consumerTag);
    }
  }

  /**
   * Takes no more messages; those in work can still be acknowledged, unless false is answered: then the broker says
   * nothing any more.
   */
  async stop(): Promise<boolean> {
    this.isStopping = true;
    this.options.link.leave(this);
    const { channel, consumerTags } = this;
    const cancelled = Promise.all(consumerTags.map(async (tag) => channel?.cancel(tag)));
    return within(cancelled, silenceMs).catch(() => true);
  }

  /**
   * What was not acknowledged goes to another consumer.
   * @param last what is left to do on the channel
   */
  async close(last?: (channel: Channel) => Promise<unknown>): Promise<void> {
    const { channel } = this;
    this.channel = undefined;
    if (!channel) return;
    try {
      await last?.(channel);
      await channel.close();
    } catch (error) {
      const { subject, log } = this.options;
      log.debug({ consumer_of: subject, error: String(error) }, 'channel was closed already');
    }
  }

  private take(channel: Channel, message: ConsumeMessage | null): void {
    if (message === null) return this.cancelled(channel);
    if (this.isStopping) return channel.nack(message, false, true);
    this.options.take({
      message,
      ack: () => this.ifCurrent(channel, () => channel.ack(message)),
      reject: () => this.ifCurrent(channel, () => channel.reject(message, false)),
      requeue: () => this.ifCurrent(channel, () => channel.reject(message, true)),
    });
  }

  /** A queue is gone; all is made anew on the next channel, and what was in work here is delivered again. */
  private cancelled(channel: Channel): void {
    if (this.isStopping || this.channel !== channel) return;
    this.options.log.warn({ consumer_of: this.options.subject }, 'the broker cancelled a consumer');
    channel.close().catch(() => undefined);
  }

  /** A channel that is gone took its messages back to the queue: they will come again. */
  private ifCurrent(channel: Channel, act: () => void): void {
    if (this.channel === channel) act();
  }

  private lose(channel: Channel): void {
    if (this.channel !== channel) return;
    this.channel = undefined;
    this.options.link.rejoin(this);
  }
}
