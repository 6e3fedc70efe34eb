import type { ContextValues } from '../wire/request.js';

/** Whom a message is for. */
export interface RpcTarget {
  /** `network`, `compute`, `conductor` … */
  readonly topic: string;
  /** One host of them; otherwise whichever server is free. */
  readonly server?: string;
  /** `baseapi`, `novanet`; absent: the main interface. */
  readonly namespace?: string;
  /** The version of the interface that has the method with these arguments; absent: 1.0. */
  readonly version?: string;
}

export interface SendOptions {
  /** On whose behalf; default: the service's own. A received context goes on unchanged but for its secrets. */
  readonly context?: ContextValues;
  /** For everything: connecting, sending, waiting. Default: the client's. */
  readonly timeoutMs?: number;
  /** The same value for the same thing sent again: a server that did it already does not do it twice. */
  readonly uniqueId?: string;
  /** Fail at once when no queue takes the message. Default: true for calls, false for casts. */
  readonly isMandatory?: boolean;
}

export interface CallOptions extends SendOptions {
  /** Ask for heartbeats, twice in this many seconds (at least 1); without them for so long the call fails. */
  readonly monitorSeconds?: number;
  /**
   * Fail before anything is sent when nobody consumes from the queue. Default true; false: the request waits in the
   * queue for a server, until the deadline.
   */
  readonly isServedOnly?: boolean;
  /** How long a server may be absent, as one is that starts again; looked for until then. Default 0. */
  readonly graceMs?: number;
}

/** The routing key: `network` or `network.<host>`. */
export function destination({ topic, server }: RpcTarget): string {
  return server === undefined ? topic : `${topic}.${server}`;
}
