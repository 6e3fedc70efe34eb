import { assert, dictionary, jsonValue, option, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decodeBody, encodeEnvelope } from './envelope.js';
import { parseRequest, renderRequest } from './request.js';
import { UndecodableMessage } from './undecodable-message.error.js';

const ID = 'a'.repeat(32);

describe('a request is read', () => {
  it.each([
    { name: 'without arguments', message: {}, expected: { args: {} } },
    { name: 'with null for arguments', message: { args: null }, expected: { args: {} } },
    { name: 'with a namespace', message: { namespace: 'baseapi' }, expected: { namespace: 'baseapi' } },
    { name: 'with a null namespace', message: { namespace: null }, expected: { namespace: null } },
    {
      name: 'with an empty namespace, which is another one',
      message: { namespace: '' },
      expected: { namespace: '' },
    },
    { name: 'with a null version', message: { version: null }, expected: { version: null } },
    { name: 'with a version that is no text', message: { version: 1 }, expected: { version: null } },
    { name: 'with a wish for heartbeats', message: { _timeout: 30 }, expected: { monitorSeconds: 30 } },
    { name: 'with that wish as text', message: { _timeout: '5' }, expected: { monitorSeconds: 5 } },
    { name: 'with another text there', message: { _timeout: 'abc' }, expected: { monitorSeconds: null } },
    { name: 'with an id but no reply queue', message: { _msg_id: 'm' }, expected: { method: 'echo' } },
    { name: 'with a unique id', message: { _unique_id: ID }, expected: { uniqueId: ID } },
    {
      name: 'with a unique id of another form, which gets the usual one',
      message: { _unique_id: 'x'.repeat(999) },
      expected: { uniqueId: expect.stringMatching(/^[0-9a-f]{32}$/) },
    },
    { name: 'with a key that is not known', message: { log_failure: true }, expected: { method: 'echo' } },
    {
      name: 'with a context',
      message: { _context_user_id: 'u', _context_roles: ['admin'] },
      expected: { context: { user_id: 'u', roles: ['admin'] } },
    },
  ])('$name', ({ message, expected }) => {
    const request = parseRequest({ method: 'echo', ...message });
    expect(request).toEqual({ ...bare, ...expected });
  });

  const bare = { method: 'echo', args: {}, namespace: null, monitorSeconds: null, context: {} };

  it('keeps a context key of any name as data', () => {
    const { context } = parseRequest(JSON.parse('{"method": "m", "_context___proto__": {"is_admin": true}}'));
    expect(context['is_admin']).toBeUndefined();
  });

  it.each([
    { name: 'without a method', message: {} },
    { name: 'with a method that is no text', message: { method: 1 } },
    { name: 'with arguments by position', message: { method: 'echo', args: [1] } },
  ])('$name it is undecodable: a TypeError for the caller', ({ message }) => {
    const sent = { ...message, _msg_id: 'm1', _reply_q: 'reply_1' };
    const error = expect.objectContaining({
      pythonClass: 'TypeError',
      replyTo: { queue: 'reply_1', messageId: 'm1' },
    });
    expect(() => parseRequest(sent)).toThrow(UndecodableMessage);
    expect(() => parseRequest(sent)).toThrow(error);
  });
});

describe('a request is written', () => {
  it('as a call, with the keys that Python sends', () => {
    const text = renderRequest({
      method: 'echo',
      args: { a: 1, b: undefined },
      namespace: 'baseapi',
      version: '1.1',
      replyTo: { queue: 'reply_1', messageId: 'm1' },
      monitorSeconds: 5,
      uniqueId: ID,
      context: { user_id: 'u' },
    });
    expect(JSON.parse(text)).toEqual({
      method: 'echo',
      args: { a: 1, b: null },
      namespace: 'baseapi',
      version: '1.1',
      _msg_id: 'm1',
      _reply_q: 'reply_1',
      _timeout: 5,
      _unique_id: ID,
      _context_user_id: 'u',
    });
  });

  it('as a cast, without what a call needs', () => {
    const cast = {
      method: 'm',
      args: {},
      namespace: null,
      monitorSeconds: null,
      uniqueId: ID,
      context: {},
    };
    expect(JSON.parse(renderRequest(cast))).toEqual({ method: 'm', args: {}, _unique_id: ID });
  });

  it('so that it is read as what it was', () => {
    const texts = dictionary(string(), jsonValue());
    assert(
      property(texts, texts, option(string()), (args, context, namespace) => {
        const request = { method: 'm', args, namespace, monitorSeconds: null, uniqueId: ID, context };
        const text = renderRequest(request);
        expect(parseRequest(decodeBody(encodeEnvelope(text), {}))).toEqual(
          JSON.parse(JSON.stringify(request)),
        );
      }),
    );
  });
});
