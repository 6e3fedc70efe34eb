import { setTimeout as sleep } from 'node:timers/promises';

import { RpcUndeliverable } from '../errors.js';
import { fanoutExchange } from '../topology/shapes.js';
import { reconnectBackOff } from '../transport/back-off.js';
import type { OsloBroker } from '../transport/oslo-broker.js';
import type { OutgoingMessage } from '../transport/publisher.js';
import { encodeEnvelope } from '../wire/envelope.js';
import { hexId } from '../wire/hex-id.js';
import { renderRequest, type RpcRequest } from '../wire/request.js';
import { serviceContext, withoutSecrets } from './context-values.js';
import type { PendingCall } from './pending-call.js';
import { destination, type RpcTarget, type SendOptions } from './rpc-target.js';

export interface Outgoing {
  readonly kind: 'call' | 'cast' | 'fanout';
  readonly target: RpcTarget;
  readonly request: RpcRequest;
  readonly isMandatory: boolean;
  /** Of a call: the broker drops the request when nobody took it by then. */
  readonly expirationMs?: number;
}

/** After the broker came back, servers may come back later than we do: so long nobody counts as absent. */
const comeBackMs = reconnectBackOff.longestMs + 1_000;
const retryMs = 100;

/** Makes requests of what a program asks for, and brings them to the broker. */
export class RequestSender {
  constructor(private readonly broker: OsloBroker) {}

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
    while (!pending.isOver) {
      const delivery = await this.broker.publisher.publish(message);
      if (delivery !== 'unroutable') return delivery === 'confirmed';
      if (this.broker.publishing.sinceReconnectMs > comeBackMs) {
        const { exchange } = this.broker;
        throw new RpcUndeliverable(outgoing.request.method, exchange.name, destination(outgoing.target));
      }
      await sleep(retryMs);
    }
    return false;
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
