import type { Options } from 'amqplib';

import type { Topology } from './topology-options.js';

export interface ExchangeShape {
  readonly name: string;
  readonly type: 'topic' | 'fanout' | 'direct';
  readonly durable: boolean;
  readonly autoDelete: boolean;
}

export interface QueueShape {
  readonly name: string;
  readonly options: Options.AssertQueue;
  readonly binding: { readonly exchange: string; readonly key: string };
}

/** Notifications that wait for a service which does not take them; then the oldest go. */
const longestBacklog = 100_000;

/** Where all requests go; its name is the option control_exchange. */
export function controlExchange(topology: Topology, name: string): ExchangeShape {
  return { name, type: 'topic', durable: topology.isDurable, autoDelete: topology.isAutoDelete };
}

/** Not scoped by the control exchange: that is how every Python service names it. */
export function fanoutExchange(topology: Topology, topic: string): ExchangeShape {
  return { name: `${topic}_fanout`, type: 'fanout', durable: topology.isTransientQuorum, autoDelete: true };
}

/** `network`, or `network.<host>`: its name is its routing key. */
export function requestQueue(topology: Topology, exchange: string, name: string): QueueShape {
  return {
    name,
    options: {
      durable: topology.isDurable,
      autoDelete: topology.isAutoDelete,
      exclusive: false,
      arguments: { ...mirrored(topology), ...(topology.isQuorum && { 'x-queue-type': 'quorum' }) },
    },
    binding: { exchange, key: name },
  };
}

/** `notifications.info`: made by whoever publishes there, so that nothing is lost before somebody listens. */
export function notificationQueue(topology: Topology, exchange: string, routingKey: string): QueueShape {
  return requestQueue(topology, exchange, routingKey);
}

/**
 * One service's copy of the notifications of a routing key: what Python's listeners call a pool. Nobody else declares
 * it, so it may have a limit: a service that is away for good does not fill the broker.
 */
export function listenerQueue(
  topology: Topology,
  name: string,
  binding: { readonly exchange: string; readonly key: string },
): QueueShape {
  const { options } = requestQueue(topology, binding.exchange, name);
  const limited = { ...options.arguments, 'x-max-length': longestBacklog };
  return { name, options: { ...options, arguments: limited }, binding };
}

/**
 * One server's copy of every fanout. Exclusive, unlike Python's: that of a server which was killed vanishes with
 * its connection, instead of collecting messages for half an hour.
 */
export function fanoutQueue(topology: Topology, topic: string, id: string): QueueShape {
  return {
    name: `${topic}_fanout_${id}`,
    options: { durable: false, autoDelete: false, exclusive: true, arguments: expiring(topology) },
    binding: { exchange: `${topic}_fanout`, key: topic },
  };
}

/**
 * Where a process waits for answers; it outlives a lost connection, so that answers can wait there. Python never
 * declares another's reply queue, so durable is allowed where Python's would be transient.
 */
export function replyQueue(topology: Topology, id: string): QueueShape {
  const name = `reply_${id}`;
  return {
    name,
    options: {
      durable: topology.isDurable || topology.isTransientQuorum,
      autoDelete: false,
      exclusive: false,
      arguments: {
        ...mirrored(topology),
        ...expiring(topology),
        ...(topology.isTransientQuorum && { 'x-queue-type': 'quorum' }),
      },
    },
    binding: { exchange: name, key: name },
  };
}

/** Servers before oslo.messaging 9.2 publish their answers here, later ones through the default exchange. */
export function replyExchange(id: string): ExchangeShape {
  return { name: `reply_${id}`, type: 'direct', durable: false, autoDelete: true };
}

function mirrored(topology: Topology): Record<string, string> {
  return topology.isMirrored ? { 'x-ha-policy': 'all' } : {};
}

function expiring(topology: Topology): Record<string, number> {
  return topology.transientTtlMs > 0 ? { 'x-expires': topology.transientTtlMs } : {};
}
