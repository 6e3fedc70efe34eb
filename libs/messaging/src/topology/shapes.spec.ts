import { describe, expect, it } from 'vitest';

import {
  controlExchange,
  fanoutExchange,
  fanoutQueue,
  listenerQueue,
  notificationQueue,
  replyExchange,
  replyQueue,
  requestQueue,
} from './shapes.js';
import { resolveTopology, type TopologyOptions } from './topology-options.js';

const ttl = { 'x-expires': 1_800_000 };
const mirrored = { 'x-ha-policy': 'all' };
const quorum = { 'x-queue-type': 'quorum' };

interface Row {
  readonly name: string;
  readonly options: TopologyOptions;
  readonly control: { durable: boolean; autoDelete: boolean };
  readonly request: { durable: boolean; autoDelete: boolean; arguments: object };
  readonly reply: { durable: boolean; arguments: object };
  readonly isFanoutDurable?: boolean;
}

const transient = { durable: false, autoDelete: false };
const durable = { durable: true, autoDelete: false };
const rows: Row[] = [
  {
    name: 'compat, the default: as every Python service does by default',
    options: {},
    control: transient,
    request: { ...transient, arguments: {} },
    reply: { durable: false, arguments: ttl },
  },
  {
    name: 'amqp_auto_delete',
    options: { amqpAutoDelete: true },
    control: { durable: false, autoDelete: true },
    request: { durable: false, autoDelete: true, arguments: {} },
    reply: { durable: false, arguments: ttl },
  },
  {
    name: 'rabbit_ha_queues',
    options: { rabbitHaQueues: true },
    control: transient,
    request: { ...transient, arguments: mirrored },
    reply: { durable: false, arguments: { ...mirrored, ...ttl } },
  },
  {
    name: 'durable: nothing that RabbitMQ 4.3 refuses',
    options: { mode: 'durable' },
    control: durable,
    request: { ...durable, arguments: {} },
    reply: { durable: true, arguments: ttl },
  },
  {
    name: 'amqp_durable_queues',
    options: { amqpDurableQueues: true },
    control: durable,
    request: { ...durable, arguments: {} },
    reply: { durable: true, arguments: ttl },
  },
  {
    name: 'quorum',
    options: { mode: 'quorum' },
    control: durable,
    request: { ...durable, arguments: quorum },
    reply: { durable: true, arguments: ttl },
  },
  {
    name: 'rabbit_transient_quorum_queue',
    options: { rabbitQuorumQueue: true, rabbitTransientQuorumQueue: true },
    control: durable,
    request: { ...durable, arguments: quorum },
    reply: { durable: true, arguments: { ...ttl, ...quorum } },
    isFanoutDurable: true,
  },
  {
    name: 'a flag of its own against the mode',
    options: { mode: 'durable', amqpDurableQueues: false, rabbitTransientQueuesTtl: 0 },
    control: transient,
    request: { ...transient, arguments: {} },
    reply: { durable: false, arguments: {} },
  },
];

describe('exchanges and queues are declared', () => {
  it.each(rows)('$name', ({ options, control, request, reply, isFanoutDurable = false }) => {
    const topology = resolveTopology(options);
    expect(controlExchange(topology, 'nova')).toEqual({ name: 'nova', type: 'topic', ...control });
    expect(requestQueue(topology, 'nova', 'network.net1.example.org')).toEqual({
      name: 'network.net1.example.org',
      options: { ...request, exclusive: false },
      binding: { exchange: 'nova', key: 'network.net1.example.org' },
    });
    expect(fanoutExchange(topology, 'network')).toEqual({
      name: 'network_fanout',
      type: 'fanout',
      durable: isFanoutDurable,
      autoDelete: true,
    });
    expect(replyQueue(topology, 'a1')).toEqual({
      name: 'reply_a1',
      options: { ...reply, autoDelete: false, exclusive: false },
      binding: { exchange: 'reply_a1', key: 'reply_a1' },
    });
  });

  it.each(rows)('for notifications as for requests, the listener’s own with a limit: $name', (row) => {
    const topology = resolveTopology(row.options);
    expect(notificationQueue(topology, 'nova', 'notifications.info')).toEqual({
      name: 'notifications.info',
      options: { ...row.request, exclusive: false },
      binding: { exchange: 'nova', key: 'notifications.info' },
    });
    const binding = { exchange: 'nova', key: 'notifications.info' };
    expect(listenerQueue(topology, 'novanet_instance_notifications', binding)).toEqual({
      name: 'novanet_instance_notifications',
      options: {
        ...row.request,
        exclusive: false,
        arguments: { ...row.request.arguments, 'x-max-length': 100_000 },
      },
      binding,
    });
  });

  it('so that a fanout queue vanishes with its connection', () => {
    expect(fanoutQueue(resolveTopology({}), 'network', 'a1')).toEqual({
      name: 'network_fanout_a1',
      options: { durable: false, autoDelete: false, exclusive: true, arguments: ttl },
      binding: { exchange: 'network_fanout', key: 'network' },
    });
  });

  it('so that servers of old find the reply exchange', () => {
    expect(replyExchange('a1')).toEqual({
      name: 'reply_a1',
      type: 'direct',
      durable: false,
      autoDelete: true,
    });
  });
});
