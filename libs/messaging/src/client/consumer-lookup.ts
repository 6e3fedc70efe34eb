import { setTimeout as sleep } from 'node:timers/promises';

import type { Channel, ChannelModel } from 'amqplib';

import { RpcClosed } from '../errors.js';
import { replyCode } from '../topology/topology-refused.error.js';
import type { BrokerLink, LinkMember } from '../transport/broker-link.js';
import { deferred } from '../transport/deferred.js';
import { closeLimitMs, within } from '../transport/within.js';

/** unknown: there is no queue of that name, or it is another connection's alone. */
export type Consumers = 'some' | 'none' | 'unknown';

const retryMs = 50;

/**
 * Asks the broker whether anybody consumes from a queue: a passive declaration, one round trip of 0.1 to 0.2 ms on
 * one machine. The answer is not kept: a worker that was killed a moment ago is seen at once. Who asks for a queue
 * that is being asked for already gets the same answer.
 */
export class ConsumerLookup implements LinkMember {
  private connection: ChannelModel | undefined;
  private connected = deferred<void>();
  private channel: Channel | undefined;
  private readonly asking = new Map<string, Promise<Consumers | 'lost'>>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly link: BrokerLink) {}

  /** Begins; waits for no broker. */
  open(): void {
    this.link.join(this).catch(() => undefined);
  }

  async setUp(connection: ChannelModel): Promise<void> {
    connection.once('close', () => this.lose(connection));
    this.connection = connection;
    this.channel = undefined;
    this.connected.resolve();
  }

  /**
   * Waits for a lost connection to come back; answers unknown when it is too late. Once the broker was asked, this
   * does not end at the deadline: let the caller watch the clock. Throws RpcClosed.
   * @param deadline by performance.now()
   */
  async find(queue: string, deadline: number): Promise<Consumers> {
    while (performance.now() < deadline) {
      const { connection } = this;
      if (!connection) {
        await within(this.connected.promise, deadline - performance.now());
        continue;
      }
      const found = await this.askOnce(connection, queue);
      if (found !== 'lost') return found;
      await sleep(retryMs);
    }
    return 'unknown';
  }

  async close(): Promise<void> {
    this.link.leave(this);
    this.connected.reject(new RpcClosed());
    const { channel } = this;
    if (channel) await within(channel.close(), closeLimitMs).catch(() => undefined);
  }

  private askOnce(connection: ChannelModel, queue: string): Promise<Consumers | 'lost'> {
    const asked = this.asking.get(queue);
    if (asked) return asked;
    // One after the other, as a channel works anyway: a queue that is missing takes the channel, and no neighbour.
    const asking = this.turn.then(() => this.ask(connection, queue)).finally(() => this.asking.delete(queue));
    this.turn = asking;
    this.asking.set(queue, asking);
    return asking;
  }

  private async ask(connection: ChannelModel, queue: string): Promise<Consumers | 'lost'> {
    try {
      this.channel ??= await this.openChannel(connection);
      const { consumerCount } = await this.channel.checkQueue(queue);
      return consumerCount > 0 ? 'some' : 'none';
    } catch (error) {
      this.channel = undefined;
      return isAboutTheQueue(replyCode(error)) ? 'unknown' : 'lost';
    }
  }

  private async openChannel(connection: ChannelModel): Promise<Channel> {
    const channel = await connection.createChannel();
    // The refusal itself arrives as the rejection of the question.
    channel.on('error', () => undefined);
    channel.once('close', () => {
      if (this.channel === channel) this.channel = undefined;
    });
    return channel;
  }

  private lose(connection: ChannelModel): void {
    if (this.connection !== connection) return;
    this.connection = undefined;
    this.connected = deferred();
  }
}

/** AMQP's numbers of what ends a channel, and not the connection. */
function isAboutTheQueue(code: number | undefined): boolean {
  return code !== undefined && code >= 400 && code < 500;
}
