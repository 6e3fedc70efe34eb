/**
 * How exchanges and queues are declared: the options of [oslo_messaging_rabbit], by their names. They must equal
 * those of the other services on the same broker; where they do not, what exists is used.
 */
export interface TopologyOptions {
  /**
   * A whole set of the flags below, which may still be given one by one: compat (the default) declares what every
   * Python service declares by default; durable survives a restart of the broker, and is what RabbitMQ ≥ 4.3 asks
   * for; quorum makes replicated queues.
   */
  readonly mode?: 'compat' | 'durable' | 'quorum';
  readonly amqpDurableQueues?: boolean;
  readonly amqpAutoDelete?: boolean;
  readonly rabbitHaQueues?: boolean;
  readonly rabbitQuorumQueue?: boolean;
  readonly rabbitTransientQuorumQueue?: boolean;
  /** Seconds after which an abandoned reply queue goes away; 0: never. Default 1800. */
  readonly rabbitTransientQueuesTtl?: number;
}

export interface Topology {
  readonly isDurable: boolean;
  readonly isAutoDelete: boolean;
  readonly isMirrored: boolean;
  readonly isQuorum: boolean;
  readonly isTransientQuorum: boolean;
  readonly transientTtlMs: number;
}

export function resolveTopology(options: TopologyOptions): Topology {
  const isQuorum = options.rabbitQuorumQueue ?? options.mode === 'quorum';
  return {
    isDurable: isQuorum || (options.amqpDurableQueues ?? options.mode === 'durable'),
    isAutoDelete: options.amqpAutoDelete ?? false,
    isMirrored: options.rabbitHaQueues ?? false,
    isQuorum,
    isTransientQuorum: options.rabbitTransientQuorumQueue ?? false,
    transientTtlMs: (options.rabbitTransientQueuesTtl ?? 1800) * 1000,
  };
}
