import * as ipam from '@novanet/ipam';
import { describe, expect, it } from 'vitest';
import { RpcArgumentError } from './rpc-argument.error.js';
import { describeError } from './rpc-failure.js';
import { RpcValueError } from './rpc-value.error.js';

describe('a failure on the wire', () => {
  it.each([
    [
      new ipam.FixedIpAlreadyInUse('10.20.0.9', 'c20f5eb7-3731-5401-bb46-73409f46ef14'),
      'nova.exception.FixedIpAlreadyInUse',
      'Fixed IP address 10.20.0.9 is already in use on instance c20f5eb7-3731-5401-bb46-73409f46ef14.',
      { address: '10.20.0.9', instance_uuid: 'c20f5eb7-3731-5401-bb46-73409f46ef14', code: 500 },
    ],
    [new ipam.NoNetworksFound(), 'nova.exception.NoNetworksFound', 'No networks defined.', { code: 404 }],
    [
      new ipam.InvalidCidr('bogus'),
      'nova.exception.InvalidCidr',
      'bogus is not a valid IP network.',
      { cidr: 'bogus', code: 400 },
    ],
    [
      new ipam.FixedIpInvalid('bogus'),
      'nova.exception.FixedIpInvalid',
      'Fixed IP address bogus is invalid.',
      { address: 'bogus', code: 400 },
    ],
    [
      new ipam.CidrConflict('a', 'b'),
      'nova.exception.CidrConflict',
      '(a)',
      { cidr: 'a', other: 'b', code: 409 },
    ],
    [new RpcArgumentError('f', ['x']), 'exceptions.TypeError', 'f(): x', {}],
    [new RpcValueError('too many'), 'exceptions.ValueError', 'too many', {}],
    [new RangeError('odd'), 'novanet.RangeError', 'odd', {}],
    ['thrown text', 'novanet.Error', 'thrown text', {}],
  ])('%s', (error, name, message, kwargs) => {
    const failure = describeError(error);
    expect(`${failure.module}.${failure.class}`).toBe(name);
    expect(failure.message).toContain(message);
    expect(failure.args).toEqual([failure.message]);
    expect(failure.kwargs).toEqual(kwargs);
  });
});
