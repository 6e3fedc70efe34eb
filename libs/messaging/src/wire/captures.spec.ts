import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { decodeBody, encodeEnvelope } from './envelope.js';
import { parseFailure, renderFailure } from './failure.js';
import { messageProperties } from './message-properties.js';
import { parseReply, renderReply, type RpcOutcome, type RpcReply } from './reply.js';
import { parseRequest, renderRequest } from './request.js';

interface CapturedMessage {
  readonly kind: 'request' | 'reply';
  readonly exchange: string;
  readonly properties: Record<string, unknown>;
  readonly body: { 'oslo.version': string; 'oslo.message': string };
  readonly 'oslo.message decoded': Record<string, unknown>;
}

// Real exchanges of Python services, recorded on the bus of a running nova-network.
const folder = join(import.meta.dirname, '../../fixtures/captures');
const captures = readdirSync(folder)
  .filter((file) => /^\d/.test(file))
  .flatMap((file) => {
    const { messages }: { messages: CapturedMessage[] } = JSON.parse(
      readFileSync(join(folder, file), 'utf8'),
    );
    return messages.map((message, index) => ({ name: `${file} ${message.kind} ${index}`, message }));
  });
const requests = captures.filter(({ message }) => message.kind === 'request');
const replies = captures.filter(({ message }) => message.kind === 'reply');

function decode(message: CapturedMessage): Readonly<Record<string, unknown>> {
  return decodeBody(Buffer.from(JSON.stringify(message.body)), {});
}

/** What we would send, as a peer reads it. */
function reencode(inner: string): unknown {
  const envelope = JSON.parse(encodeEnvelope(inner).toString());
  expect(Object.keys(envelope)).toEqual(['oslo.version', 'oslo.message']);
  expect(envelope['oslo.version']).toBe('2.0');
  return JSON.parse(envelope['oslo.message']);
}

describe('messages captured from Python', () => {
  it('are all here', () => {
    expect(requests).toHaveLength(59);
    expect(replies).toHaveLength(56);
  });

  it.each(captures)('$name is decoded', ({ message }) => {
    expect(decode(message)).toEqual(message['oslo.message decoded']);
  });

  it.each(captures)('$name has the properties that we send', ({ message }) => {
    const { expiration, ...properties } = message.properties;
    expect({
      content_type: messageProperties.contentType,
      content_encoding: messageProperties.contentEncoding,
      delivery_mode: messageProperties.deliveryMode,
      priority: messageProperties.priority,
      headers: messageProperties.headers,
    }).toEqual(properties);
    const isCall = message.kind === 'request' && '_msg_id' in message['oslo.message decoded'];
    expect(expiration === undefined).toBe(!isCall);
  });

  it.each(requests)('$name becomes a request, and the same message again', ({ message }) => {
    const request = parseRequest(decode(message));
    expect(request.context['request_id']).toMatch(/^req-/);
    expect(reencode(renderRequest(request))).toEqual(message['oslo.message decoded']);
  });

  it.each(replies)('$name becomes a reply, and the same message again', ({ message }) => {
    const captured = message['oslo.message decoded'];
    const reply = parseReply(decode(message));
    expect(reply.isEnding).toBe(true);
    const again = reencode(renderReply(reply.messageId ?? '', outcome(reply)));
    expect(again).toMatchObject({ _unique_id: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(readable(again)).toEqual(readable(captured));
  });
});

function outcome({ failure, result }: RpcReply): RpcOutcome {
  return failure ? { kind: 'failure', failure } : { kind: 'result', result: JSON.stringify(result) };
}

/** Without the id that is new each time, and with the failure as an object. */
function readable(reply: unknown): unknown {
  const { _unique_id: _, failure, ...rest }: Record<string, unknown> = JSON.parse(JSON.stringify(reply));
  return { ...rest, failure: typeof failure === 'string' ? JSON.parse(failure) : failure };
}

describe('failures captured from Python', () => {
  const failures = replies.filter(({ message }) => message['oslo.message decoded']['failure'] !== null);

  it.each(failures)('$name is read and written alike', ({ message }) => {
    const text = message['oslo.message decoded']['failure'];
    expect(JSON.parse(renderFailure(parseFailure(text)))).toEqual(JSON.parse(String(text)));
  });
});
