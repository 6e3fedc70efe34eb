import { parseHostName, type HostName } from '@novanet/net-address';

import { serviceContext } from '../client/context-values.js';
import { notificationQueue } from '../topology/shapes.js';
import type { OsloBroker } from '../transport/oslo-broker.js';
import { encodeEnvelope } from '../wire/envelope.js';
import { renderNotification, type NewNotification } from '../wire/notification.js';
import type { ContextValues } from '../wire/request.js';
import { NotificationOutbox } from './notification-outbox.js';
import { publicContext } from './public-context.js';

export interface OsloNotifierOptions {
  readonly broker: OsloBroker;
  /** The option [oslo_messaging_notifications] driver: messagingv2 with the envelope, messaging without; default noop. */
  readonly driver?: 'messaging' | 'messagingv2' | 'noop';
  /** The option topics: each gets a copy. Default `notifications`. */
  readonly topics?: readonly string[];
  /** How many may wait for a broker that is away; default 10 000. */
  readonly capacity?: number;
  /** How long close() waits for the broker to take what is left; default 1000. */
  readonly flushMs?: number;
}

export interface NotificationToSend extends Omit<NewNotification, 'context'> {
  /** On whose behalf it happened; default: the service's own. Its secrets are left out. */
  readonly context?: ContextValues;
}

/**
 * Tells whoever listens on the message bus what happened. Python's notifier holds the caller until the broker is
 * back; this one puts aside and returns. A notification is sent until the broker confirms it, so that it may come
 * twice; it is lost when the process dies, or when too many wait.
 */
export class OsloNotifier {
  private readonly topics: readonly HostName[];
  private readonly outbox: NotificationOutbox;
  private closing: Promise<void> | undefined;

  /** Throws InvalidAddressText for a topic that is no name. */
  constructor(private readonly options: OsloNotifierOptions) {
    const { broker, topics = ['notifications'], capacity = 10_000 } = options;
    this.topics = topics.map((topic) => parseHostName(topic));
    this.outbox = new NotificationOutbox(broker, capacity);
  }

  /** How many wait for the broker. */
  get waiting(): number {
    return this.outbox.length;
  }

  /** How many were given up, since the start. */
  get dropped(): number {
    return this.outbox.dropped;
  }

  /** Returns at once, and does not throw: what cannot be sent is logged. */
  notify(notification: NotificationToSend): void {
    const { driver = 'noop', broker } = this.options;
    if (driver === 'noop') return;
    const { exchange, topology } = broker;
    const suffix = notification.priority.toLowerCase();
    const texts = this.render(notification);
    this.topics.forEach((topic, i) => {
      const inner = texts[i];
      if (inner === undefined) return;
      const routingKey = `${topic}.${suffix}`;
      const queue = notificationQueue(topology, exchange.name, routingKey);
      const body = driver === 'messagingv2' ? encodeEnvelope(inner) : Buffer.from(inner);
      this.outbox.put({ exchange, queue, routingKey, body });
    });
  }

  /** Sends what waits, within a limit. Does nothing the second time. */
  close(): Promise<void> {
    this.closing ??= this.outbox.close(this.options.flushMs ?? 1_000);
    return this.closing;
  }

  private render(notification: NotificationToSend): readonly string[] {
    const context = publicContext(notification.context ?? serviceContext());
    try {
      return renderNotification({ ...notification, context }, this.topics.length, new Date());
    } catch (error) {
      const { eventType } = notification;
      this.options.broker.log.error({ event_type: eventType, err: error }, 'notification cannot be sent');
      return [];
    }
  }
}
