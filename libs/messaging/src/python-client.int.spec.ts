import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { probe, runPython } from './testing/python-peer.js';
import { startTestWorker, testBus, type TestWorker } from './testing/test-worker.js';

const bus = testBus(inject('amqpUrl'));
let worker: TestWorker;
beforeAll(async () => {
  worker = await startTestWorker(bus);
});
afterAll(() => worker.close());

const json = (value: unknown) => JSON.stringify(value);

interface Row {
  readonly name: string;
  readonly args: readonly string[];
  /** The result; or what the client raised. */
  readonly says: unknown;
  readonly exitCode?: number;
}

const odd = 'é☃😀';
const rows: Row[] = [
  {
    name: 'calls echo',
    args: ['--method', 'echo', '--args', json({ a: 1, b: odd, c: [1, { k: null }] })],
    says: { a: 1, b: odd, c: [1, { k: null }] },
  },
  {
    name: 'calls echo of one host',
    args: ['--method', 'echo', '--args', json({ a: 1 }), '--server', 'net1'],
    says: { a: 1 },
  },
  { name: 'gets None', args: ['--method', 'none'], says: null },
  {
    name: 'gets the last value of an observable',
    args: ['--method', 'observed', '--args', json({ a: 1 })],
    says: { a: 1 },
  },
  {
    name: 'calls a declared method that begins with an underscore',
    args: ['--method', '_rpc_allocate_fixed_ip'],
    says: 1,
  },
  {
    name: 'calls another namespace',
    args: ['--method', 'ping', '--namespace', 'baseapi', '--version', '1.1', '--args', json({ arg: 'hi' })],
    says: { service: 'network', arg: 'hi' },
  },
  { name: 'pings the server itself', args: ['--method', 'oslo_rpc_server_ping'], says: 'pong' },
  { name: 'asks for no version', args: ['--method', 'echo', '--version', 'none'], says: {} },
  { name: 'asks for the newest version', args: ['--method', 'echo', '--version', '1.17'], says: {} },
  {
    name: 'raises a nova exception again',
    args: ['--method', 'fail_nova', '--args', json({ address: '10.0.0.9' })],
    says: 'nova.exception.FixedIpNotFoundForAddress: Fixed IP not found for address 10.0.0.9.',
    exitCode: 1,
  },
  {
    name: 'raises a built-in again',
    args: ['--method', 'fail_value'],
    says: 'builtins.ValueError: bad value',
    exitCode: 1,
  },
  {
    name: 'raises a TypeError for a bad argument',
    args: ['--method', 'slow', '--args', json({ bogus: 1 })],
    says: "builtins.TypeError: slow() got an unexpected keyword argument 'bogus'",
    exitCode: 1,
  },
  {
    name: 'raises RemoteError for what it does not know',
    args: ['--method', 'fail_custom'],
    says: 'Odd: odd one',
    exitCode: 1,
  },
  {
    name: 'hears that a method does not exist',
    args: ['--method', 'nosuch'],
    says: 'NoSuchMethod: Endpoint does not support RPC method nosuch',
    exitCode: 1,
  },
  {
    name: 'hears that a version is not served',
    args: ['--method', 'echo', '--version', '1.18'],
    says: 'UnsupportedVersion: Endpoint does not support RPC version 1.18. Attempted method: echo',
    exitCode: 1,
  },
  {
    name: 'hears that a result cannot be sent',
    args: ['--method', 'unserialisable'],
    says: expect.stringMatching(/^builtins.ValueError: the result of unserialisable cannot be sent/),
    exitCode: 1,
  },
  {
    name: 'times out',
    args: ['--method', 'slow', '--args', json({ secs: 3 }), '--timeout', '1'],
    says: expect.stringMatching(/^oslo_messaging.exceptions.MessagingTimeout/),
    exitCode: 3,
  },
  {
    name: 'waits longer than its monitor would, because heartbeats come',
    args: [
      '--method',
      'slow',
      '--args',
      json({ secs: 3.5 }),
      '--call-monitor-timeout',
      '2',
      '--timeout',
      '30',
    ],
    says: 'slept 3.5',
  },
  {
    name: 'hears at once that nobody serves a host',
    args: ['--method', 'echo', '--server', 'nohost', '--mandatory'],
    says: expect.stringMatching(/^oslo_messaging.exceptions.MessageUndeliverable/),
    exitCode: 4,
  },
];

describe('the real Python client', () => {
  it.concurrent.each(rows)('$name', async ({ args, says, exitCode = 0 }) => {
    const result = await probe(bus, args);
    const said: unknown =
      exitCode === 0 ? JSON.parse(result.stdout) : result.stdout.replace(/^EXCEPTION /, '').split('\n')[0];
    expect(said).toEqual(says);
    expect(result.exitCode).toBe(exitCode);
  });

  it('carries its context to the handler', async () => {
    const { stdout } = await probe(bus, ['--method', 'ctx']);
    expect(JSON.parse(stdout)).toMatchObject({
      userId: 'probe-user',
      projectId: 'probe-project',
      isAdmin: true,
      requestId: 'req-00000000-0000-4000-8000-000000000001',
      uniqueId: expect.stringMatching(/^[0-9a-f]{32}$/),
      isRedelivered: false,
      values: { tenant: 'probe-project', timestamp: '2016-04-07T10:11:12.345678', service_catalog: [] },
    });
  });

  it('casts, and fans out', async () => {
    await probe(bus, ['--method', 'update_dns', '--args', json({ network_ids: [1] }), '--cast']);
    await probe(bus, ['--method', 'update_dns', '--args', json({ network_ids: [2] }), '--fanout']);
    await expect
      .poll(() => worker.state.runs.filter((run) => run.startsWith('update_dns')), { timeout: 10_000 })
      .toEqual(['update_dns {"network_ids":[1]}', 'update_dns {"network_ids":[2]}']);
  });

  it('compresses', async () => {
    const option = ['--option', 'kombu_compression=gzip'];
    const { stdout } = await probe(bus, [
      '--method',
      'echo',
      '--args',
      json({ a: 'x'.repeat(500) }),
      ...option,
    ]);
    expect(JSON.parse(stdout)).toEqual({ a: 'x'.repeat(500) });
  });

  it('calls from eight threads without an error', async () => {
    const load = ['--threads', '8', '--calls', '60', '--warmup', '2', '--check-echo', '--full-context'];
    const { stdout } = await runPython(bus, 'oslo_load.py', load);
    expect(JSON.parse(stdout)).toMatchObject({ errors: 0, ok: 480 });
  });
});
