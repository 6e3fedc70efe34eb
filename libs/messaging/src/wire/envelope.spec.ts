import { deflateSync, gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { decodeBody, encodeEnvelope } from './envelope.js';
import { UndecodableMessage } from './undecodable-message.error.js';

const inner = '{"method": "echo", "_msg_id": "m1", "_reply_q": "reply_1"}';
const message = { method: 'echo', _msg_id: 'm1', _reply_q: 'reply_1' };

describe('a body that is understood', () => {
  it.each([
    { name: 'an envelope', body: encodeEnvelope(inner) },
    { name: 'a bare message', body: Buffer.from(inner) },
    { name: 'an envelope of version 2.0.0', body: envelope('2.0.0', inner) },
  ])('$name', ({ body }) => {
    expect(decodeBody(body, undefined)).toEqual(message);
  });

  it.each([
    { name: 'what kombu calls gzip and is zlib', body: deflateSync(encodeEnvelope(inner)) },
    { name: 'real gzip', body: gzipSync(encodeEnvelope(inner)) },
  ])('$name', ({ body }) => {
    expect(decodeBody(body, { compression: 'application/x-gzip' })).toEqual(message);
  });

  it('keeps text beyond ASCII in both directions', () => {
    const text = 'é☃😀\u{10FFFF} "quoted" \\ \u0000';
    expect(decodeBody(encodeEnvelope(JSON.stringify({ text })), {})).toEqual({ text });
    expect(decodeBody(Buffer.from('{"text": "\\u00e9\\u2603\\ud83d\\ude00"}'), {})).toEqual({ text: 'é☃😀' });
  });

  it('reads NaN and Infinity as null, and leaves the words in texts alone', () => {
    const python = '{"a": NaN, "b": [Infinity, -Infinity], "c": "NaN, \\"Infinity\\"", "NaN": -1}';
    const expected = { a: null, b: [null, null], c: 'NaN, "Infinity"', NaN: -1 };
    expect(decodeBody(encodeEnvelope(python), {})).toEqual(expected);
    expect(decodeBody(Buffer.from(python), {})).toEqual(expected);
  });
});

describe('a body that is not understood tells why, and who waits for an answer', () => {
  const caller = { queue: 'reply_1', messageId: 'm1' };

  it.each([
    { name: 'envelope 1.0', body: envelope('1.0', inner), replyTo: caller },
    { name: 'envelope 2.1', body: envelope('2.1', inner), replyTo: caller },
    { name: 'envelope 3.0', body: envelope('3.0', inner), replyTo: caller },
    { name: 'an envelope whose version is a number', body: envelope(2, inner), replyTo: caller },
    { name: 'an inner message that is an object', body: envelope('2.0', message), replyTo: caller },
    { name: 'an inner message that is cut off', body: envelope('2.0', inner.slice(0, -1)), replyTo: caller },
    {
      name: 'an outer message that is cut off',
      body: encodeEnvelope(inner).subarray(0, -2),
      replyTo: caller,
    },
    { name: 'no JSON', body: Buffer.from('hello'), replyTo: undefined },
    { name: 'an empty body', body: Buffer.alloc(0), replyTo: undefined },
    { name: 'a JSON array', body: Buffer.from('[1]'), replyTo: undefined },
  ])('$name', ({ body, replyTo }) => {
    expect(() => decodeBody(body, undefined)).toThrow(UndecodableMessage);
    expect(() => decodeBody(body, undefined)).toThrow(expect.objectContaining({ replyTo }));
  });

  it.each([
    { name: 'in the envelope', body: (text: string) => encodeEnvelope(text) },
    { name: 'without one', body: (text: string) => Buffer.from(text) },
  ])('a megabyte of escaped quotes that is cut off is refused quickly: $name', ({ body }) => {
    const text = `{"text": "${'\\"'.repeat(512 * 1024)}`;
    const startedAt = performance.now();
    expect(() => decodeBody(body(text), undefined)).toThrow(UndecodableMessage);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });

  it.each([
    { name: 'an unknown compression', compression: 'application/x-bz2', body: Buffer.from('x') },
    { name: 'a broken one', compression: 'application/x-gzip', body: Buffer.from('x') },
  ])('$name', ({ compression, body }) => {
    expect(() => decodeBody(body, { compression })).toThrow(UndecodableMessage);
  });
});

function envelope(version: unknown, text: unknown): Buffer {
  return Buffer.from(JSON.stringify({ 'oslo.version': version, 'oslo.message': text }));
}
