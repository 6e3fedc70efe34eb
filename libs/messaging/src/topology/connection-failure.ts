import type { ChannelModel } from 'amqplib';

const failures = new WeakMap<ChannelModel, Error>();

/** To be called for every new connection. */
export function rememberFailure(connection: ChannelModel): void {
  connection.on('error', (error) => failures.set(connection, error));
}

/** Why the connection ended. The broker answers some refusals that way, and tells the reason nowhere else. */
export function failureOf(connection: ChannelModel): Error | undefined {
  return failures.get(connection);
}
