import { createLogger } from '@novanet/observability';
import { OsloBroker, OsloClient, RemoteError, RpcUndeliverable } from '@novanet/messaging';
import { parseHostName } from '@novanet/net-address';
import { describe, expect, it } from 'vitest';
import { RpcLeaseReporter } from './lease-reporter.js';

const broker = new OsloBroker({
  transportUrl: 'rabbit://guest:guest@127.0.0.1:5672/',
  serviceName: 'test',
  log: createLogger('test', 'fatal'),
});
const reporter = new RpcLeaseReporter(new OsloClient({ broker }), 'network', parseHostName('node1'));

function answer(className: string, module: string, code?: number): RemoteError {
  const kwargs = code === undefined ? {} : { code };
  return new RemoteError({ class: className, module, message: 'no', args: ['no'], kwargs });
}

describe('a lease event is told again', () => {
  it.each([
    { after: 'a fault of the database', error: answer('DatabaseFailure', 'nova.exception', 500) },
    { after: 'an absent database', error: answer('DatabaseUnavailable', 'nova.exception', 503) },
    { after: 'a worker that is too old', error: answer('NoSuchMethod', 'oslo_messaging.rpc.dispatcher') },
    { after: 'another version', error: answer('UnsupportedVersion', 'oslo_messaging.rpc.dispatcher') },
    { after: 'a fault of the worker', error: answer('Error', 'novanet') },
    { after: "a TypeError of the worker's program", error: answer('TypeError', 'novanet') },
    { after: 'an absent worker', error: new RpcUndeliverable('lease_fixed_ip', 'nova', 'network.node1') },
  ])('after $after', ({ error }) => {
    expect(reporter.isWorthRetrying(error)).toBe(true);
  });
});

describe('a lease event counts as refused', () => {
  it.each([
    { when: 'it is invalid', error: answer('InvalidAddress', 'nova.exception', 400) },
    { when: 'it is forbidden', error: answer('AdminRequired', 'nova.exception', 403) },
    { when: 'nobody knows its address', error: answer('FixedIpNotFoundForAddress', 'nova.exception', 404) },
    { when: 'it contradicts', error: answer('Conflict', 'nova.exception', 409) },
    { when: 'an argument is missing', error: answer('TypeError', 'exceptions') },
    { when: 'an argument makes no sense', error: answer('ValueError', 'builtins') },
  ])('when $when', ({ error }) => {
    expect(reporter.isWorthRetrying(error)).toBe(false);
  });
});
