import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';

import { ensureExchange, ensureQueue } from '../topology/declare.js';
import { onScratchChannel } from '../topology/scratch-channel.js';
import { fanoutExchange, fanoutQueue, requestQueue } from '../topology/shapes.js';
import type { LinkMember } from '../transport/broker-link.js';
import type { OsloBroker } from '../transport/oslo-broker.js';
import { within } from '../transport/within.js';
import { hexId } from '../wire/hex-id.js';

/** A broker that answers nothing for so long, while we want to end, is not waited for. */
const silenceMs = 1_000;

/** A message in our hands; it goes back to the queue if the connection is lost before one of the two is called. */
export interface Delivery {
  readonly message: ConsumeMessage;
  ack(): void;
  /** Away with it: to the dead-letter exchange, if the queue has one. */
  reject(): void;
}

export interface ConsumerOptions {
  readonly broker: OsloBroker;
  readonly topic: string;
  readonly host: string;
  /** How many messages of each queue are in work at once. */
  readonly concurrency: number;
  take(delivery: Delivery): void;
}

/**
 * Takes requests from `<topic>`, `<topic>.<host>` and a fanout queue. The limit holds for each queue by itself:
 * a request of the shared queue may call the host's queue and wait for it, which would never end if the two had
 * to share.
 */
export class RequestConsumer implements LinkMember {
  private channel: Channel | undefined;
  private consumerTags: string[] = [];
  private fanoutName: string | undefined;
  private isStopping = false;
  private wasSetUp = false;

  constructor(private readonly options: ConsumerOptions) {}

  async setUp(connection: ChannelModel): Promise<void> {
    const { topic, host, concurrency, broker } = this.options;
    const queues = await this.declare(connection, topic, host);
    const channel = await connection.createChannel();
    channel.on('error', (error) =>
      broker.log.warn({ error: error.message }, 'request channel closed by the broker'),
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
   * Takes no more requests; those in work can still be acknowledged, unless false is answered: then the broker says
   * nothing any more.
   */
  async stop(): Promise<boolean> {
    this.isStopping = true;
    this.options.broker.consuming.leave(this);
    const { channel, consumerTags } = this;
    const cancelled = Promise.all(consumerTags.map(async (tag) => channel?.cancel(tag)));
    return within(cancelled, silenceMs).catch(() => true);
  }

  /** What was not acknowledged goes to another worker. */
  async close(): Promise<void> {
    const { channel, fanoutName } = this;
    this.channel = undefined;
    if (!channel) return;
    try {
      if (fanoutName !== undefined) await channel.deleteQueue(fanoutName);
      await channel.close();
    } catch (error) {
      this.options.broker.log.debug({ error: String(error) }, 'request channel was closed already');
    }
  }

  private async declare(connection: ChannelModel, topic: string, host: string): Promise<string[]> {
    const { topology, exchange, log } = this.options.broker;
    const shared = requestQueue(topology, exchange.name, topic);
    const own = requestQueue(topology, exchange.name, `${topic}.${host}`);
    const fanout = fanoutQueue(topology, topic, hexId());
    await ensureExchange(connection, exchange, log);
    await ensureQueue(connection, shared, log);
    const others = await ensureQueue(connection, own, log);
    if (others > 0 && !this.wasSetUp) {
      log.warn(
        { queue: own.name, consumers: others },
        'another worker serves this host: are two of the same name?',
      );
    }
    await this.removeFanoutQueue(connection);
    await ensureExchange(connection, fanoutExchange(topology, topic), log);
    await ensureQueue(connection, fanout, log);
    this.wasSetUp = true;
    this.fanoutName = fanout.name;
    return [shared.name, own.name, fanout.name];
  }

  /** Of the channel before, if the connection is still the same; otherwise it went with its connection. */
  private async removeFanoutQueue(connection: ChannelModel): Promise<void> {
    const { fanoutName } = this;
    if (fanoutName === undefined) return;
    await onScratchChannel(connection, (channel) => channel.deleteQueue(fanoutName)).catch(() => undefined);
  }

  private take(channel: Channel, message: ConsumeMessage | null): void {
    if (message === null) return this.cancelled(channel);
    if (this.isStopping) return channel.nack(message, false, true);
    this.options.take({
      message,
      ack: () => this.ifCurrent(channel, () => channel.ack(message)),
      reject: () => this.ifCurrent(channel, () => channel.reject(message, false)),
    });
  }

  /** A queue is gone; all is made anew on the next channel, and what was in work here is delivered again. */
  private cancelled(channel: Channel): void {
    if (this.isStopping || this.channel !== channel) return;
    this.options.broker.log.warn({}, 'the broker cancelled a consumer');
    channel.close().catch(() => undefined);
  }

  /** A channel that is gone took its messages back to the queue: they will come again. */
  private ifCurrent(channel: Channel, act: () => void): void {
    if (this.channel === channel) act();
  }

  private lose(channel: Channel): void {
    if (this.channel !== channel) return;
    this.channel = undefined;
    this.options.broker.consuming.rejoin(this);
  }
}
