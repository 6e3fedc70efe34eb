import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface Asked {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

interface Reply {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body: string;
}

/** A service of the operator, until the test is over: it notes what it is asked, and answers so; undefined: not at all. */
export async function httpService(
  answer: (asked: Asked) => Reply | undefined,
  tls?: { readonly cert: Buffer; readonly key: Buffer },
): Promise<{ readonly asked: readonly Asked[]; readonly url: string }> {
  const asked: Asked[] = [];
  const hear = async (request: IncomingMessage, response: ServerResponse) => {
    const { method, url: path, headers } = request;
    const heard = { method, path, headers, body: JSON.parse(await text(request)) };
    asked.push(heard);
    const reply = answer(heard);
    if (reply) response.writeHead(reply.status, reply.headers).end(reply.body);
  };
  const listener = (request: IncomingMessage, response: ServerResponse) => void hear(request, response);
  const server = tls ? createSecureServer(tls, listener) : createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return { asked, url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}` };
}
