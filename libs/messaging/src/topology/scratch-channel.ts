import type { Channel, ChannelModel } from 'amqplib';

/**
 * A channel for one declaration: a refused one closes its channel, and must not take a channel along that
 * consumes or publishes.
 */
export async function onScratchChannel<T>(
  connection: ChannelModel,
  work: (channel: Channel) => Promise<T>,
): Promise<T> {
  const channel = await connection.createChannel();
  let isOpen = true;
  channel.once('close', () => (isOpen = false));
  // The refusal itself arrives as the rejection of `work`.
  channel.on('error', () => undefined);
  try {
    return await work(channel);
  } finally {
    if (isOpen) await channel.close().catch(() => undefined);
  }
}
