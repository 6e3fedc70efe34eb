import type { OsloClient, RpcTarget } from '@novanet/messaging';

import { LabError } from '../plan/lab-error.js';

/** Calls to the network service, over AMQP. */
export class MessageBus {
  private constructor(private readonly client: OsloClient) {}

  /** Runs the body with a connection, and closes it. */
  static async with<T>(amqpUrl: string, body: (bus: MessageBus) => Promise<T>): Promise<T> {
    // Loaded only here: Nest takes a third of a second, and most commands do not need it.
    const { OsloBroker, OsloClient: Client } = await import('@novanet/messaging');
    const transportUrl = amqpUrl.replace(/^amqp:/, 'rabbit:');
    const client = new Client({ broker: new OsloBroker({ transportUrl, serviceName: 'lab', log: silence }) });
    try {
      return await body(new MessageBus(client));
    } finally {
      await client.close();
    }
  }

  /** Throws LabError. */
  async call(
    target: Omit<RpcTarget, 'topic'>,
    method: string,
    args: Readonly<Record<string, unknown>>,
  ): Promise<unknown> {
    try {
      return await this.client.call({ topic: 'network', ...target }, method, args);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new LabError(`${method} failed: ${reason}`, { cause: error });
    }
  }
}

const silence = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  // What goes wrong is in the error of the call.
}
