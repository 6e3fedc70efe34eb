import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StandInApi } from '../testing/stand-in-api.js';

const FIXED_IPS = '/v2.1/os-novanet-fixed-ips';
const used = {
  address: '10.0.0.3',
  network_id: 'n1',
  label: 'private',
  cidr: '10.0.0.0/24',
  role: 'instance',
  instance_uuid: 'i1',
  hostname: 'web',
  host: 'h1',
  allocated: true,
  leased: true,
  reserved: false,
};
const kept = {
  ...used,
  address: '10.0.0.9',
  instance_uuid: null,
  hostname: null,
  host: null,
  allocated: false,
};
const reserved = { ...kept, leased: false, reserved: true };

let api: StandInApi;
beforeEach(async () => {
  api = await StandInApi.start();
});
afterEach(() => api.stop());

describe('novanet fixed list', () => {
  it.each(['fixed list', 'fix list'])('prints what nova-manage did, and more: %s', async (line) => {
    api.answer(`GET ${FIXED_IPS}`, 200, { fixed_ips: [used, reserved] });
    expect((await api.type(line)).out).toBe(
      [
        'network      IP address  hostname  host  state             instance',
        '10.0.0.0/24  10.0.0.3    web       h1    allocated leased  i1',
        '10.0.0.0/24  10.0.0.9    -         -     reserved          -',
      ].join('\n'),
    );
  });

  it.each([
    { line: 'fixed list --host h1', query: 'host=h1' },
    { line: 'fixed list h1', query: 'host=h1' },
    { line: 'fixed list --network 10.0.0.0/24', query: 'network=10.0.0.0%2F24' },
    {
      line: 'fixed list --allocated --instance c20f5eb7-3731-4401-bb46-73409f46ef14',
      query: 'instance=c20f5eb7-3731-4401-bb46-73409f46ef14&state=allocated',
    },
    { line: 'fixed list --state reserved', query: 'state=reserved' },
  ])('asks for what is wanted: $line', async ({ line, query }) => {
    api.answer(`GET ${FIXED_IPS}?${query}`, 200, { fixed_ips: [] });
    const networks = [{ id: 'n1', label: 'private', cidr: '10.0.0.0/24' }];
    api.answer('GET /v2.1/os-networks', 200, { networks });
    expect(await api.type(line)).toEqual({ exitCode: 0, out: 'No fixed IP found.', complaints: '' });
  });

  it('reads page after page', async () => {
    const links = [{ rel: 'next', href: 'http://api/x' }];
    api.answer(`GET ${FIXED_IPS}?host=h1`, 200, { fixed_ips: [used], fixed_ips_links: links });
    api.answer(`GET ${FIXED_IPS}?host=h1&marker=10.0.0.3`, 200, { fixed_ips: [kept] });
    expect(JSON.parse((await api.type('fixed list --host h1 --json')).out)).toEqual([used, kept]);
  });
});

describe('novanet fixed reserve and unreserve', () => {
  it.each([
    { line: 'fixed reserve --address 10.0.0.9', body: { reserve: null }, out: 'Fixed IP 10.0.0.9 reserved.' },
    { line: 'fixed reserve 10.0.0.9', body: { reserve: null }, out: 'Fixed IP 10.0.0.9 reserved.' },
    { line: 'fixed unres --addr=10.0.0.9', body: { unreserve: null }, out: 'Fixed IP 10.0.0.9 unreserved.' },
  ])('$line', async ({ line, body, out }) => {
    api.answer('POST /v2.1/os-fixed-ips/10.0.0.9/action', 202);
    expect(await api.type(line)).toEqual({ exitCode: 0, out, complaints: '' });
    expect(api.changes).toEqual([{ line: 'POST /v2.1/os-fixed-ips/10.0.0.9/action', body }]);
  });

  it('repeats why an address cannot be reserved', async () => {
    const message = 'Fixed IP address 10.0.0.3 is already in use on instance i1.';
    api.answer('POST /v2.1/os-fixed-ips/10.0.0.3/action', 409, {
      conflictingRequest: { code: 409, message },
    });
    expect(await api.type('fixed reserve 10.0.0.3')).toMatchObject({
      exitCode: 1,
      complaints: `novanet: ${message}`,
    });
    expect((await api.type('fixed reserve')).exitCode).toBe(2);
  });
});
