import { ClientProxy, type ReadPacket, type WritePacket } from '@nestjs/microservices';

import { RpcClosed } from '../errors.js';
import { outcomeOfError, type RpcObserver, type SentRequest } from '../rpc-observer.js';
import type { OsloBroker } from '../transport/oslo-broker.js';
import { hexId } from '../wire/hex-id.js';
import { ConsumerLookup } from './consumer-lookup.js';
import { PendingCall } from './pending-call.js';
import { ReplyInbox } from './reply-inbox.js';
import { RequestSender, type Outgoing } from './request-sender.js';
import { parsePattern } from './rpc-pattern.js';
import { destination, type CallOptions, type RpcTarget, type SendOptions } from './rpc-target.js';

export interface OsloClientOptions {
  readonly broker: OsloBroker;
  readonly observer?: RpcObserver;
  /** The option rpc_response_timeout; default 60 000. */
  readonly timeoutMs?: number;
}

type Arguments = Readonly<Record<string, unknown>>;

/**
 * Calls the services on the message bus. Every call has one deadline, for connecting, sending and waiting; a call
 * to a host that nobody serves fails in milliseconds, and is not sent; calls on their way survive a lost connection.
 * As Nest's client, `send` and `emit` take an RpcPattern.
 */
export class OsloClient extends ClientProxy<Record<string, () => void>, 'connected' | 'closed'> {
  private readonly inbox: ReplyInbox;
  private readonly consumers: ConsumerLookup;
  private readonly sender: RequestSender;
  private opening: Promise<void> | undefined;
  private closing: Promise<void> | undefined;

  constructor(private readonly options: OsloClientOptions) {
    super();
    this.inbox = new ReplyInbox(options.broker);
    this.consumers = new ConsumerLookup(options.broker.publishing);
    this.sender = new RequestSender(options.broker, this.consumers);
  }

  /**
   * Begins to connect, and does not wait for a broker: `isConnected` tells, and calls wait for themselves.
   * Throws RpcClosed after close().
   */
  async connect(): Promise<void> {
    if (this.closing) throw new RpcClosed();
    this.opening ??= this.open();
    await this.opening;
    this.inbox.ready().catch(() => undefined);
  }

  /** Both connections and the reply queue are in place. */
  get isConnected(): boolean {
    return this.options.broker.isConnected;
  }

  /**
   * The method's result, as JSON has it. Throws RemoteError, RpcTimeout, RpcUndeliverable, RpcPublishRefused,
   * TopologyRefused, RpcClosed.
   */
  async call(
    target: RpcTarget,
    method: string,
    args: Arguments = {},
    options: CallOptions = {},
  ): Promise<unknown> {
    const messageId = hexId();
    const { monitorSeconds = null, isMandatory = true, isServedOnly = true, graceMs = 0 } = options;
    const expirationMs = options.timeoutMs ?? this.timeoutMs;
    const replyTo = { queue: this.inbox.queueName, messageId };
    const outgoing: Outgoing = {
      kind: 'call',
      target,
      request: { ...this.sender.request(target, method, args, options), replyTo, monitorSeconds },
      isMandatory,
      isServedOnly,
      graceMs,
      expirationMs,
    };
    return this.track(outgoing, options, async (pending) => {
      this.inbox.expect(messageId, pending);
      await this.connect();
      await this.inbox.ready();
      if (await this.sender.send(outgoing, pending)) pending.stage = 'waiting';
    }).finally(() => this.inbox.forget(messageId));
  }

  /** Returns when the broker has the message. Nobody answers; without a listener it waits in the queue, or is lost. */
  async cast(
    target: RpcTarget,
    method: string,
    args: Arguments = {},
    options: SendOptions = {},
  ): Promise<void> {
    const request = this.sender.request(target, method, args, options);
    const { isMandatory = false } = options;
    await this.sendOnly({ kind: 'cast', target, request, isMandatory }, options);
  }

  /** To every server of the topic that listens at this moment. */
  async fanout(
    target: RpcTarget,
    method: string,
    args: Arguments = {},
    options: SendOptions = {},
  ): Promise<void> {
    const request = this.sender.request(target, method, args, options);
    await this.sendOnly({ kind: 'fanout', target, request, isMandatory: false }, options);
  }

  /** Fails the calls that still wait with RpcClosed. Does nothing the second time. */
  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  unwrap(): never {
    throw new Error('use the broker that the client was made with');
  }

  protected override publish(packet: ReadPacket, callback: (packet: WritePacket) => void): () => void {
    void this.answer(packet, callback);
    return () => undefined;
  }

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- Nest's signature
  protected override dispatchEvent<T>(packet: ReadPacket): Promise<T>;
  protected override async dispatchEvent(packet: ReadPacket): Promise<unknown> {
    const { target, method, options, isFanout } = parsePattern(packet.pattern);
    await (isFanout
      ? this.fanout(target, method, packet.data, options)
      : this.cast(target, method, packet.data, options));
    return undefined;
  }

  private async answer(packet: ReadPacket, callback: (packet: WritePacket) => void): Promise<void> {
    let response: unknown;
    try {
      const { target, method, options } = parsePattern(packet.pattern);
      response = await this.call(target, method, packet.data, options);
    } catch (err) {
      return callback({ err });
    }
    callback({ response, isDisposed: true });
  }

  private get timeoutMs(): number {
    return this.options.timeoutMs ?? 60_000;
  }

  private async open(): Promise<void> {
    await this.options.broker.open();
    this.consumers.open();
    this._status$.next('connected');
  }

  private async sendOnly(outgoing: Outgoing, options: SendOptions): Promise<void> {
    await this.track(outgoing, options, async (pending) => {
      await this.connect();
      if (await this.sender.send(outgoing, pending)) pending.finish(null);
    });
  }

  /** Runs what sends under the message's deadline, and tells the observer how it ended. */
  private async track(
    { kind, target, request: { method, replyTo, uniqueId } }: Outgoing,
    { timeoutMs = this.timeoutMs, monitorSeconds }: CallOptions,
    send: (pending: PendingCall) => Promise<void>,
  ): Promise<unknown> {
    const startedAt = performance.now();
    const pending = new PendingCall({
      method,
      destination: destination(target),
      messageId: replyTo?.messageId ?? String(uniqueId),
      timeoutMs,
      ...(monitorSeconds !== undefined && { monitorMs: monitorSeconds * 1000 }),
      isConnected: () => this.isConnected,
    });
    const observe = (outcome: SentRequest['outcome']) => {
      const seconds = (performance.now() - startedAt) / 1000;
      this.options.observer?.sent?.({ kind, method, topic: target.topic, outcome, seconds });
    };
    send(pending).catch((error: unknown) => pending.fail(error));
    try {
      const answer = await pending.answer;
      observe('ok');
      return answer;
    } catch (error) {
      observe(outcomeOfError(error));
      throw error;
    }
  }

  private async shutDown(): Promise<void> {
    const wasOpened = this.opening;
    await Promise.all([this.inbox.close(new RpcClosed()), this.consumers.close()]);
    this._status$.next('closed');
    if (wasOpened) await this.options.broker.release();
  }
}
