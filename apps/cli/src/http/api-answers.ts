import { CliFailure } from '../cli-failure.error.js';

/** Words to add to a refusal, by HTTP status: what the operator can do about it. */
export type WaysOut = Readonly<Record<number, string>>;

const FORBIDDEN_WAY_OUT = "NOVANET_TOKEN has to be an administrator's";

/** The answer's fault `{"<name>": {"code": 409, "message": "…"}}` in a sentence. */
export function describeFault(url: string, status: number, answer: unknown, waysOut: WaysOut): CliFailure {
  const fault = isRecord(answer) ? Object.values(answer)[0] : undefined;
  const message = isRecord(fault) ? fault['message'] : undefined;
  if (typeof message !== 'string') return describeForeignAnswer(url, status, 'no error message in it');
  const isForbidden = status === 403 && message.startsWith('Policy');
  const wayOut = isForbidden ? FORBIDDEN_WAY_OUT : waysOut[status];
  const sentence = wayOut ? `${message.replace(/\.$/, '')}; ${wayOut}.` : message;
  return new CliFailure(status === 503 ? 'unreachable' : 'refused', sentence);
}

/** Something else listens there. */
export function describeForeignAnswer(url: string, status: number, what: string): CliFailure {
  return new CliFailure(
    'unreachable',
    `${url} answered, but not as the network API does (HTTP ${status}, ${what}): check --api-url or NOVANET_API_URL.`,
  );
}

/** Nobody answered. */
export function describeNoAnswer(baseUrl: string, error: unknown): CliFailure {
  return new CliFailure(
    'unreachable',
    `The network API at ${baseUrl} does not answer (${reasonOf(error)}): ` +
      'start it, or name another with --api-url or NOVANET_API_URL.',
  );
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection closed',
  EAI_AGAIN: 'name not resolved',
  ENOTFOUND: 'unknown host name',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ENOENT: 'no such socket',
  EPIPE: 'connection closed',
  ETIMEDOUT: 'no connection in time',
};

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'AbortError') return 'no answer in time';
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && code.startsWith('HPE_')) return 'what listens there does not speak HTTP';
  return typeof code === 'string' ? (reasons[code] ?? code) : error.message;
}

/** What the API says of a thing: nova's names, in nova's order. */
export type Fields = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
