import { parseHostName } from '@novanet/net-address';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestApi } from '../testing/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await TestApi.create({ databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') });
}, 60_000);
afterAll(() => api?.remove());

const spare = { host: parseHostName('spare'), binary: 'nova-network' };
/** The worker's own row is not touched: it reports while we look. */
const path = '/v2.1/os-services?host=spare';
const newer = { headers: { 'x-openstack-nova-api-version': '2.11' } };

const report = () => api.ipam.services.beat({ ...spare, binary: 'network-worker', topic: 'network' });
beforeEach(report);

describe('os-services', () => {
  it('shows who reports', async () => {
    const { status, body } = await api.ask('GET', path);
    expect(status).toBe(200);
    const service = {
      ...spare,
      id: expect.any(Number),
      zone: 'internal',
      status: 'enabled',
      state: 'up',
      updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/),
      disabled_reason: null,
    };
    expect(body.services).toEqual([service]);
    const since = await api.ask('GET', path, undefined, newer);
    expect(since.body.services).toEqual([{ ...service, forced_down: false }]);
  });

  it.each([
    { query: '', hosts: ['h1', 'spare'] },
    { query: '?binary=nova-network', hosts: ['h1', 'spare'] },
    { query: '?binary=network-worker', hosts: [] },
    { query: '?host=spare&binary=nova-network', hosts: ['spare'] },
    { query: '?host=nowhere', hosts: [] },
  ])('$query lists $hosts', async ({ query, hosts }) => {
    const { body } = await api.ask('GET', `/v2.1/os-services${query}`);
    expect(body.services.map(({ host }: { host: string }) => host)).toEqual(hosts);
  });

  it('forces one down, and no longer', async () => {
    for (const [forced_down, state] of [
      [true, 'down'],
      ['False', 'up'],
    ] as const) {
      const body = { ...spare, forced_down };
      const done = await api.ask('PUT', '/v2.1/os-services/force-down', body, newer);
      expect(done.status).toBe(200);
      expect(done.body).toEqual({ service: { ...spare, forced_down: forced_down === true } });
      const shown = await api.ask('GET', path, undefined, newer);
      expect(shown.body.services).toMatchObject([{ state, forced_down: forced_down === true }]);
    }
  });

  it.each([
    { action: 'disable', more: {}, reason: null },
    { action: 'disable', more: { disabled_reason: 'passed over' }, reason: null },
    { action: 'disable-log-reason', more: { disabled_reason: 'new disks' }, reason: 'new disks' },
  ])('$action with $more disables one until it is enabled, whatever it reports', async (wanted) => {
    const { action, more, reason } = wanted;
    const said = { ...spare, status: 'disabled', ...(reason !== null && { disabled_reason: reason }) };
    const disabled = await api.ask('PUT', `/v2.1/os-services/${action}`, { ...spare, ...more });
    expect(disabled).toMatchObject({ status: 200, body: { service: said } });
    expect(Object.keys(disabled.body.service)).toHaveLength(Object.keys(said).length);
    await report();
    const shown = { status: 'disabled', state: 'up', disabled_reason: reason };
    expect((await api.ask('GET', path)).body.services).toMatchObject([shown]);
    const enabled = await api.ask('PUT', '/v2.1/os-services/enable', spare);
    expect(enabled.body).toEqual({ service: { ...spare, status: 'enabled' } });
    const again = { status: 'enabled', disabled_reason: null };
    expect((await api.ask('GET', path)).body.services).toMatchObject([again]);
  });

  it('keeps networks from one that is disabled, and says why', async () => {
    const network = { label: 'disks', cidr: '10.9.0.0/24' };
    const { body } = await api.ask('POST', '/v2.1/os-networks', { network });
    const at = `/v2.1/os-networks/${body.network.id}`;
    const change = { network: { host: 'spare' } };
    const disabled = { ...spare, disabled_reason: 'new disks' };
    await api.ask('PUT', '/v2.1/os-services/disable-log-reason', disabled);
    const refused = await api.ask('PUT', `/v2.1/os-novanet-networks/${body.network.id}`, change);
    expect(refused.status).toBe(503);
    expect(refused.body.error.message).toBe(
      'The network worker on spare is not available: it is disabled: new disks',
    );
    expect((await api.ask('GET', at)).body.network.host).toBeNull();
    await api.ask('PUT', '/v2.1/os-services/enable', spare);
    await api.ask('DELETE', at);
  });

  it('forgets one', async () => {
    const { body } = await api.ask('GET', path);
    const [{ id }] = body.services;
    expect((await api.ask('DELETE', `/v2.1/os-services/${id}`)).status).toBe(204);
    expect((await api.ask('GET', path)).body.services).toEqual([]);
    const again = await api.ask('DELETE', `/v2.1/os-services/${id}`);
    expect(again.status).toBe(404);
    expect(again.body.itemNotFound.message).toBe(`Service ${id} not found.`);
    expect((await api.ask('DELETE', '/v2.1/os-services/mine')).status).toBe(404);
  });

  const fault = (message: string) => ({ error: { message } });
  const nowhere = { host: 'nowhere', binary: 'nova-network' };
  const unknown = 'Could not find binary nova-network on host nowhere.';
  it.each<{ action: string; body: object; status: number; wanted?: object; options?: typeof newer }>([
    { action: 'enable', body: spare, status: 200, wanted: { service: { ...spare, status: 'enabled' } } },
    { action: 'enable', body: nowhere, status: 404, wanted: fault(unknown) },
    { action: 'enable', body: { host: 'spare' }, status: 400 },
    { action: 'enable', body: { ...spare, more: 1 }, status: 400 },
    { action: 'disable', body: nowhere, status: 404, wanted: fault(unknown) },
    { action: 'disable', body: { host: 'spare' }, status: 400 },
    { action: 'disable-log-reason', body: { ...nowhere, disabled_reason: 'old' }, status: 404 },
    {
      action: 'disable-log-reason',
      body: spare,
      status: 400,
      wanted: fault('Missing disabled reason field'),
    },
    {
      action: 'disable-log-reason',
      body: { ...spare, disabled_reason: 'o'.repeat(256) },
      status: 400,
    },
    {
      action: 'force-down',
      body: { ...spare, forced_down: true },
      status: 404,
      wanted: fault('Unknown action'),
    },
    { action: 'force-down', body: spare, status: 400, options: newer },
    {
      action: 'force-down',
      body: { ...nowhere, forced_down: true },
      status: 404,
      wanted: fault(unknown),
      options: newer,
    },
    { action: 'explode', body: spare, status: 404, wanted: fault('Unknown action') },
  ])('$action of $body is $status', async ({ action, body, status, wanted, options }) => {
    const answer = await api.ask('PUT', `/v2.1/os-services/${action}`, body, options);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject(wanted ?? {});
  });
});

