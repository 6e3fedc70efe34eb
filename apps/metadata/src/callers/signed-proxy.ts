import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { tryParseIp } from '@novanet/net-address';
import type { Caller, Refusal } from './caller.js';

/** Checked in this order, as nova does. */
const NEEDED = ['X-Instance-ID', 'X-Instance-ID-Signature', 'X-Tenant-ID'] as const;

/** What a proxy signs an instance's uuid with: hexadecimal. */
export function signatureOf(uuid: string, secret: string): string {
  return createHmac('sha256', secret).update(uuid).digest('hex');
}

/** Who asks by the word of a proxy that knows our secret (`service_metadata_proxy`). */
export function callerByProxy({ headersDistinct }: IncomingMessage, secret: string): Caller | Refusal {
  const valuesOf = (name: string) => headersDistinct[name.toLowerCase()] ?? [];
  for (const name of NEEDED) {
    if (valuesOf(name).length === 0) return badRequest(`${name} header is missing from request.`);
  }
  for (const name of ['X-Instance-ID', 'X-Tenant-ID']) {
    if (valuesOf(name).length > 1) return badRequest(`Multiple ${name} headers found within request.`);
  }
  const [uuid = ''] = valuesOf('X-Instance-ID');
  const [signature = ''] = valuesOf('X-Instance-ID-Signature');
  const [projectId = ''] = valuesOf('X-Tenant-ID');
  if (!isEqual(signature, signatureOf(uuid, secret))) {
    return { status: 403, explanation: 'Invalid proxy request signature.' };
  }
  const [address = ''] = valuesOf('X-Forwarded-For').flatMap((value) => value.split(','));
  return { by: 'uuid', uuid, projectId, address: tryParseIp(address.trim()) };
}

function badRequest(explanation: string): Refusal {
  return { status: 400, explanation };
}

/** Takes the same time wherever they differ. */
function isEqual(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
