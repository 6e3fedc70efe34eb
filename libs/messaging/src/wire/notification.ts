import { randomUUID } from 'node:crypto';

import { hexId } from './hex-id.js';
import type { JsonObject } from './is-record.js';
import { toJson } from './python-json.js';
import { parseContext, renderContext, type ContextValues } from './request.js';
import { UndecodableMessage } from './undecodable-message.error.js';

/** In lower case it ends the routing key: `notifications.info`. */
export type NotificationPriority = 'AUDIT' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'CRITICAL' | 'SAMPLE';

/** What a service tells whoever listens. */
export interface Notification {
  /** The same for every copy of it. */
  readonly messageId: string;
  /** `<service>.<host>`. */
  readonly publisherId: string;
  /** `compute.instance.create.end`. */
  readonly eventType: string;
  /** As sent, in upper case. */
  readonly priority: string;
  readonly payload: unknown;
  /** Undefined when the sender's clock cannot be read. */
  readonly sentAt: Date | undefined;
  readonly context: ContextValues;
}

/** A notification to be sent. */
export interface NewNotification {
  /** `network.<host>`. */
  readonly publisherId: string;
  /** `network.floating_ip.associate`. */
  readonly eventType: string;
  readonly priority: NotificationPriority;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly context: ContextValues;
}

/** The inner texts of as many copies of one notification. Throws NotSerialisable. */
export function renderNotification(notification: NewNotification, copies: number, sentAt: Date): string[] {
  const { publisherId, eventType, priority, payload, context } = notification;
  const inner = {
    message_id: randomUUID(),
    publisher_id: publisherId,
    event_type: eventType,
    priority,
    payload,
    timestamp: renderTime(sentAt),
    ...renderContext(context),
  };
  return Array.from({ length: copies }, () => toJson({ ...inner, _unique_id: hexId() }));
}

/** Takes whatever a service of any age sends; only the type must be there. Throws UndecodableMessage. */
export function parseNotification(message: JsonObject): Notification {
  const { event_type: eventType, timestamp } = message;
  if (typeof eventType !== 'string') {
    throw new UndecodableMessage('a notification must have an event type', undefined);
  }
  return {
    messageId: text(message['message_id']),
    publisherId: text(message['publisher_id']),
    eventType,
    priority: text(message['priority']).toUpperCase(),
    payload: message['payload'] ?? null,
    sentAt: typeof timestamp === 'string' ? parseTime(timestamp) : undefined,
    context: parseContext(message),
  };
}

/** Python's str() of a UTC time: `2026-11-20 22:42:11.021000`. */
function renderTime(time: Date): string {
  return `${time.toISOString().slice(0, -1).replace('T', ' ')}000`;
}

/** Python leaves the fraction out when there is none; versioned notifications have a `T` instead of the blank. */
function parseTime(timestamp: string): Date | undefined {
  const [, day, clock] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,9})?)Z?$/.exec(timestamp) ?? [];
  const time = new Date(`${day}T${clock}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
