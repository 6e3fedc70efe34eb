import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { Ipv4Cidr, Ipv6Cidr } from '@novanet/net-address';
import { describe, expect, it } from 'vitest';
import { callerKey } from './caller.js';
import { callerByProxy, signatureOf } from './signed-proxy.js';
import { callerBySource } from './source-address.js';

function requestFrom(peer: string, headers: readonly (readonly [string, string])[] = []): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: peer });
  const request = new IncomingMessage(socket);
  request.headersDistinct = {};
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    request.headers[key] = value;
    request.headersDistinct[key] = [...(request.headersDistinct[key] ?? []), value];
  }
  return request;
}

describe('the source of a request', () => {
  const proxies = [Ipv4Cidr.parse('192.0.2.0/24'), Ipv6Cidr.parse('fd00::/64')];

  it.each([
    { peer: '10.0.0.3', forwarded: undefined, caller: '10.0.0.3' },
    { peer: '::ffff:10.0.0.3', forwarded: undefined, caller: '10.0.0.3' },
    { peer: 'fd01::3', forwarded: undefined, caller: 'fd01::3' },
    { peer: 'fe80::f816:3eff:fe00:1%br100', forwarded: undefined, caller: 'fa:16:3e:00:00:01' },
    { peer: 'fe80::1', forwarded: undefined, caller: 'fe80::1' },
    { peer: '10.0.0.3', forwarded: '10.0.0.4', caller: '10.0.0.3' },
    { peer: '192.0.2.1', forwarded: '10.0.0.4', caller: '10.0.0.4' },
    { peer: '::ffff:192.0.2.1', forwarded: '10.0.0.4', caller: '10.0.0.4' },
    { peer: '192.0.2.1', forwarded: '10.0.0.5, 10.0.0.4', caller: '10.0.0.4' },
    { peer: '192.0.2.1', forwarded: '10.0.0.4, fd00::7', caller: '10.0.0.4' },
    { peer: '192.0.2.1', forwarded: 'nobody', caller: undefined },
    { peer: '192.0.2.1', forwarded: '10.0.0.4, nobody', caller: undefined },
    { peer: '', forwarded: undefined, caller: undefined },
  ])('$peer for "$forwarded" is $caller', ({ peer, forwarded, caller }) => {
    const request = requestFrom(peer, forwarded === undefined ? [] : [['X-Forwarded-For', forwarded]]);
    const found = callerBySource(request, { isOn: true, proxies });
    expect(found && callerKey(found)).toBe(caller);
  });

  it('is the peer when nobody is trusted', () => {
    const request = requestFrom('192.0.2.1', [['X-Forwarded-For', '10.0.0.4']]);
    expect(callerBySource(request, { isOn: false, proxies })).toMatchObject({ by: 'address' });
    expect(callerKey(callerBySource(request, { isOn: true, proxies: [] })!)).toBe('192.0.2.1');
  });
});

describe('a proxy', () => {
  const uuid = 'd8e02d56-2648-49a3-bf97-6be8f1204f38';
  // from nova
  const signature = '2027ef4e23a951e81b0c43cf770762ea65d8944762ac8d3a30eb88f59388faae';
  const id = ['X-Instance-ID', uuid] as const;
  const signed = ['X-Instance-ID-Signature', signature] as const;
  const tenant = ['X-Tenant-ID', 'p'] as const;

  it('signs as neutron’s does', () => {
    expect(signatureOf(uuid, 's3cr3t')).toBe(signature);
  });

  it.each([
    { headers: [], status: 400, explanation: 'X-Instance-ID header is missing from request.' },
    { headers: [id], status: 400, explanation: 'X-Instance-ID-Signature header is missing from request.' },
    { headers: [id, signed], status: 400, explanation: 'X-Tenant-ID header is missing from request.' },
    {
      headers: [id, id, signed, tenant],
      status: 400,
      explanation: 'Multiple X-Instance-ID headers found within request.',
    },
    {
      headers: [id, signed, tenant, tenant],
      status: 400,
      explanation: 'Multiple X-Tenant-ID headers found within request.',
    },
    {
      headers: [id, ['X-Instance-ID-Signature', signature.replace('2', '3')] as const, tenant],
      status: 403,
      explanation: 'Invalid proxy request signature.',
    },
    {
      headers: [id, ['X-Instance-ID-Signature', 'x'] as const, tenant],
      status: 403,
      explanation: 'Invalid proxy request signature.',
    },
  ])('that says $headers.length things is refused: $explanation', ({ headers, status, explanation }) => {
    expect(callerByProxy(requestFrom('192.0.2.1', headers), 's3cr3t')).toEqual({ status, explanation });
  });

  it('speaks for the instance that it signed', () => {
    const headers = [id, signed, tenant, ['X-Forwarded-For', '10.0.0.3, 192.0.2.1'] as const];
    const caller = callerByProxy(requestFrom('192.0.2.1', headers), 's3cr3t');
    expect(caller).toMatchObject({ by: 'uuid', uuid, projectId: 'p' });
    expect('address' in caller && caller.address?.toString()).toBe('10.0.0.3');
  });
});
