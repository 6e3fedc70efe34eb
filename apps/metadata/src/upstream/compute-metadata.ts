import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { IpAddress } from '@novanet/net-address';
import { signatureOf } from '../callers/signed-proxy.js';
import { type Answer, refusal } from '../http/answer.js';
import { readBody } from '../http/read-body.js';
import type { FoundInstance } from '../tree/instance-facts.js';

/** A compute service's own metadata service, which trusts us by a secret that both know. */
export interface ComputeService {
  /** Its address, without path. */
  readonly url: string;
  readonly secret: string;
}

/** It asks its own database. */
const LIMIT_MS = 10_000;

const MOST_BYTES = 1 << 20;

/** What of an answer is passed on. */
const HEADERS = ['retry-after', 'allow', 'x-aws-ec2-metadata-token-ttl-seconds'];

/** Asks a compute service that has metadata of its own, in the name of the instance (nova's `service_metadata_proxy`). */
export class ComputeMetadata {
  constructor(private readonly service: ComputeService) {}

  async answer(
    request: IncomingMessage,
    names: readonly string[],
    { instance }: FoundInstance,
    address: IpAddress | undefined,
  ): Promise<Answer> {
    const body = await readBody(request, MOST_BYTES);
    if (!body) return refusal(request, 400, { explanation: 'Request is too large.' });
    const { url, secret } = this.service;
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const asked = send(addressOf(url, names), {
      method: request.method ?? 'GET',
      signal: AbortSignal.timeout(LIMIT_MS),
      headers: {
        ...(request.headers.accept !== undefined && { Accept: request.headers.accept }),
        'Content-Length': body.length,
        'X-Forwarded-For': String(address ?? ''),
        'X-Instance-ID': instance.uuid,
        'X-Tenant-ID': instance.projectId ?? '',
        'X-Instance-ID-Signature': signatureOf(instance.uuid, secret),
      },
    });
    asked.end(body);
    try {
      const [response]: IncomingMessage[] = await once(asked, 'response');
      return await passedOn(response, request.method === 'HEAD');
    } catch {
      return refusal(request, 503);
    }
  }
}

/**
 * Made of the names that were judged, and never of what the instance wrote: that could lead to another server, or to another
 * path than the one it may read.
 */
function addressOf(service: string, names: readonly string[]): URL {
  const address = new URL(service);
  address.pathname = names.map((name) => `/${encodeURIComponent(name)}`).join('');
  return address;
}

async function passedOn(response: IncomingMessage | undefined, isHead: boolean): Promise<Answer> {
  const body = response && (await readBody(response, MOST_BYTES));
  const status = response?.statusCode ?? 0;
  if (!body || status < 200 || status > 599) throw new Error('no answer');
  const more = HEADERS.flatMap((name) => {
    const value = response.headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return {
    status,
    contentType: response.headers['content-type'] ?? 'text/plain; charset=UTF-8',
    body,
    headers: Object.fromEntries(more),
    ...(isHead && { length: Number(response.headers['content-length'] ?? 0) }),
  };
}
