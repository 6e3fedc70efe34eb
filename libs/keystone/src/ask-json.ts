import { once } from 'node:events';
import {
  request as httpRequest,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { request as httpsRequest } from 'node:https';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

export interface AskLimits {
  readonly timeoutMs: number;
  /** Certificates in PEM that servers are checked with; undefined: those of the system. */
  readonly ca: string | undefined;
  /** Whoever answers is believed. */
  readonly isInsecure?: boolean;
}

/** What is asked: with a body by POST, else by GET. */
interface Question {
  readonly url: string;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a server says. */
export interface Reply {
  readonly headers: IncomingHttpHeaders;
  readonly content: Json;
}

/** More is nothing that anybody waits for, and would fill our memory. */
const MOST_BYTES = 1 << 20;

/** The server is there, and what it says is no use. */
export class BadAnswer extends Error {
  /** @param status of the answer; undefined: that was good */
  constructor(
    message: string,
    readonly status?: number,
  ) {
    super(message);
  }
}

/** It does not believe that we may ask. */
export class Unauthorized extends BadAnswer {}

/** Asks for JSON; an empty answer is an empty object. Throws BadAnswer, or Error when there is none in time. */
export async function askJson(question: Question, limits: AskLimits): Promise<Reply> {
  const signal = AbortSignal.timeout(limits.timeoutMs);
  const payload = question.body === undefined ? undefined : JSON.stringify(question.body);
  try {
    return await replyTo(requestOf(question, limits, signal), payload);
  } catch (error) {
    throw signal.aborted ? new Error(`no answer within ${limits.timeoutMs} ms`) : error;
  }
}

function requestOf({ url, body, headers }: Question, limits: AskLimits, signal: AbortSignal): ClientRequest {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  const { ca, isInsecure = false } = limits;
  return send(url, {
    method: body === undefined ? 'GET' : 'POST',
    signal,
    ...(ca !== undefined && { ca }),
    rejectUnauthorized: !isInsecure,
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      Accept: 'application/json',
      ...headers,
    },
  });
}

async function replyTo(request: ClientRequest, payload: string | undefined): Promise<Reply> {
  if (payload !== undefined) request.setHeader('Content-Length', Buffer.byteLength(payload));
  request.end(payload);
  const [response]: IncomingMessage[] = await once(request, 'response');
  if (!response?.statusCode || response.statusCode >= 400) {
    response?.destroy();
    const Refusal = response?.statusCode === 401 ? Unauthorized : BadAnswer;
    throw new Refusal(`it answered ${response?.statusCode}`, response?.statusCode);
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
