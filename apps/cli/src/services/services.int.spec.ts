import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StandInApi } from '../testing/stand-in-api.js';

const SERVICES = '/v2.1/os-services';
const up = {
  id: 1,
  binary: 'nova-network',
  host: 'h1',
  zone: 'internal',
  status: 'enabled',
  state: 'up',
  updated_at: '2026-01-02T03:04:05.000000',
  disabled_reason: null,
};
const down = { ...up, host: 'h2', status: 'disabled', state: 'down', disabled_reason: 'fan' };

let api: StandInApi;
beforeEach(async () => {
  api = await StandInApi.start();
});
afterEach(() => api.stop());

describe('novanet service', () => {
  it("lists services in nova-manage's columns", async () => {
    api.answer(`GET ${SERVICES}`, 200, { services: [up, down] });
    expect((await api.type('service list')).out).toBe(
      [
        'Binary        Host  Zone      Status    State  Updated_At                  Reason',
        'nova-network  h1    internal  enabled   :-)    2026-01-02T03:04:05.000000  -',
        'nova-network  h2    internal  disabled  XXX    2026-01-02T03:04:05.000000  fan',
      ].join('\n'),
    );
  });

  it('lists what is wanted', async () => {
    api.answer(`GET ${SERVICES}?host=h9&binary=nova-network`, 200, { services: [] });
    expect((await api.type('service list --host h9 --service nova-network')).out).toMatch(
      /^No service nova-network on host h9 ever reported; /,
    );
  });

  it.each([
    {
      line: 'service enable --host h1 --service nova-network',
      request: { line: `PUT ${SERVICES}/enable`, body: { host: 'h1', binary: 'nova-network' } },
      out: 'Service nova-network on host h1 enabled.',
    },
    {
      line: 'service disable h1 nova-network',
      request: { line: `PUT ${SERVICES}/disable`, body: { host: 'h1', binary: 'nova-network' } },
      out: 'Service nova-network on host h1 disabled.',
    },
    {
      line: 'service disable --host=h1 --reason fan',
      request: {
        line: `PUT ${SERVICES}/disable-log-reason`,
        body: { host: 'h1', binary: 'nova-network', disabled_reason: 'fan' },
      },
      out: 'Service nova-network on host h1 disabled.',
    },
  ])('$line', async ({ line, request, out }) => {
    api.answer(request.line, 200, { service: { host: 'h1', binary: 'nova-network' } });
    expect(await api.type(line)).toEqual({ exitCode: 0, out, complaints: '' });
    expect(api.changes).toEqual([request]);
  });

  it('wants a host', async () => {
    expect((await api.type('service disable')).exitCode).toBe(2);
  });
});
