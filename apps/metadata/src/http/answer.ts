import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorPage, type ErrorStatus } from './error-page.js';

/** What a request is answered with. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of what HEAD does not bring, where only its length is known. */
  readonly length?: number;
}

const HEADERS: Readonly<Partial<Record<ErrorStatus, Readonly<Record<string, string>>>>> = {
  405: { Allow: 'GET, HEAD' },
  429: { 'Retry-After': '1' },
  // Never 404 for what is only temporary: instances would boot without configuration.
  503: { 'Retry-After': '1' },
};

/** An error's page, in the form that the client accepts. */
export function refusal(
  { headers }: Pick<IncomingMessage, 'headers'>,
  status: ErrorStatus,
  { explanation, allow }: { readonly explanation?: string; readonly allow?: string } = {},
): Answer {
  const page = errorPage(status, headers.accept ?? '', explanation);
  const more = allow === undefined ? HEADERS[status] : { Allow: allow };
  return { status, ...page, ...(more && { headers: more }) };
}

export function plainText(text: string, headers?: Answer['headers']): Answer {
  const body = Buffer.from(text);
  return { status: 200, contentType: 'text/plain; charset=UTF-8', body, ...(headers && { headers }) };
}

export function send(response: ServerResponse, answer: Answer): void {
  const { status, contentType, body, headers = {}, length = body.length } = answer;
  response.writeHead(status, { ...headers, 'Content-Type': contentType, 'Content-Length': length });
  response.end(body);
}
