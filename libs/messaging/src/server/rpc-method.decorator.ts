import { applyDecorators, Catch, UseFilters, type RpcExceptionFilter } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';

import type { RpcMethodMark } from './handler-table.js';
import { OSLO_TRANSPORT } from './oslo-transport.js';

export interface RpcMethodOptions {
  /** Absent: the main interface. */
  readonly namespace?: string;
}

/** Nest would turn every error into "Internal server error"; callers need to know which one it was. */
@Catch()
class PassErrorOn implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/**
 * Declares a method of a controller as callable over RPC: `(args, context: RpcContext) => result`, or a promise
 * of it. `args` is whatever the caller sent as keyword arguments. Errors go through the server's describeError.
 */
export function RpcMethod(method: string, options: RpcMethodOptions = {}): MethodDecorator {
  const { namespace } = options;
  const mark: RpcMethodMark = { rpcMethod: method, rpcNamespace: namespace ?? null };
  const pattern = namespace === undefined ? method : `${namespace}/${method}`;
  return (target, key, descriptor) => {
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
    return applyDecorators(MessagePattern(pattern, OSLO_TRANSPORT, mark), UseFilters(new PassErrorOn()))(
      target,
      key,
      descriptor,
    );
  };
}