describe('os-hosts', () => {
  const spareHost = { host_name: 'spare', service: 'network', zone: 'internal' };

  it.each([
    { query: '', hosts: [{ ...spareHost, host_name: 'h1', service: expect.any(String) }, spareHost] },
    { query: '?zone=internal', hosts: [expect.anything(), spareHost] },
    { query: '?zone=nova', hosts: [] },
  ])('$query lists the hosts of the zone', async ({ query, hosts }) => {
    const { status, body } = await api.ask('GET', `/v2.1/os-hosts${query}`);
    expect(status).toBe(200);
    expect(body).toEqual({ hosts });
  });
});

describe('extensions', () => {
  it('are listed, and shown by alias', async () => {
    const options = { token: 'joe:p1' };
    const { body } = await api.ask('GET', '/v2.1/extensions', undefined, options);
    const networks = body.extensions.find(({ alias }: { alias: string }) => alias === 'os-networks');
    expect(networks).toMatchObject({ name: 'Networks', links: [] });
    const shown = await api.ask('GET', '/v2.1/extensions/os-networks', undefined, options);
    expect(shown.body).toEqual({ extension: networks });
    expect((await api.ask('GET', '/v2.1/extensions/os-none', undefined, options)).status).toBe(404);
  });
});

it.each([
  ['GET', '/os-services'],
  ['PUT', '/os-services/enable'],
  ['PUT', '/os-services/disable'],
  ['PUT', '/os-services/disable-log-reason'],
  ['PUT', '/os-services/force-down'],
  ['DELETE', '/os-services/1'],
  ['GET', '/os-hosts'],
])('%s %s is for administrators', async (method, route) => {
  const body = method === 'PUT' ? spare : undefined;
  expect((await api.ask(method, `/v2.1${route}`, body, { token: 'joe:p1' })).status).toBe(403);
});
