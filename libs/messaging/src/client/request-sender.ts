import { setTimeout as sleep } from 'node:timers/promises';

import { RpcUndeliverable } from '../errors.js';
import { fanoutExchange } from '../topology/shapes.js';
import { reconnectBackOff } from '../transport/back-off.js';
import type { OsloBroker } from '../transport/oslo-broker.js';
import type { OutgoingMessage } from '../transport/publisher.js';
import { encodeEnvelope } from '../wire/envelope.js';
import { hexId } from '../wire/hex-id.js';
import { renderRequest, type RpcRequest } from '../wire/request.js';
import type { ConsumerLookup } from './consumer-lookup.js';
import { serviceContext, withoutSecrets } from './context-values.js';
import type { PendingCall } from './pending-call.js';
import { destination, type RpcTarget, type SendOptions } from './rpc-target.js';

export interface Outgoing {
  readonly kind: 'call' | 'cast' | 'fanout';
  readonly target: RpcTarget;
  readonly request: RpcRequest;
  readonly isMandatory: boolean;
  /** Not to be sent while nobody consumes from the queue. */
  readonly isServedOnly?: boolean;
  readonly graceMs?: number;
  /** Of a call: the broker drops the request when nobody took it by then. */
  readonly expirationMs?: number;
}

/** After the broker came back, servers may come back later than we do: so long nobody counts as absent. */
const comeBackMs = reconnectBackOff.longestMs + 1_000;
const retryMs = 50;

/** Makes requests of what a program asks for, and brings them to the broker. */
export class RequestSender {
  constructor(
    private readonly broker: OsloBroker,
    private readonly consumers: ConsumerLookup,
  ) {}

  /** A request without a caller that waits. */
  request(target: RpcTarget, method: string, args: RpcRequest['args'], options: SendOptions): RpcRequest {
    return {
      method,
      args,
      namespace: target.namespace ?? null,
      ...(target.version !== undefined && { version: target.version }),
      monitorSeconds: null,
      uniqueId: options.uniqueId ?? hexId(),
      context: options.context ? withoutSecrets(options.context) : serviceContext(),
    };
  }

  /** Answers true when the broker has it, and false when it is too late. Throws RpcUndeliverable, RpcPublishRefused. */
  async send(outgoing: Outgoing, pending: PendingCall): Promise<boolean> {
    pending.stage = 'publishing';
    const message = this.message(outgoing, pending.deadline);
    const graceEnds = performance.now() + (outgoing.graceMs ?? 0);
    while (!pending.isOver) {
      const outcome = await this.attempt(outgoing, message, pending);
      if (outcome === 'confirmed' || outcome === 'expired') return outcome === 'confirmed';
      const isLast = performance.now() + retryMs >= pending.deadline;
      if (isLast || (performance.now() >= graceEnds && this.isEveryoneBack)) {
        const { exchange } = this.broker;
        throw new RpcUndeliverable(
          outgoing.request.method,
          exchange.name,
          destination(outgoing.target),
          outcome,
        );
      }
      await sleep(retryMs);
    }
    return false;
  }

  private get isEveryoneBack(): boolean {
    return this.broker.publishing.sinceReconnectMs > comeBackMs;
  }

  private async attempt(
    { target, isServedOnly = false }: Outgoing,
    message: OutgoingMessage,
    pending: PendingCall,
  ): Promise<'confirmed' | 'expired' | RpcUndeliverable['reason']> {
    if (isServedOnly) {
      const consumers = await this.consumers.find(destination(target), pending.deadline);
      if (pending.isOver) return 'expired';
      if (consumers === 'none') return 'no consumer';
    }
    const delivery = await this.broker.publisher.publish(message);
    return delivery === 'unroutable' ? 'no queue' : delivery;
  }

  private message(
    { kind, target, request, isMandatory, expirationMs }: Outgoing,
    deadline: number,
  ): OutgoingMessage {
    const { topology, exchange } = this.broker;
    const isFanout = kind === 'fanout';
    return {
      exchange: isFanout ? fanoutExchange(topology, target.topic) : exchange,
      routingKey: isFanout ? '' : destination(target),
      body: encodeEnvelope(renderRequest(request)),
      isMandatory,
      deadline,
      ...(expirationMs !== undefined && { expirationMs }),
    };
  }
}
