import { request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** Where the API is asked, and in whose name. */
export interface ApiDoor {
  /** As in messages: http://127.0.0.1:8774, without a slash at its end. */
  readonly url: string;
  readonly token: string;
  /** The socket on this machine that the API listens on, in the place of the address. */
  readonly socketPath?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

// The API itself waits up to a minute for a worker.
const answerTimeoutMs = 90_000;

/** Rejects with the error of the connection. */
export async function sendRequest(
  door: ApiDoor,
  method: string,
  path: string,
  body: unknown,
): Promise<HttpAnswer> {
  const content = body === undefined ? undefined : JSON.stringify(body);
  const { url, token, socketPath } = door;
  const { request } = url.startsWith('https:') ? await import('node:https') : { request: httpRequest };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const sent = request(url + path, {
    method,
    headers: {
      accept: 'application/json',
      'x-auth-token': token,
      ...(content !== undefined && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(content),
      }),
    },
    agent: false,
    signal: AbortSignal.timeout(answerTimeoutMs),
    ...(socketPath !== undefined && { socketPath }),
  });
  sent.once('response', resolve).once('error', reject).end(content);
  const response = await promise;
  return { status: response.statusCode ?? 0, text: await text(response) };
}
