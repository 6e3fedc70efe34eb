import { connect, type Channel, type ConsumeMessage } from 'amqplib';

import { messageProperties } from '../wire/message-properties.js';
import { hexId } from '../wire/hex-id.js';
import type { TestBus } from './test-worker.js';

/** Speaks to the broker message by message, with a reply queue of its own. */
export class RawPeer {
  readonly replyQueue = `reply_${hexId()}`;
  readonly received: ConsumeMessage[] = [];

  private constructor(
    private readonly bus: TestBus,
    readonly channel: Channel,
    readonly close: () => Promise<void>,
  ) {}

  static async open(bus: TestBus): Promise<RawPeer> {
    const connection = await connect(bus.url, { noDelay: true });
    const peer = new RawPeer(bus, await connection.createChannel(), () => connection.close());
    // A refusal is seen by whoever asked for what is refused.
    peer.channel.on('error', () => undefined);
    await peer.listen();
    return peer;
  }

  /** Makes the reply queue, which vanishes with the connection, and collects what comes. */
  async listen(): Promise<void> {
    await this.channel.assertQueue(this.replyQueue, { exclusive: true, durable: false });
    const collect = (message: ConsumeMessage | null) => message && this.received.push(message);
    await this.channel.consume(this.replyQueue, collect, { noAck: true });
  }

  /** A call as Python makes it; the given keys replace those of the inner object, undefined removes them. */
  request(keys: Record<string, unknown> = {}): Record<string, unknown> {
    return {
      method: 'echo',
      args: { a: 1 },
      version: '1.0',
      _msg_id: hexId(),
      _reply_q: this.replyQueue,
      _timeout: null,
      _unique_id: hexId(),
      _context_user_id: 'u1',
      _context_request_id: 'req-1',
      ...keys,
    };
  }

  send(inner: unknown, properties: object = {}): void {
    this.sendBody({ 'oslo.version': '2.0', 'oslo.message': JSON.stringify(inner) }, properties);
  }

  sendBody(body: unknown, properties: object = {}, key = this.bus.topic): void {
    const content = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    this.channel.publish(this.bus.exchange, key, content, { ...messageProperties, ...properties });
  }

  /** The inner objects of what came back. */
  get replies(): Record<string, unknown>[] {
    return this.received.map((message) => this.inner(message));
  }

  inner({ content }: ConsumeMessage): Record<string, unknown> {
    return JSON.parse(JSON.parse(content.toString())['oslo.message']);
  }

  /** From now on, until the first: what is published for the routing key. */
  async listenTo(key: string): Promise<{ readonly first: Promise<ConsumeMessage> }> {
    const { queue } = await this.channel.assertQueue('', { exclusive: true });
    await this.channel.bindQueue(queue, this.bus.exchange, key);
    const { promise, resolve } = Promise.withResolvers<ConsumeMessage>();
    await this.channel.consume(queue, (message) => message && resolve(message), { noAck: true });
    return { first: promise };
  }
}
