import type { RpcFailure } from './wire/failure.js';

/** No answer came before the deadline, or heartbeats of the server stopped. It may have done the work all the same. */
export class RpcTimeout extends Error {
  /**
   * @param stage how far it came: where it is "connecting" or "publishing", the broker is the one to look at
   */
  constructor(
    readonly method: string,
    readonly destination: string,
    readonly messageId: string,
    readonly stage: 'connecting' | 'publishing' | 'waiting' | 'monitoring',
    readonly afterMs: number,
  ) {
    super(`${method} on ${destination}: ${explain[stage]} (${afterMs / 1000} s, message ID ${messageId})`);
    this.name = 'RpcTimeout';
  }
}

const explain: Readonly<Record<RpcTimeout['stage'], string>> = {
  connecting: 'timed out before a broker was connected; is transport_url right, and the broker running?',
  publishing:
    'timed out before the broker took the message; does it hold publishers back (memory or disk alarm)?',
  waiting: 'timed out waiting for a reply',
  monitoring: 'the server stopped sending heartbeats',
};

/** Nobody serves the destination: no queue is bound for it, or nobody consumes from the queue. Nothing was done. */
export class RpcUndeliverable extends Error {
  constructor(
    readonly method: string,
    readonly exchange: string,
    readonly destination: string,
    readonly reason: 'no queue' | 'no consumer' = 'no queue',
  ) {
    super(`${method}: ${explainAbsence[reason](destination, exchange)}`);
    this.name = 'RpcUndeliverable';
  }
}

const explainAbsence = {
  'no queue': (destination: string, exchange: string) =>
    `no queue takes messages for ${destination} on exchange ${exchange}; is a service of that name ` +
    `running there, with the same control_exchange?`,
  'no consumer': (destination: string) =>
    `nobody serves ${destination}: its queue exists, but no service consumes from it; was it stopped, or killed?`,
};

/** The broker does not take the message. Nothing was done. */
export class RpcPublishRefused extends Error {
  constructor(
    readonly destination: string,
    reason: string,
    wayOut: string,
  ) {
    super(`the broker does not take the message for ${destination}: ${reason}; ${wayOut}`);
    this.name = 'RpcPublishRefused';
  }
}

/** This end is closing, or closed. */
export class RpcClosed extends Error {
  constructor() {
    super('the messaging connection of this process is closed');
    this.name = 'RpcClosed';
  }
}

/** The exception that the other side answered with. */
export class RemoteError extends Error {
  /** The Python class, as `FixedIpNotFoundForAddress`. */
  readonly className: string;
  /** The Python module, as `nova.exception`; `builtins` and `exceptions` mean the same. */
  readonly moduleName: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly remoteTrace: readonly string[];

  constructor(failure: RpcFailure) {
    super(failure.message);
    this.name = 'RemoteError';
    this.className = failure.class;
    this.moduleName = failure.module;
    this.args = failure.args ?? [];
    this.kwargs = failure.kwargs ?? {};
    this.remoteTrace = failure.trace ?? [];
  }
}
