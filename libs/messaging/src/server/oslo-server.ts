import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { parseHostName, type HostName } from '@novanet/net-address';
import { lastValueFrom } from 'rxjs';

import type { RpcObserver } from '../rpc-observer.js';
import type { OsloBroker } from '../transport/oslo-broker.js';
import type { Delivery } from '../transport/queue-consumer.js';
import { closeLimitMs, within } from '../transport/within.js';
import type { RpcFailure } from '../wire/failure.js';
import type { RpcRequest } from '../wire/request.js';
import { tabulate } from './handler-table.js';
import { OSLO_TRANSPORT } from './oslo-transport.js';
import { Replier } from './replier.js';
import { RequestConsumer } from './request-consumer.js';
import { RequestWorker } from './request-worker.js';
import type { RpcContext } from './rpc-context.js';

export interface OsloServerOptions {
  readonly broker: OsloBroker;
  /** The option network_topic; default `network`. */
  readonly topic?: string;
  /** The option host: who this worker is. It stands in the name of its queue. */
  readonly host: string;
  /** The newest version of the main interface that the handlers implement; default 1.17. */
  readonly version?: string;
  /** The same for every namespace that handlers use; default: baseapi 1.1, novanet 1.0. */
  readonly namespaceVersions?: Readonly<Record<string, string>>;
  /** What a caller is told of a handler's error. */
  describeError(error: unknown): RpcFailure;
  /** Errors that are no fault of ours; they are logged without their stack. Default: none. */
  isExpected?(error: unknown): boolean;
  /** Requests of one queue that are in work at once; the rest waits in the queue, for any worker. Default 64. */
  readonly concurrency?: number;
  /**
   * How long close() waits for the requests in work; default 4000. A broker that does not answer is not waited for.
   * What is not done then, another worker does.
   */
  readonly drainMs?: number;
  readonly observer?: RpcObserver;
  /** Runs each handler, for what has to surround it: a logging context, a trace. */
  around?(context: RpcContext, run: () => Promise<unknown>): Promise<unknown>;
}

/** Nest's servers name what one can listen to; what happens here is told by `status`. */
type NoEvents = Record<string, () => void>;

const defaultNamespaces = { baseapi: '1.1', novanet: '1.0' };

/**
 * Serves the methods that @RpcMethod declared to callers on the message bus: the strategy of a Nest microservice.
 * Requests are delivered at least once, and a repetition within memory is recognised; see RequestWorker.
 */
export class OsloServer extends Server<NoEvents, 'listening' | 'closed'> implements CustomTransportStrategy {
  override readonly transportId = OSLO_TRANSPORT;
  private readonly topic: HostName;
  private readonly host: HostName;
  private readonly replier: Replier;
  private readonly inWork = new Set<Promise<void>>();
  private consumer: RequestConsumer | undefined;
  private closing: Promise<void> | undefined;

  /** Throws InvalidAddressText: a host called `#` would get everybody's requests. */
  constructor(private readonly options: OsloServerOptions) {
    super();
    this.topic = parseHostName(options.topic ?? 'network');
    this.host = parseHostName(options.host);
    this.replier = new Replier(options.broker.publisher, options.broker.log);
  }

  /** Calls back when requests are taken; waits for the broker until then. An error is one that waiting does not cure. */
  listen(callback: (error?: unknown) => void): void {
    void this.startAndTell(callback);
  }

  /** Connected and consuming. */
  get isConnected(): boolean {
    return this.consumer !== undefined && this.options.broker.isConnected;
  }

  /** How many requests are in work at this moment. */
  get inFlight(): number {
    return this.inWork.size;
  }

  /** Takes no more requests, finishes those in work within a limit, and leaves. Does nothing the second time. */
  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  on(): never {
    throw new Error('subscribe to `status` instead');
  }

  unwrap(): never {
    throw new Error('use the broker that the server was made with');
  }

  private async startAndTell(callback: (error?: unknown) => void): Promise<void> {
    try {
      await this.start();
    } catch (error) {
      return callback(error);
    }
    callback();
  }

  private async start(): Promise<void> {
    const { broker, concurrency = 64 } = this.options;
    const worker = this.createWorker();
    const take = (delivery: Delivery) => this.take(worker, delivery);
    const consumer = new RequestConsumer({ broker, topic: this.topic, host: this.host, concurrency, take });
    await broker.open();
    this.consumer = consumer;
    try {
      await consumer.start();
    } catch (error) {
      await this.close();
      throw error;
    }
    this._status$.next('listening');
  }

  private createWorker(): RequestWorker<MessageHandler> {
    const { broker, observer = {}, version = '1.17', namespaceVersions = defaultNamespaces } = this.options;
    const versions = new Map<string | null, string>([[null, version], ...Object.entries(namespaceVersions)]);
    return new RequestWorker({
      handlers: tabulate(this.messageHandlers.values(), versions),
      replier: this.replier,
      log: broker.log,
      observer,
      invoke: (handler, args, context) => this.invoke(handler, args, context),
      describeError: (error) => this.options.describeError(error),
      isExpected: (error) => this.options.isExpected?.(error) ?? false,
    });
  }

  private async invoke(
    handler: MessageHandler,
    args: RpcRequest['args'],
    context: RpcContext,
  ): Promise<unknown> {
    const run = async () =>
      lastValueFrom(this.transformToObservable(handler(args, context)), { defaultValue: null });
    return this.options.around ? this.options.around(context, run) : run();
  }

  private take(worker: RequestWorker<MessageHandler>, delivery: Delivery): void {
    const work = worker
      .work(delivery)
      .catch((error: unknown) => {
        // Not acknowledged: it goes to another worker.
        this.options.broker.log.warn({ error: String(error) }, 'request given back');
      })
      .finally(() => this.inWork.delete(work));
    this.inWork.add(work);
  }

  private async finishWork(consumer: RequestConsumer): Promise<void> {
    if (await consumer.stop()) await Promise.all(this.inWork);
  }

  private async shutDown(): Promise<void> {
    const { broker, drainMs = 4_000 } = this.options;
    const { consumer } = this;
    if (!consumer) return;
    await within(this.finishWork(consumer), drainMs);
    if (this.inWork.size > 0)
      broker.log.warn({ requests: this.inWork.size }, 'requests given back at shutdown');
    this.replier.close();
    await within(consumer.close(), closeLimitMs);
    this._status$.next('closed');
    await broker.release();
  }
}
