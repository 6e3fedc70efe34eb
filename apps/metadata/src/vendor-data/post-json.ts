import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Json } from '../tree/python-json.js';

export interface PostLimits {
  readonly timeoutMs: number;
  /** Certificates in PEM that servers are checked with; undefined: those of the system. */
  readonly ca: string | undefined;
}

/** More is no vendor data, and would fill our memory. */
const MOST_BYTES = 1 << 20;

/** The target is there, and what it says is no vendor data. */
export class BadAnswer extends Error {}

/** Posts JSON and reads JSON; an empty answer is an empty object. Throws BadAnswer, or Error when there is none in time. */
export async function postJson(url: string, body: Json, { timeoutMs, ca }: PostLimits): Promise<Json> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  const payload = Buffer.from(JSON.stringify(body));
  const request = send(url, {
    method: 'POST',
    signal: AbortSignal.timeout(timeoutMs),
    ...(ca !== undefined && { ca }),
    headers: {
      'Content-Type': 'application/json',
      'Content-Length': payload.length,
      Accept: 'application/json',
      'User-Agent': 'openstack-nova-vendordata',
    },
  });
  request.end(payload);
  const [response]: IncomingMessage[] = await once(request, 'response');
  if (!response?.statusCode || response.statusCode >= 400) {
    response?.destroy();
    throw new BadAnswer(`it answered ${response?.statusCode}`);
  }
  const answer = await readText(response);
  return answer.trim() === '' ? {} : parse(answer);
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
