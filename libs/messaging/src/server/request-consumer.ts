import type { ChannelModel } from 'amqplib';

import { ensureExchange, ensureQueue } from '../topology/declare.js';
import { onScratchChannel } from '../topology/scratch-channel.js';
import { fanoutExchange, fanoutQueue, requestQueue } from '../topology/shapes.js';
import type { OsloBroker } from '../transport/oslo-broker.js';
import { QueueConsumer, type Delivery } from '../transport/queue-consumer.js';
import { hexId } from '../wire/hex-id.js';

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
export class RequestConsumer {
  private readonly consumer: QueueConsumer;
  private fanoutName: string | undefined;
  private wasDeclared = false;

  constructor(private readonly options: ConsumerOptions) {
    const { broker, concurrency } = options;
    this.consumer = new QueueConsumer({
      link: broker.consuming,
      log: broker.log,
      subject: 'request',
      concurrency,
      declare: (connection) => this.declare(connection),
      take: (delivery) => options.take(delivery),
    });
  }

  /** Returns when requests are taken. Throws TopologyRefused, RpcClosed. */
  start(): Promise<void> {
    return this.consumer.start();
  }

  /** Takes no more requests; false: those in work cannot be answered either, the broker says nothing any more. */
  stop(): Promise<boolean> {
    return this.consumer.stop();
  }

  /** What was not acknowledged goes to another worker. */
  close(): Promise<void> {
    const { fanoutName } = this;
    return this.consumer.close(async (channel) => {
      if (fanoutName !== undefined) await channel.deleteQueue(fanoutName);
    });
  }

  private async declare(connection: ChannelModel): Promise<readonly string[]> {
    const { topic, host } = this.options;
    const { topology, exchange, log } = this.options.broker;
    const shared = requestQueue(topology, exchange.name, topic);
    const own = requestQueue(topology, exchange.name, `${topic}.${host}`);
    const fanout = fanoutQueue(topology, topic, hexId());
    await ensureExchange(connection, exchange, log);
    await ensureQueue(connection, shared, log);
    const others = await ensureQueue(connection, own, log);
    if (others > 0 && !this.wasDeclared) {
      log.warn(
        { queue: own.name, consumers: others },
        'another worker serves this host: are two of the same name?',
      );
    }
    await this.removeFanoutQueue(connection);
    await ensureExchange(connection, fanoutExchange(topology, topic), log);
    await ensureQueue(connection, fanout, log);
    this.wasDeclared = true;
    this.fanoutName = fanout.name;
    return [shared.name, own.name, fanout.name];
  }

  /** Of the channel before, if the connection is still the same; otherwise it went with its connection. */
  private async removeFanoutQueue(connection: ChannelModel): Promise<void> {
    const { fanoutName } = this;
    if (fanoutName === undefined) return;
    await onScratchChannel(connection, (channel) => channel.deleteQueue(fanoutName)).catch(() => undefined);
  }
}
