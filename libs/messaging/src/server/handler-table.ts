import { isCompatible } from '../wire/version.js';
import { isRecord } from '../wire/is-record.js';

/** The declared methods of a server, by namespace; null is the main interface. */
export type HandlerTable<Handler> = ReadonlyMap<string | null, Namespace<Handler>>;

interface Namespace<Handler> {
  /** The newest version of the interface that the methods implement. */
  readonly version: string;
  readonly methods: ReadonlyMap<string, Handler>;
}

/** A request that no declared method takes; texts and module are those that Python callers look at. */
export class DispatchRefused extends Error {
  constructor(
    readonly className: 'NoSuchMethod' | 'UnsupportedVersion',
    message: string,
  ) {
    super(message);
    this.name = className;
  }

  static readonly module = 'oslo_messaging.rpc.dispatcher';
}

/** Only what was declared can be called, whatever its name begins with. Throws DispatchRefused. */
export function findHandler<Handler>(
  table: HandlerTable<Handler>,
  request: { readonly method: string; readonly namespace: string | null; readonly version?: string | null },
): Handler {
  const { method, version = '1.0' } = request;
  const namespace = table.get(request.namespace);
  if (!namespace || version === null || !isCompatible(namespace.version, version)) {
    const text = `Endpoint does not support RPC version ${version ?? 'None'}. Attempted method: ${method}`;
    throw new DispatchRefused('UnsupportedVersion', text);
  }
  const handler = namespace.methods.get(method);
  if (!handler) throw new DispatchRefused('NoSuchMethod', `Endpoint does not support RPC method ${method}`);
  return handler;
}

/** What @RpcMethod leaves with a handler. */
export interface RpcMethodMark {
  readonly rpcMethod: string;
  readonly rpcNamespace: string | null;
}

/**
 * Sorts Nest's handlers by namespace. Those that @RpcMethod did not declare are another transport's.
 * Throws when a namespace is used that has no version.
 */
export function tabulate<Handler extends { readonly extras?: unknown }>(
  handlers: Iterable<Handler>,
  versions: ReadonlyMap<string | null, string>,
): HandlerTable<Handler> {
  const methods = new Map([...versions.keys()].map((namespace) => [namespace, new Map<string, Handler>()]));
  for (const handler of handlers) {
    if (!isMark(handler.extras)) continue;
    const { rpcMethod, rpcNamespace } = handler.extras;
    const namespace = methods.get(rpcNamespace);
    if (!namespace) {
      throw new Error(
        `method ${rpcMethod}: give the version of namespace ${rpcNamespace} in namespaceVersions`,
      );
    }
    namespace.set(rpcMethod, handler);
  }
  return new Map(
    [...versions].map(([name, version]) => [name, { version, methods: methods.get(name) ?? new Map() }]),
  );
}

function isMark(extras: unknown): extras is RpcMethodMark {
  return isRecord(extras) && typeof extras['rpcMethod'] === 'string';
}
