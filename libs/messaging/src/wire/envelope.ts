import { unzipSync } from 'node:zlib';

import { isRecord, type JsonObject } from './is-record.js';
import { parsePythonJson } from './python-json.js';
import { recoverReplyAddress } from './reply-address.js';
import { UndecodableMessage } from './undecodable-message.error.js';
import { isCompatible } from './version.js';

const envelopeVersion = '2.0';
/** More than any message of a network service; keeps a crafted one from filling the memory. */
const largestBody = 64 * 1024 * 1024;

/** The body of a message: JSON in JSON. `inner` is the text of the inner object. */
export function encodeEnvelope(inner: string): Buffer {
  return Buffer.from(JSON.stringify({ 'oslo.version': envelopeVersion, 'oslo.message': inner }));
}

/**
 * The inner object of a body: with or without the envelope, compressed or not. Throws UndecodableMessage.
 * @param headers the AMQP headers: kombu names its compression there
 */
export function decodeBody(body: Buffer, headers: JsonObject | undefined): JsonObject {
  const outer = parseObject(decompress(body, headers).toString('utf8'));
  const version = outer['oslo.version'];
  const inner = outer['oslo.message'];
  if (version === undefined || inner === undefined) return outer;
  if (typeof version !== 'string' || !isCompatible(envelopeVersion, version)) {
    throw undecodable(`envelope version ${JSON.stringify(version)} is not ${envelopeVersion}`, inner);
  }
  if (typeof inner !== 'string') throw undecodable('the message in the envelope is not a string', inner);
  return parseObject(inner);
}

/** kombu says "gzip" and means zlib's format; both are understood. */
function decompress(body: Buffer, headers: JsonObject | undefined): Buffer {
  const compression = headers?.['compression'];
  if (compression === undefined || compression === null) return body;
  if (compression !== 'application/x-gzip') {
    throw undecodable(`compression ${JSON.stringify(compression)} is not known; use gzip`, undefined);
  }
  try {
    return unzipSync(body, { maxOutputLength: largestBody });
  } catch (cause) {
    throw undecodable(`the compressed body is broken: ${String(cause)}`, undefined);
  }
}

function parseObject(text: string): JsonObject {
  let value: unknown;
  try {
    value = parsePythonJson(text);
  } catch (cause) {
    throw undecodable(`the body is not JSON: ${String(cause)}`, text);
  }
  if (!isRecord(value)) throw undecodable('the body is not a JSON object', undefined);
  return value;
}

function undecodable(reason: string, remains: unknown): UndecodableMessage {
  return new UndecodableMessage(reason, recoverReplyAddress(remains));
}
