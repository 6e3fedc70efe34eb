import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StandInApi } from '../testing/stand-in-api.js';

let api: StandInApi;
beforeEach(async () => {
  api = await StandInApi.start();
});
afterEach(() => api.stop());

describe('novanet host', () => {
  it.each([
    { line: 'host list', query: '' },
    { line: 'host list internal', query: '?zone=internal' },
    { line: 'host list --zone internal', query: '?zone=internal' },
  ])('lists each host once: $line', async ({ line, query }) => {
    const hosts = ['network', 'metadata'].map((service) => ({ host_name: 'h1', service, zone: 'internal' }));
    api.answer(`GET /v2.1/os-hosts${query}`, 200, { hosts });
    expect((await api.type(line)).out).toBe(['host  zone', 'h1    internal'].join('\n'));
  });

  it.each([
    { line: 'host remove h1 --heir h2 --yes', body: { remove: { heir: 'h2' } } },
    { line: 'host remove h1 -y', body: { remove: {} } },
    { line: 'host drain h1 --heir=h2 -y', body: { drain: { heir: 'h2' } } },
  ])('says what became of it: $line', async ({ line, body }) => {
    const host = { host: 'h1', networks: ['n1', 'n2'], instances: [], problems: [] };
    api.answer('POST /v2.1/os-novanet-hosts/h1/action', 200, { host });
    expect(await api.type(line)).toEqual({
      exitCode: 0,
      out: ['host       h1', 'networks   n1, n2', 'instances  -', 'problems   -'].join('\n'),
      complaints: '',
    });
    expect(api.changes).toEqual([{ line: 'POST /v2.1/os-novanet-hosts/h1/action', body }]);
  });

  it.each(['host remove h1', 'host drain h1', 'host drain'])('asks first: %s', async (line) => {
    expect((await api.type(line)).exitCode).toBe(2);
    expect(api.requests).toEqual([]);
  });

  it('does not count as done while something is left', async () => {
    const host = { host: 'h1', networks: [], instances: [], problems: ['network n1 stays: no heir'] };
    api.answer('POST /v2.1/os-novanet-hosts/h1/action', 200, { host });
    expect(await api.type('host drain h1 --yes')).toEqual({
      exitCode: 1,
      out: expect.stringContaining('problems   network n1 stays: no heir'),
      complaints: 'novanet: Something is left on h1: see problems. Once they are mended, the same again.',
    });
  });
});
