import { randomUUID } from 'node:crypto';

import { BaseRpcContext } from '@nestjs/microservices';

import type { ContextValues, RpcRequest } from '../wire/request.js';

/** Who asked, and how. The second parameter of an RPC handler. */
export class RpcContext extends BaseRpcContext<readonly [RpcRequest]> {
  readonly method: string;
  readonly namespace: string | null;
  /** As asked for, "1.0" if nothing was. */
  readonly version: string;
  readonly userId: string | null;
  readonly projectId: string | null;
  readonly isAdmin: boolean;
  /** `req-…`; made here when the caller gave none. */
  readonly requestId: string;
  /** Tells a repetition of a request: the caller's, or made here when it gave none. */
  readonly uniqueId: string;
  /** The context as received, for calling onward on behalf of the same caller. It may hold secrets: do not log it. */
  readonly values: ContextValues;

  /**
   * @param isRedelivered the broker gave it to a worker before, which was lost before it had answered
   */
  constructor(
    request: RpcRequest & { readonly uniqueId: string },
    readonly isRedelivered: boolean,
  ) {
    super([request]);
    const { context } = request;
    this.method = request.method;
    this.namespace = request.namespace;
    this.version = request.version ?? '1.0';
    this.userId = text(context['user_id']) ?? text(context['user']) ?? null;
    this.projectId = text(context['project_id']) ?? text(context['tenant']) ?? null;
    this.isAdmin = context['is_admin'] === true;
    this.requestId = text(context['request_id']) ?? `req-${randomUUID()}`;
    this.uniqueId = request.uniqueId;
    this.values = { ...context, request_id: this.requestId };
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
