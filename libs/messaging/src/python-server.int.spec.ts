import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { OsloClient } from './client/oslo-client.js';
import { RemoteError, RpcTimeout } from './errors.js';
import { startPythonServer, type PythonServer } from './testing/python-peer.js';
import { testBroker, testBus } from './testing/test-worker.js';

const bus = testBus(inject('amqpUrl'));
const { topic } = bus;
const client = new OsloClient({ broker: testBroker(bus) });
let server: PythonServer;
beforeAll(async () => {
  server = await startPythonServer(bus, ['--legacy-access']);
});
afterAll(async () => {
  await client.close();
  await server.stop();
});

describe('our client at the real Python server', () => {
  const args = { a: 1, b: 'é☃😀', c: [1, { k: null }] };

  it.each([
    { name: 'any host', target: { topic }, method: 'echo', args, result: args },
    { name: 'one host', target: { topic, server: 'net1' }, method: 'echo', args, result: args },
    { name: 'None', target: { topic }, method: 'none', args: {}, result: null },
    { name: 'a private method', target: { topic }, method: '_private', args: { x: 1 }, result: 1 },
    {
      name: 'another namespace',
      target: { topic, namespace: 'baseapi', version: '1.1' },
      method: 'ping',
      args: { arg: 'hi' },
      result: { service: topic, arg: 'hi' },
    },
  ])('gets the result of $name', async (row) => {
    expect(await client.call(row.target, row.method, row.args)).toEqual(row.result);
  });

  it.each([
    {
      method: 'fail_nova',
      args: { address: '10.0.0.9' },
      error: {
        className: 'FixedIpNotFoundForAddress',
        moduleName: 'nova.exception',
        message: 'Fixed IP not found for address 10.0.0.9.',
        args: ['Fixed IP not found for address 10.0.0.9.'],
        kwargs: { address: '10.0.0.9', code: 404 },
      },
    },
    {
      method: 'fail_value',
      args: {},
      error: { className: 'ValueError', moduleName: 'builtins', message: 'bad value' },
    },
    { method: 'fail_custom', args: {}, error: { className: 'Odd', message: 'odd one' } },
    {
      method: 'nosuch',
      args: {},
      error: { className: 'NoSuchMethod', moduleName: 'oslo_messaging.rpc.dispatcher' },
    },
    { method: 'slow', args: { bogus: 1 }, error: { className: 'TypeError' } },
  ])('gets the exception of $method', async ({ method, args: keywords, error }) => {
    const reason = await client.call({ topic }, method, keywords).catch((thrown: unknown) => thrown);
    expect(reason).toBeInstanceOf(RemoteError);
    expect(reason).toMatchObject(error);
  });

  it('hears that a version is not served', async () => {
    const call = client.call({ topic, version: '1.17' }, 'echo');
    await expect(call).rejects.toMatchObject({ className: 'UnsupportedVersion' });
  });

  it('carries the context, without secrets, and has its own where none is given', async () => {
    const context = { user_id: 'u1', is_admin: false, request_id: 'req-1', auth_token: 'secret' };
    expect(await client.call({ topic }, 'ctx', {}, { context })).toMatchObject({
      user_id: 'u1',
      request_id: 'req-1',
      auth_token: null,
    });
    expect(await client.call({ topic }, 'ctx')).toMatchObject({ is_admin: true });
  });

  it('times out at its deadline', async () => {
    const startedAt = performance.now();
    const call = client.call({ topic }, 'slow', { secs: 2 }, { timeoutMs: 300 });
    await expect(call).rejects.toBeInstanceOf(RpcTimeout);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('waits longer than its monitor would, because heartbeats come', async () => {
    expect(await client.call({ topic }, 'slow', { secs: 3.5 }, { monitorSeconds: 2 })).toBe('slept 3.5');
  });

  it('reaches every server by fanout, and one by cast', async () => {
    const second = await startPythonServer(bus, ['--host', 'net2']);
    try {
      await client.fanout({ topic }, 'update_dns', { network_ids: [7] });
      await expect
        .poll(() => [...server.lines, ...second.lines].filter((line) => line.endsWith('[7]')), {
          timeout: 10_000,
        })
        .toHaveLength(2);
      await client.cast({ topic, server: 'net2' }, 'update_dns', { network_ids: [8] });
      await expect.poll(() => second.lines, { timeout: 10_000 }).toContain('update_dns [8]');
    } finally {
      await second.stop();
    }
  });
});
