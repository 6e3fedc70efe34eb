import { setTimeout as sleep } from 'node:timers/promises';

import { parseHostName } from '@novanet/net-address';
import type { ChannelModel } from 'amqplib';

import { RpcClosed } from '../errors.js';
import { forLog } from '../rpc-log.js';
import { ensureExchange, ensureQueue } from '../topology/declare.js';
import { controlExchange, listenerQueue } from '../topology/shapes.js';
import type { BackOff } from '../transport/back-off.js';
import type { OsloBroker } from '../transport/oslo-broker.js';
import { QueueConsumer, type Delivery } from '../transport/queue-consumer.js';
import { closeLimitMs, within } from '../transport/within.js';
import { decodeBody } from '../wire/envelope.js';
import { parseNotification, type Notification, type NotificationPriority } from '../wire/notification.js';
import { UndecodableMessage } from '../wire/undecodable-message.error.js';
import { FailureMemory } from './failure-memory.js';

export interface OsloNotificationListenerOptions {
  readonly broker: OsloBroker;
  /** Our own copy waits here; every worker names the same one, and each notification goes to one of them. */
  readonly queue: string;
  /** The control exchanges of the services to listen to; default `nova`. */
  readonly exchanges?: readonly string[];
  /** Those services' option topics; default `notifications`. */
  readonly topics?: readonly string[];
  /** Default INFO. */
  readonly priorities?: readonly NotificationPriority[];
  /** Notifications that are in work at once; the rest waits in the queue, for any worker. Default 8. */
  readonly concurrency?: number;
  /** Has to bear a repetition: a notification may come twice, and later than one that was sent after it. */
  handle(notification: Notification): Promise<void>;
  /** A failure that passes, as of a database that is away: such a notification is never dropped. Default: none. */
  isTransient?(error: unknown): boolean;
  /** How often another failure may happen to one notification until it is dropped; default 5. */
  readonly attempts?: number;
  /** The pause after a failure, which doubles each time; default from half a second to a minute. */
  readonly pause?: BackOff;
  /** How long close() waits for the handlers; default 4000. */
  readonly drainMs?: number;
}

const defaultPause: BackOff = { firstMs: 500, longestMs: 60_000 };

/**
 * Listens to what other services notify, without taking anything from other listeners. A notification is
 * acknowledged when its handler is done; after a failure it goes back to the queue, for any worker. What cannot be
 * decoded, and what fails again and again, is dropped.
 */
export class OsloNotificationListener {
  private readonly consumer: QueueConsumer;
  private readonly failures = new FailureMemory();
  private readonly inWork = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private opening: Promise<void> | undefined;
  private closing: Promise<void> | undefined;
  private isListening = false;

  /** Throws InvalidAddressText: a queue, exchange or topic called `#` would get everything. */
  constructor(private readonly options: OsloNotificationListenerOptions) {
    const { broker, queue, exchanges = ['nova'], topics = ['notifications'], concurrency = 8 } = options;
    for (const name of [queue, ...exchanges, ...topics]) parseHostName(name);
    this.consumer = new QueueConsumer({
      link: broker.consuming,
      log: broker.log,
      subject: 'notification',
      concurrency,
      declare: (connection) => this.declare(connection, exchanges, topics),
      take: (delivery) => this.take(delivery),
    });
  }

  /** Returns when notifications are taken; waits for the broker until then. Throws TopologyRefused, RpcClosed. */
  async start(): Promise<void> {
    if (this.closing) throw new RpcClosed();
    this.opening ??= this.options.broker.open();
    await this.opening;
    try {
      await this.consumer.start();
    } catch (error) {
      await this.close();
      throw error;
    }
    this.isListening = true;
  }

  /** Connected and consuming. */
  get isConnected(): boolean {
    return this.isListening && this.options.broker.consuming.isReady;
  }

  /** Takes no more, lets the handlers finish within a limit, and leaves. What is not done goes to another worker. */
  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async declare(
    connection: ChannelModel,
    exchanges: readonly string[],
    topics: readonly string[],
  ): Promise<readonly string[]> {
    const { broker, queue, priorities = ['INFO'] } = this.options;
    const { topology, log } = broker;
    for (const exchange of exchanges) {
      await ensureExchange(connection, controlExchange(topology, exchange), log);
      for (const topic of topics) {
        for (const priority of priorities) {
          const key = `${topic}.${priority.toLowerCase()}`;
          await ensureQueue(connection, listenerQueue(topology, queue, { exchange, key }), log);
        }
      }
    }
    return [queue];
  }

  private take(delivery: Delivery): void {
    const work = this.work(delivery)
      .catch((error: unknown) => {
        // Not acknowledged: it comes again, here or at another worker.
        this.options.broker.log.warn({ error: String(error) }, 'notification given back');
      })
      .finally(() => this.inWork.delete(work));
    this.inWork.add(work);
  }

  private async work(delivery: Delivery): Promise<void> {
    const notification = this.decode(delivery);
    if (!notification) return;
    const { content } = delivery.message;
    try {
      await this.options.handle(notification);
    } catch (error) {
      return this.fail(delivery, notification, error);
    }
    this.failures.forget(content);
    delivery.ack();
  }

  /** Answers undefined after having dealt with a message that is no notification. */
  private decode(delivery: Delivery): Notification | undefined {
    const { content, properties, fields } = delivery.message;
    try {
      return parseNotification(decodeBody(content, properties.headers));
    } catch (error) {
      if (!(error instanceof UndecodableMessage)) throw error;
      const facts = { routing_key: fields.routingKey, reason: forLog(error.message) };
      this.options.broker.log.error(facts, 'undecodable notification dropped');
      delivery.reject();
      return undefined;
    }
  }

  private async fail(delivery: Delivery, notification: Notification, error: unknown): Promise<void> {
    const { attempts = 5, pause = defaultPause, broker } = this.options;
    const { content } = delivery.message;
    const isTransient = this.options.isTransient?.(error) ?? false;
    const { all, lasting } = this.failures.note(content, isTransient);
    const facts = {
      event_type: forLog(notification.eventType),
      message_id: forLog(notification.messageId),
      failures: all,
    };
    if (!isTransient && lasting >= attempts) {
      this.failures.forget(content);
      broker.log.error({ ...facts, err: error }, 'notification dropped, its handler fails');
      return delivery.reject();
    }
    const pauseMs = Math.min(pause.longestMs, pause.firstMs * 2 ** (all - 1));
    broker.log.warn(
      { ...facts, pause_ms: pauseMs, error: String(error) },
      'notification not handled, again later',
    );
    await sleep(pauseMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    delivery.requeue();
  }

  private async shutDown(): Promise<void> {
    const { broker, drainMs = 4_000 } = this.options;
    if (!this.opening) return;
    this.isListening = false;
    const stopped = this.consumer.stop();
    // What waits for another attempt goes back at once.
    this.stopping.abort();
    await within(this.finishWork(stopped), drainMs);
    if (this.inWork.size > 0) {
      broker.log.warn({ notifications: this.inWork.size }, 'notifications given back at shutdown');
    }
    await within(this.consumer.close(), closeLimitMs);
    await broker.release();
  }

  private async finishWork(stopped: Promise<boolean>): Promise<void> {
    if (await stopped) await Promise.all(this.inWork);
  }
}
