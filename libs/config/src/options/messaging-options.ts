import { formerly, option } from '../option.js';
import { boolean, integer, seconds, topic } from '../option-types.js';
import { transportUrl } from '../url-types.js';

/** The message broker. */
export const messagingOptions = {
  transportUrl: option(
    'transport_url',
    transportUrl,
    'rabbit://guest:guest@127.0.0.1:5672/',
    'The message broker; several are separated by commas, each with its own user and password.',
  ),
  controlExchange: option('control_exchange', topic, 'nova', 'Exchange through which all calls go.'),
  networkTopic: option('network_topic', topic, 'network', 'Topic that workers listen on.'),
  rpcResponseTimeout: option(
    'rpc_response_timeout',
    seconds,
    '60',
    'Seconds to wait for the answer to a call.',
  ),
  executorThreadPoolSize: option(
    'executor_thread_pool_size',
    integer({ min: 1 }),
    '64',
    'Calls a worker carries out at the same time.',
    formerly('rpc_thread_pool_size'),
  ),
  amqpDurableQueues: option(
    '[oslo_messaging_rabbit] amqp_durable_queues',
    boolean,
    'false',
    'Queues survive a restart of the broker.',
    formerly('amqp_durable_queues', 'rabbit_durable_queues'),
  ),
  amqpAutoDelete: option(
    '[oslo_messaging_rabbit] amqp_auto_delete',
    boolean,
    'false',
    'Queues vanish with their last consumer.',
    formerly('amqp_auto_delete'),
  ),
  rabbitHaQueues: option(
    '[oslo_messaging_rabbit] rabbit_ha_queues',
    boolean,
    'false',
    'Queues ask to be mirrored (`x-ha-policy: all`).',
    formerly('rabbit_ha_queues'),
  ),
  rabbitQuorumQueue: option(
    '[oslo_messaging_rabbit] rabbit_quorum_queue',
    boolean,
    'false',
    'Queues are quorum queues.',
  ),
  rabbitTransientQueuesTtl: option(
    '[oslo_messaging_rabbit] rabbit_transient_queues_ttl',
    integer({ min: 0 }),
    '1800',
    'Seconds after which an unused reply or fanout queue is removed; 0: never.',
  ),
};
