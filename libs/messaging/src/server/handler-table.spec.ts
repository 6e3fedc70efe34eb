import { describe, expect, it } from 'vitest';

import { DispatchRefused, findHandler, tabulate } from './handler-table.js';

function handler(rpcMethod: string, rpcNamespace: string | null = null) {
  return { name: rpcMethod, extras: { rpcMethod, rpcNamespace } };
}

const versions = new Map([
  [null, '1.17'],
  ['baseapi', '1.1'],
]);
const table = tabulate([handler('echo'), handler('_associate'), handler('ping', 'baseapi')], versions);

describe('a request finds its handler', () => {
  it.each([
    {
      name: 'without a version, which means 1.0',
      request: { method: 'echo', namespace: null },
      found: 'echo',
    },
    {
      name: 'of an older version',
      request: { method: 'echo', namespace: null, version: '1.9' },
      found: 'echo',
    },
    {
      name: 'of the version itself',
      request: { method: 'echo', namespace: null, version: '1.17' },
      found: 'echo',
    },
    {
      name: 'in its namespace',
      request: { method: 'ping', namespace: 'baseapi', version: '1.1' },
      found: 'ping',
    },
    {
      name: 'under a declared name with an underscore',
      request: { method: '_associate', namespace: null },
      found: '_associate',
    },
  ])('$name', ({ request, found }) => {
    expect(findHandler(table, request)).toMatchObject({ name: found });
  });
});

describe('a request that finds none is refused in the words that callers look for', () => {
  const unsupported = (version: string, method = 'echo') =>
    `Endpoint does not support RPC version ${version}. Attempted method: ${method}`;
  const missing = (method: string) => `Endpoint does not support RPC method ${method}`;

  it.each([
    { request: { method: 'nosuch', namespace: null }, className: 'NoSuchMethod', message: missing('nosuch') },
    {
      request: { method: 'constructor', namespace: null },
      className: 'NoSuchMethod',
      message: missing('constructor'),
    },
    {
      request: { method: '_secret', namespace: null },
      className: 'NoSuchMethod',
      message: missing('_secret'),
    },
    { request: { method: 'ping', namespace: null }, className: 'NoSuchMethod', message: missing('ping') },
    {
      request: { method: 'echo', namespace: null, version: '1.18' },
      className: 'UnsupportedVersion',
      message: unsupported('1.18'),
    },
    {
      request: { method: 'nosuch', namespace: null, version: '2.0' },
      className: 'UnsupportedVersion',
      message: unsupported('2.0', 'nosuch'),
    },
    {
      request: { method: 'echo', namespace: null, version: null },
      className: 'UnsupportedVersion',
      message: unsupported('None'),
    },
    {
      request: { method: 'echo', namespace: '' },
      className: 'UnsupportedVersion',
      message: unsupported('1.0'),
    },
    {
      request: { method: 'echo', namespace: 'other' },
      className: 'UnsupportedVersion',
      message: unsupported('1.0'),
    },
    {
      request: { method: 'ping', namespace: 'baseapi', version: '1.2' },
      className: 'UnsupportedVersion',
      message: unsupported('1.2', 'ping'),
    },
  ])('$request', ({ request, className, message }) => {
    expect(() => findHandler(table, request)).toThrow(DispatchRefused);
    expect(() => findHandler(table, request)).toThrow(expect.objectContaining({ className, message }));
  });
});

describe('a table of handlers', () => {
  it('leaves out the handlers of other transports', () => {
    const foreign = { name: 'foreign', extras: {} };
    expect(() => findHandler(tabulate([foreign], versions), { method: 'foreign', namespace: null })).toThrow(
      'method foreign',
    );
  });

  it('needs the version of each namespace', () => {
    expect(() => tabulate([handler('put', 'novanet')], versions)).toThrow('namespaceVersions');
  });
});
