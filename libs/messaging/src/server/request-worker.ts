import { forLog, type RpcLog } from '../rpc-log.js';
import type { RpcObserver, ServedRequest } from '../rpc-observer.js';
import type { Delivery } from '../transport/queue-consumer.js';
import { decodeBody } from '../wire/envelope.js';
import { builtinFailure, renderFailure, type RpcFailure } from '../wire/failure.js';
import { hexId } from '../wire/hex-id.js';
import { toJson } from '../wire/python-json.js';
import type { RpcOutcome } from '../wire/reply.js';
import { parseRequest, type RpcRequest } from '../wire/request.js';
import { UndecodableMessage } from '../wire/undecodable-message.error.js';
import { Duplicates } from './duplicates.js';
import { DispatchRefused, findHandler, type HandlerTable } from './handler-table.js';
import { startHeartbeats } from './heartbeats.js';
import type { Replier } from './replier.js';
import { RpcContext } from './rpc-context.js';

export interface RequestWorkerOptions<Handler> {
  readonly handlers: HandlerTable<Handler>;
  readonly replier: Replier;
  readonly log: RpcLog;
  readonly observer: RpcObserver;
  invoke(handler: Handler, args: RpcRequest['args'], context: RpcContext): Promise<unknown>;
  describeError(error: unknown): RpcFailure;
  /** Not worth an error line in the log: a refusal that belongs to the method. */
  isExpected(error: unknown): boolean;
}

/** Answered by every server, for whoever wants to know whether it lives. */
const pingMethod = 'oslo_rpc_server_ping';
const pong: RpcOutcome = { kind: 'result', result: '"pong"' };

/**
 * Does what one message asks for: runs the method, answers, and only then acknowledges. So a request whose worker
 * is lost is done by another; a request that was done already is answered from memory.
 */
export class RequestWorker<Handler> {
  /** A failure is forgotten: who asks again wants another attempt. */
  private readonly duplicates = new Duplicates<RpcOutcome>((outcome) =>
    outcome.kind === 'result' ? outcome.result.length : undefined,
  );

  constructor(private readonly options: RequestWorkerOptions<Handler>) {}

  /** Does not throw, but for RpcClosed: then the message is not acknowledged. */
  async work(delivery: Delivery): Promise<void> {
    const startedAt = performance.now();
    const request = await this.decode(delivery);
    if (!request) return;
    const stopHeartbeats = startHeartbeats(request, this.options.replier, this.options.log);
    let served: { outcome: RpcOutcome; observed: ServedRequest['outcome'] };
    try {
      served = await this.serve(request, delivery.message.fields.redelivered);
    } finally {
      stopHeartbeats();
    }
    if (request.replyTo) await this.options.replier.reply(request.replyTo, served.outcome);
    delivery.ack();
    this.options.observer.served?.({
      method: served.observed === 'refused' ? '(not declared)' : request.method,
      namespace: request.namespace,
      outcome: served.observed,
      seconds: (performance.now() - startedAt) / 1000,
    });
  }

  /** Answers undefined after having dealt with a message that is no request. */
  private async decode(delivery: Delivery): Promise<RpcRequest | undefined> {
    const { content, properties, fields } = delivery.message;
    try {
      return parseRequest(decodeBody(content, properties.headers));
    } catch (error) {
      if (!(error instanceof UndecodableMessage)) throw error;
      this.options.log.error(
        { queue: fields.routingKey, reason: forLog(error.message) },
        'undecodable message dropped',
      );
      const failure = builtinFailure(error.pythonClass, error.message);
      if (error.replyTo) await this.options.replier.reply(error.replyTo, { kind: 'failure', failure });
      delivery.reject();
      return undefined;
    }
  }

  private async serve(
    request: RpcRequest,
    isRedelivered: boolean,
  ): Promise<{ outcome: RpcOutcome; observed: ServedRequest['outcome'] }> {
    if (request.method === pingMethod) return { outcome: pong, observed: 'ok' };
    const { uniqueId = hexId() } = request;
    const known = this.duplicates.find(uniqueId);
    if (known) {
      const facts = {
        method: forLog(request.method),
        unique_id: forLog(uniqueId),
        redelivered: isRedelivered,
      };
      this.options.log.info(facts, 'repeated request answered from memory');
      return { outcome: await known, observed: 'repeated' };
    }
    const handler = this.findHandler(request);
    if ('refusal' in handler) return { outcome: handler.refusal, observed: 'refused' };
    const context = new RpcContext({ ...request, uniqueId }, isRedelivered);
    const outcome = await this.duplicates.remember(uniqueId, () => this.run(handler.found, request, context));
    return { outcome, observed: outcome.kind === 'result' ? 'ok' : 'failed' };
  }

  private findHandler(request: RpcRequest): { found: Handler } | { refusal: RpcOutcome } {
    try {
      return { found: findHandler(this.options.handlers, request) };
    } catch (error) {
      if (!(error instanceof DispatchRefused)) throw error;
      const facts = { method: forLog(request.method), reason: forLog(error.message) };
      this.options.log.warn(facts, 'request refused');
      const { className, message } = error;
      return {
        refusal: { kind: 'failure', failure: { class: className, module: DispatchRefused.module, message } },
      };
    }
  }

  private async run(handler: Handler, request: RpcRequest, context: RpcContext): Promise<RpcOutcome> {
    let result: unknown;
    try {
      result = await this.options.invoke(handler, request.args, context);
    } catch (error) {
      return { kind: 'failure', failure: this.describe(error, context) };
    }
    try {
      return { kind: 'result', result: toJson(result) };
    } catch (error) {
      const { method, requestId } = context;
      this.options.log.error(
        { method, request_id: requestId, error: String(error) },
        'result cannot be sent',
      );
      const text = `the result of ${method} cannot be sent: ${String(error)}`;
      return { kind: 'failure', failure: builtinFailure('ValueError', text) };
    }
  }

  private describe(error: unknown, { method, requestId }: RpcContext): RpcFailure {
    const { log } = this.options;
    const facts = { method, request_id: requestId };
    if (this.options.isExpected(error)) log.info({ ...facts, error: String(error) }, 'request failed');
    else log.error({ ...facts, err: error }, 'request failed');
    try {
      const failure = this.options.describeError(error);
      renderFailure(failure);
      return failure;
    } catch (cause) {
      log.error({ ...facts, err: cause }, 'error cannot be described to the caller');
      return { class: 'Exception', module: 'exceptions', message: String(error) };
    }
  }
}
