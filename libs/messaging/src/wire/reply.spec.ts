import { describe, expect, it } from 'vitest';

import { builtinFailure, parseFailure, renderFailure } from './failure.js';
import { NotSerialisable, toJson } from './python-json.js';
import { parseReply, renderHeartbeat, renderReply } from './reply.js';

describe('an answer is written', () => {
  it.each([
    { name: 'null', result: 'null', expected: null },
    { name: 'an object', result: '{"a": [1, "é"]}', expected: { a: [1, 'é'] } },
  ])('with the result $name', ({ result, expected }) => {
    expect(JSON.parse(renderReply('m1', { kind: 'result', result }))).toEqual({
      result: expected,
      failure: null,
      ending: true,
      _msg_id: 'm1',
      _unique_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  it('with a failure, which is JSON in a string', () => {
    const failure = {
      class: 'FixedIpNotFoundForAddress',
      module: 'nova.exception',
      message: 'Fixed IP not found for address 10.0.0.9.',
      kwargs: { address: '10.0.0.9', code: 404 },
    };
    const reply = JSON.parse(renderReply('m1', { kind: 'failure', failure }));
    expect(reply).toMatchObject({ result: null, ending: true, _msg_id: 'm1' });
    expect(JSON.parse(reply.failure)).toEqual({
      ...failure,
      tb: [
        'Traceback (most recent call last):\n',
        'FixedIpNotFoundForAddress: Fixed IP not found for address 10.0.0.9.\n',
      ],
      args: ['Fixed IP not found for address 10.0.0.9.'],
    });
  });

  it('as a heartbeat, which is no ending', () => {
    expect(JSON.parse(renderHeartbeat('m1'))).toMatchObject({ result: null, failure: null, ending: false });
  });

  it('with a built-in under the module name that both lines of Python know', () => {
    expect(JSON.parse(renderFailure(builtinFailure('TypeError', 'm() got x')))).toMatchObject({
      module: 'exceptions',
      class: 'TypeError',
      kwargs: {},
    });
  });
});

describe('a value is written as JSON', () => {
  it('with null for undefined at every depth', () => {
    expect(toJson({ a: undefined, b: [undefined] })).toBe('{"a":null,"b":[null]}');
    expect(toJson(undefined)).toBe('null');
  });

  it.each([
    { name: 'a function', value: () => 1 },
    { name: 'a function inside', value: { a: [() => 1] } },
    { name: 'a Map', value: { a: new Map() } },
    { name: 'a Set', value: new Set([1]) },
    { name: 'a big integer', value: 1n },
    { name: 'a symbol', value: Symbol('x') },
  ])('or not at all: $name', ({ value }) => {
    expect(() => toJson(value)).toThrow(NotSerialisable);
  });

  it('or not at all: a cycle', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(() => toJson(cycle)).toThrow(TypeError);
  });
});

describe('an answer is read', () => {
  const nothing = { messageId: undefined, result: null, failure: undefined, isEnding: false };

  it.each([
    { name: 'of nothing', message: {}, expected: {} },
    {
      name: 'without a result',
      message: { _msg_id: 'm', ending: true },
      expected: { messageId: 'm', isEnding: true },
    },
    {
      name: 'of an old server, without its ending',
      message: { result: 1, failure: null },
      expected: { result: 1 },
    },
    { name: 'that is a heartbeat', message: { result: null, failure: null, ending: false }, expected: {} },
  ])('$name', ({ message, expected }) => {
    expect(parseReply(message)).toEqual({ ...nothing, ...expected });
  });
});

describe('a failure is read', () => {
  const bare = { message: '', args: [], kwargs: {}, trace: [] };

  it.each([
    {
      name: 'that is complete',
      text: '{"class": "C", "module": "m", "message": "x", "args": [1], "kwargs": {"a": 2}, "tb": ["t\\n"]}',
      expected: { class: 'C', module: 'm', message: 'x', args: [1], kwargs: { a: 2 }, trace: ['t\n'] },
    },
    {
      name: 'without most keys',
      text: '{"class": "C", "module": "m"}',
      expected: { ...bare, class: 'C', module: 'm' },
    },
    {
      name: 'with null for most keys',
      text: '{"class": "C", "module": "m", "args": null, "kwargs": null, "tb": null, "message": null}',
      expected: { ...bare, class: 'C', module: 'm' },
    },
    {
      name: 'that was raised again before',
      text: '{"class": "C_Remote", "module": "nova.exception_Remote"}',
      expected: { ...bare, class: 'C', module: 'nova.exception' },
    },
    {
      name: 'that is an object instead of text',
      text: { class: 'C', module: 'm' },
      expected: { ...bare, class: 'C', module: 'm' },
    },
    {
      name: 'that is no JSON',
      text: 'boom',
      expected: { class: 'Exception', module: 'exceptions', message: 'boom' },
    },
  ])('$name', ({ text, expected }) => {
    expect(parseFailure(text)).toEqual(expected);
  });
});
