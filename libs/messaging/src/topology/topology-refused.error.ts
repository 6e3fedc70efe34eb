const wayOut: Readonly<Record<number, string>> = {
  403: 'grant the user of transport_url configure, write and read permission in this virtual host',
  405: 'another connection holds it exclusively: is a second worker running under the same host name?',
  530: 'a limit or policy of the virtual host forbids it',
  541:
    'RabbitMQ 4.3 and later refuse queues that are neither durable nor exclusive: set amqp_durable_queues = true ' +
    'in [oslo_messaging_rabbit] of every service, or permit transient_nonexcl_queues in the broker’s configuration',
};

/** The broker refuses an exchange, a queue or a binding for a reason that trying again does not cure. */
export class TopologyRefused extends Error {
  constructor(
    readonly object: string,
    readonly code: number,
    cause: Error,
  ) {
    super(`the broker refuses ${object}: ${cause.message}; ${wayOut[code] ?? 'see its log'}`, { cause });
    this.name = 'TopologyRefused';
  }

  /** The given error itself when it is of another kind, as a lost connection is. */
  static explain(object: string, error: unknown): unknown {
    const code = replyCode(error);
    return error instanceof Error && code !== undefined && code in wayOut
      ? new TopologyRefused(object, code, error)
      : error;
  }
}

/** AMQP's number in an error of amqplib. */
export function replyCode(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}
