import { BadRequestException, NotFoundException } from '@nestjs/common';
import { CidrConflict, DatabaseUnavailable, NoMoreFixedIps } from '@novanet/ipam';
import { RemoteError, RpcClosed, RpcTimeout, RpcUndeliverable } from '@novanet/messaging';
import { describe, expect, it } from 'vitest';
import { describeFailure } from './describe-failure.js';

function remote(className: string, message: string): RemoteError {
  return new RemoteError({ class: className, module: 'nova.exception', message });
}

function timeout(stage: RpcTimeout['stage']): RpcTimeout {
  return new RpcTimeout('create_networks', 'network', 'id', stage, 60_000);
}

describe('describeFailure', () => {
  it.each([
    {
      name: 'an error of ours',
      error: new CidrConflict('10.0.0.0/24', '10.0.0.0/8'),
      status: 409,
      message: 'Requested cidr (10.0.0.0/24) conflicts with existing cidr (10.0.0.0/8)',
    },
    {
      name: 'an exhausted pool',
      error: new NoMoreFixedIps('x'),
      status: 413,
      message: /No fixed IP addresses/,
    },
    {
      name: 'no database',
      error: new DatabaseUnavailable('no connection yet'),
      status: 503,
      message: /database/,
    },
    {
      name: 'an error of the worker',
      error: remote('NetworkInUse', 'Network x is still in use.'),
      status: 409,
      message: 'Network x is still in use.',
    },
    { name: "Python's error of the worker", error: remote('ValueError', 'no'), status: 400, message: 'no' },
    {
      name: 'what this network manager does not do',
      error: remote('NotImplementedError', ''),
      status: 501,
      message: 'The requested functionality is not supported.',
    },
    {
      name: 'a worker that is not there',
      error: new RpcUndeliverable('create_networks', 'nova', 'network'),
      status: 503,
      message:
        'No network worker answers: none is running; novanet service list shows which workers are alive.',
    },
    {
      name: 'a worker that does not answer',
      error: timeout('waiting'),
      status: 503,
      message:
        'No network worker answered within 60 s, but one may still do what was asked; ' +
        'novanet service list shows which workers are alive.',
    },
    {
      name: 'a broker that is not there',
      error: timeout('connecting'),
      status: 503,
      message: 'The message broker does not answer within 60 s: check transport_url, and the broker itself.',
    },
    {
      name: 'an API that stops',
      error: new RpcClosed(),
      status: 503,
      message: 'The API is stopping: try again.',
    },
    { name: 'a refusal of the API', error: new BadRequestException('why'), status: 400, message: 'why' },
    {
      name: 'a route that is not there',
      error: new NotFoundException('Cannot GET /nowhere'),
      status: 404,
      message: 'The resource could not be found.',
    },
  ])('$name is $status', ({ error, status, message }) => {
    const failure = describeFailure(error);
    expect(failure).toMatchObject({ status, isUnexpected: false });
    expect(failure.message).toMatch(message);
  });

  it.each([
    { error: new TypeError('x is undefined'), message: 'Unexpected API error' },
    { error: 'a text', message: 'Unexpected API error' },
    {
      error: remote('CommandFailed', 'iptables-restore: exit 2'),
      message: 'The network worker failed: CommandFailed: iptables-restore: exit 2',
    },
  ])('an error that nobody expected is 500: $message', ({ error, message }) => {
    expect(describeFailure(error)).toEqual({ status: 500, message, isUnexpected: true });
  });
});
