import { once } from 'node:events';
import {
  request as httpRequest,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Json } from '../tree/python-json.js';

export interface PostLimits {
  readonly timeoutMs: number;
  /** Certificates in PEM that servers are checked with; undefined: those of the system. */
  readonly ca: string | undefined;
  /** Whoever answers is believed. */
  readonly isInsecure?: boolean;
}

/** What a server says. */
export interface Reply {
  readonly headers: IncomingHttpHeaders;
  readonly content: Json;
}

/** More is no vendor data, and would fill our memory. */
const MOST_BYTES = 1 << 20;

/** The server is there, and what it says is no use. */
export class BadAnswer extends Error {}

/** It does not believe that we may ask. */
export class Unauthorized extends BadAnswer {}

/** Posts JSON and reads JSON; an empty answer is an empty object. Throws BadAnswer, or Error when there is none in time. */
export async function postJson(
  url: string,
  body: Json,
  limits: PostLimits,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const signal = AbortSignal.timeout(limits.timeoutMs);
  try {
    return await replyTo(requestOf(url, limits, signal, headers), JSON.stringify(body));
  } catch (error) {
    throw signal.aborted ? new Error(`no answer within ${limits.timeoutMs} ms`) : error;
  }
}

function requestOf(
  url: string,
  { ca, isInsecure = false }: PostLimits,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>>,
): ClientRequest {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  return send(url, {
    method: 'POST',
    signal,
    ...(ca !== undefined && { ca }),
    rejectUnauthorized: !isInsecure,
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json',
      'User-Agent': 'openstack-nova-vendordata',
      ...headers,
    },
  });
}

async function replyTo(request: ClientRequest, payload: string): Promise<Reply> {
  request.setHeader('Content-Length', Buffer.byteLength(payload));
  request.end(payload);
  const [response]: IncomingMessage[] = await once(request, 'response');
  if (!response?.statusCode || response.statusCode >= 400) {
    response?.destroy();
    const Refusal = response?.statusCode === 401 ? Unauthorized : BadAnswer;
    throw new Refusal(`it answered ${response?.statusCode}`);
  }
  const answer = await readText(response);
  return { headers: response.headers, content: answer.trim() === '' ? {} : parse(answer) };
}

function parse(answer: string): Json {
  try {
    const parsed: Json = JSON.parse(answer);
    return parsed;
  } catch {
    throw new BadAnswer('it answered what is no JSON');
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MOST_BYTES) throw new BadAnswer(`its answer has more than ${MOST_BYTES} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
