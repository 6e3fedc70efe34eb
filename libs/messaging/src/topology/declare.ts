import type { Channel, ChannelModel } from 'amqplib';

import type { RpcLog } from '../rpc-log.js';
import { failureOf } from './connection-failure.js';
import { onScratchChannel } from './scratch-channel.js';
import type { ExchangeShape, QueueShape } from './shapes.js';
import { replyCode, TopologyRefused } from './topology-refused.error.js';

const preconditionFailed = 406;

/**
 * Makes the exchange, or uses the one that exists: where its flags differ from ours, another service made it,
 * and taking part is better than not starting. Throws TopologyRefused.
 */
export async function ensureExchange(
  connection: ChannelModel,
  exchange: ExchangeShape,
  log: RpcLog,
): Promise<void> {
  const { name, type, durable, autoDelete } = exchange;
  await declareOrAdopt(connection, `exchange ${name}`, log, {
    declare: (channel) => channel.assertExchange(name, type, { durable, autoDelete }),
    adopt: (channel) => channel.checkExchange(name),
  });
}

/**
 * Makes or adopts the queue and binds it; its exchange must exist. Answers how many consume from it already.
 * Throws TopologyRefused.
 */
export async function ensureQueue(connection: ChannelModel, queue: QueueShape, log: RpcLog): Promise<number> {
  const { name, options, binding } = queue;
  const { consumerCount } = await declareOrAdopt(connection, `queue ${name}`, log, {
    declare: (channel) => channel.assertQueue(name, options),
    adopt: (channel) => channel.checkQueue(name),
  });
  await attempt(connection, `a binding of queue ${name} to exchange ${binding.exchange}`, (channel) =>
    channel.bindQueue(name, binding.exchange, binding.key),
  );
  return consumerCount;
}

interface Declaration<T> {
  declare(channel: Channel): Promise<T>;
  adopt(channel: Channel): Promise<T>;
}

async function declareOrAdopt<T>(
  connection: ChannelModel,
  object: string,
  log: RpcLog,
  declaration: Declaration<T>,
): Promise<T> {
  try {
    return await attempt(connection, object, (channel) => declaration.declare(channel));
  } catch (error) {
    if (replyCode(error) !== preconditionFailed) throw error;
    const adopted = await attempt(connection, object, (channel) => declaration.adopt(channel));
    const difference = error instanceof Error ? error.message : String(error);
    log.warn({ object, difference }, 'declared otherwise by another service, used as it is');
    return adopted;
  }
}

async function attempt<T>(
  connection: ChannelModel,
  object: string,
  work: (channel: Channel) => Promise<T>,
): Promise<T> {
  try {
    return await onScratchChannel(connection, work);
  } catch (error) {
    throw TopologyRefused.explain(object, failureOf(connection) ?? error);
  }
}
