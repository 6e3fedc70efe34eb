import { PythonClient } from './python-client.js';

type Arguments = Readonly<Record<string, unknown>>;

/** How a request is sent: to any server, as an administrator, version 1.0 of the main interface, unless told. */
export interface RpcHow {
  readonly namespace?: string;
  readonly version?: string;
  /** One host, named. */
  readonly server?: string;
  readonly cast?: boolean;
  readonly fanout?: boolean;
  readonly context?: Arguments;
}

/** This project's client, as far as requests are concerned: an OsloClient fits. */
interface RpcCaller {
  call(target: RpcAddress, method: string, args: Arguments, options: RpcOptions): Promise<unknown>;
  cast(target: RpcAddress, method: string, args: Arguments, options: RpcOptions): Promise<unknown>;
  fanout(target: RpcAddress, method: string, args: Arguments, options: RpcOptions): Promise<unknown>;
}

interface RpcAddress {
  readonly topic: string;
  readonly version: string;
  readonly namespace?: string;
  readonly server?: string;
}

interface RpcOptions {
  readonly context: Record<string, unknown>;
}

/** Where the servers are that can be asked, and our client to them. */
export interface RpcPlace {
  readonly exchange: string;
  readonly topic: string;
  readonly client: RpcCaller;
}

/** Somebody who can ask a server. */
export interface RpcAsker {
  /** What the caller gets: an answer, or an {@link RpcRefusal}. */
  ask(place: RpcPlace, method: string, args: Arguments, how?: RpcHow): Promise<unknown>;
  close(): Promise<void>;
}

/** The exception that a caller gets: its class without the module, and its keywords. */
export class RpcRefusal {
  constructor(
    readonly className: string,
    readonly kwargs: Arguments,
  ) {}
}

/** This project's own client. */
export function ownClient(): RpcAsker {
  return {
    async ask({ client, topic }, method, args, how = {}) {
      const { cast, fanout, context = administrator, version = '1.0', namespace, server } = how;
      const to = { topic, version, ...(namespace && { namespace }), ...(server && { server }) };
      const send = fanout ? 'fanout' : cast ? 'cast' : 'call';
      try {
        return (await client[send](to, method, args, { context: { ...context } })) ?? null;
      } catch (error) {
        if (isRemote(error)) return new RpcRefusal(error.className, error.kwargs);
        throw error;
      }
    },
    close: async () => undefined,
  };
}

/** The real oslo.messaging. */
export function pythonClient(amqpUrl: string): RpcAsker {
  const python = PythonClient.start(amqpUrl);
  return {
    async ask({ exchange, topic }, method, args, how = {}) {
      const outcome = await python.call({ context: administrator, ...how, exchange, topic, method, args });
      if (outcome.ok) return outcome.result;
      return new RpcRefusal(outcome.exception.split('.').at(-1) ?? '', outcome.kwargs ?? {});
    },
    close: () => python.close(),
  };
}

const administrator = {
  user_id: 'root',
  project_id: 'ops',
  is_admin: true,
  roles: ['admin'],
  read_deleted: 'no',
};

/** What the own client throws for an exception of the other side. */
function isRemote(error: unknown): error is Error & RpcRefusal {
  return error instanceof Error && 'className' in error && 'kwargs' in error;
}
