import { parseHostName } from '@novanet/net-address';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { registerInstance } from '../testing/test-instances.js';
import { TestApi } from '../testing/test-api.js';

const UUID = 'c20f5eb7-3731-4401-bb46-73409f46ef14';
const nothing = {
  addresses: [],
  networks: [],
  floating_ips_moved: [],
  floating_ips_left: [],
  instances: [],
  problems: [],
};

let api: TestApi;
beforeAll(async () => {
  api = await TestApi.create({ databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') });
  await registerInstance(api, UUID, 'a0', { host: parseHostName('spare') });
}, 60_000);
afterAll(() => api?.remove());

const spare = { host: parseHostName('spare'), binary: 'network-worker' };
const act = (host: string, body: unknown, token?: string) =>
  api.ask('POST', `/v2.1/os-novanet-hosts/${host}/action`, body, token ? { token } : {});
const services = async () => (await api.ask('GET', '/v2.1/os-services?host=spare')).body.services;

beforeEach(async () => {
  await api.ipam.services.beat({ ...spare, topic: 'network' });
  await api.ipam.services.setStatus(spare, { isDisabled: false, disabledReason: null });
});

describe('os-novanet-hosts', () => {
  it.each([{ drain: {} }, { drain: null }, { drain: { heir: 'h1' } }])('drains by %j', async (body) => {
    const done = await act('spare', body);
    expect(done.status).toBe(200);
    expect(done.body).toEqual({ host: { ...nothing, host: 'spare', instances: [UUID] } });
    expect(await services()).toMatchObject([{ status: 'disabled', disabled_reason: 'drained' }]);
  });

  it.each([{ remove: {} }, { remove: { heir: 'h1' } }])('forgets a host that is gone by %j', async (body) => {
    expect((await act('spare', body)).status).toBe(400);
    await api.ipam.services.forceDown(spare, true);
    const done = await act('spare', body);
    expect(done.body).toEqual({ host: { ...nothing, host: 'spare', instances: [UUID] } });
    expect(await services()).toEqual([]);
  });

  it.each([
    { host: 'spare', body: { remove: {} }, status: 400 },
    { host: '-bad-', body: { drain: {} }, status: 404 },
    { host: 'nowhere', body: { drain: {} }, status: 404 },
    { host: 'spare', body: { drain: { heir: 'spare' } }, status: 400 },
    { host: 'spare', body: { drain: { heir: 'nowhere' } }, status: 404 },
    { host: 'spare', body: { drain: { heir: 5 } }, status: 400 },
    { host: 'spare', body: { drain: { more: 1 } }, status: 400 },
    { host: 'spare', body: { drain: 'h1' }, status: 400 },
    { host: 'spare', body: { drain: {}, remove: {} }, status: 400 },
    { host: 'spare', body: { explode: {} }, status: 400 },
    { host: 'spare', body: {}, status: 400 },
  ])('refuses $body of $host', async ({ host, body, status }) => {
    expect((await act(host, body)).status).toBe(status);
    expect(await services()).toMatchObject([{ status: 'enabled', state: 'up' }]);
  });

  it.each([{ remove: {} }, { drain: {} }])('is for administrators alone: %j', async (body) => {
    expect((await act('spare', body, 'ann:a0')).status).toBe(403);
    expect(await services()).toMatchObject([{ status: 'enabled' }]);
  });
});
