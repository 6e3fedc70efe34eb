import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ADMIN, TestApi } from '../testing/test-api.js';
import { giveFloatingIps, registerInstance } from '../testing/test-instances.js';

const A = 'alice:aaaa';
const B = 'bob:bbbb';

let api: TestApi;
beforeAll(async () => {
  api = await TestApi.create({ databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') });
  await giveFloatingIps(api, 'aaaa', ['203.0.113.1', '203.0.113.2']);
  await registerInstance(api, '00000001-0000-4000-8000-000000000000', 'aaaa');
  await api.ipam.securityGroups.ensureDefault('aaaa');
}, 60_000);
afterAll(() => api?.remove());

const standard = {
  floating_ips: 10,
  fixed_ips: -1,
  security_groups: 10,
  security_group_rules: 20,
  instances: 10,
  cores: 20,
  ram: 51_200,
  key_pairs: 100,
  metadata_items: 128,
  injected_files: 5,
  injected_file_content_bytes: 10_240,
  injected_file_path_bytes: 255,
  server_groups: 10,
  server_group_members: 10,
};

const get = async (path: string, token = ADMIN) => api.ask('GET', `/v2.1${path}`, undefined, { token });
const put = (quota_set: unknown, query = '') =>
  api.ask('PUT', `/v2.1/os-quota-sets/aaaa${query}`, { quota_set });

describe('limits', () => {
  const absolute = {
    maxTotalFloatingIps: 10,
    maxSecurityGroups: 10,
    maxSecurityGroupRules: 20,
    maxTotalInstances: 10,
    maxTotalCores: 20,
    maxTotalRAMSize: 51_200,
    maxTotalKeypairs: 100,
    maxServerMeta: 128,
    maxImageMeta: 128,
    maxPersonality: 5,
    maxPersonalitySize: 10_240,
    maxServerGroups: 10,
    maxServerGroupMembers: 10,
    totalFloatingIpsUsed: 0,
    totalSecurityGroupsUsed: 0,
    totalInstancesUsed: 0,
    totalCoresUsed: 0,
    totalRAMUsed: 0,
    totalServerGroupsUsed: 0,
  };
  const used = { totalFloatingIpsUsed: 2, totalSecurityGroupsUsed: 1, totalInstancesUsed: 1 };

  it.each([
    { path: '/limits', token: A, more: used },
    { path: '/limits?reserved=1', token: A, more: used },
    { path: '/limits?tenant_id=aaaa', token: A, more: used },
    { path: '/limits', token: B, more: {} },
    { path: '/limits?tenant_id=aaaa', token: ADMIN, more: used },
  ])('$path of $token', async ({ path, token, more }) => {
    const { status, body } = await get(path, token);
    expect(status).toBe(200);
    expect(body).toEqual({ limits: { rate: [], absolute: { ...absolute, ...more } } });
  });

  it('of another project are for administrators', async () => {
    const { status, body } = await get('/limits?tenant_id=aaaa', B);
    expect(status).toBe(403);
    expect(body.forbidden.message).toBe(
      "Policy doesn't allow os_compute_api:os-used-limits to be performed.",
    );
  });
});

describe('os-quota-sets', () => {
  it.each([
    { path: '/os-quota-sets/aaaa', token: A },
    { path: '/os-quota-sets/aaaa', token: ADMIN },
    { path: '/os-quota-sets/aaaa/defaults', token: B },
  ])('$path is shown to $token', async ({ path, token }) => {
    const { status, body } = await get(path, token);
    expect(status).toBe(200);
    expect(body).toEqual({ quota_set: { id: 'aaaa', ...standard } });
  });

  it('shows what is used', async () => {
    const { body } = await get('/os-quota-sets/aaaa/detail');
    expect(body.quota_set).toMatchObject({
      id: 'aaaa',
      floating_ips: { limit: 10, in_use: 2, reserved: 0 },
      fixed_ips: { limit: -1, in_use: 0, reserved: 0 },
      instances: { limit: 10, in_use: 1, reserved: 0 },
      cores: { limit: 20, in_use: 0, reserved: 0 },
    });
  });

  it('gives a project limits of its own, which are obeyed, until they are taken away', async () => {
    const limits = { floating_ips: 20, security_groups: '1' };
    const set = await put(limits);
    expect(set.status).toBe(200);
    const own = { ...standard, floating_ips: 20, security_groups: 1 };
    expect(set.body).toEqual({ quota_set: own });
    expect((await get('/os-quota-sets/aaaa', A)).body.quota_set).toEqual({ id: 'aaaa', ...own });
    expect((await get('/os-quota-sets/aaaa/defaults', A)).body.quota_set).toEqual({
      id: 'aaaa',
      ...standard,
    });
    expect((await get('/os-quota-sets/bbbb', B)).body.quota_set).toEqual({ id: 'bbbb', ...standard });
    expect((await get('/limits', A)).body.limits.absolute).toMatchObject({
      maxTotalFloatingIps: 20,
      maxSecurityGroups: 1,
    });
    const tooMany = { projectId: 'aaaa', userId: null, name: 'more', description: null };
    await expect(api.ipam.securityGroups.create(tooMany, { limit: 10 })).rejects.toThrow('exceeded');
    expect((await api.ask('DELETE', '/v2.1/os-quota-sets/aaaa')).status).toBe(202);
    expect((await get('/os-quota-sets/aaaa', A)).body.quota_set).toEqual({ id: 'aaaa', ...standard });
  });

  it('sets less than the project has only by force', async () => {
    const refused = await put({ floating_ips: 1 });
    expect(refused.status).toBe(400);
    expect(refused.body.badRequest.message).toContain(
      'Quota limit 1 for floating_ips must be greater than or equal to already used and reserved 2.',
    );
    const forced = await put({ floating_ips: 1, force: 'True' });
    expect(forced.body.quota_set.floating_ips).toBe(1);
    await api.ask('DELETE', '/v2.1/os-quota-sets/aaaa');
  });

  it.each<{ name: string; body: unknown; query?: string; status: number }>([
    { name: 'nothing', body: undefined, status: 400 },
    { name: 'a text', body: 'x', status: 400 },
    { name: 'no number', body: { floating_ips: 'many' }, status: 400 },
    { name: 'less than -1', body: { floating_ips: -2 }, status: 400 },
    { name: 'more than there is', body: { floating_ips: 2 ** 31 }, status: 400 },
    { name: 'a fraction', body: { fixed_ips: 1.5 }, status: 400 },
    { name: 'what is not counted here', body: { cores: 5 }, status: 400 },
    { name: 'limits of a user', body: { floating_ips: 5 }, query: '?user_id=u1', status: 501 },
  ])('refuses $name', async ({ body, query, status }) => {
    expect((await put(body, query)).status).toBe(status);
    expect((await get('/os-quota-sets/aaaa')).body.quota_set).toEqual({ id: 'aaaa', ...standard });
  });

  it('by /v2 passes over what is not counted here', async () => {
    const body = { quota_set: { cores: 5, fixed_ips: 7 }, more: 1 };
    const { body: answer } = await api.ask('PUT', '/v2/os-quota-sets/aaaa', body);
    expect(answer.quota_set).toEqual({ ...standard, fixed_ips: 7 });
    await api.ask('DELETE', '/v2.1/os-quota-sets/aaaa');
  });
});

describe('os-quota-class-sets', () => {
  it('are as the configuration says, and stay so', async () => {
    const { body } = await get('/os-quota-class-sets/default');
    expect(body).toEqual({ quota_class_set: { id: 'default', ...standard } });
    const change = { quota_class_set: { floating_ips: 5 } };
    const refused = await api.ask('PUT', '/v2.1/os-quota-class-sets/default', change);
    expect(refused.status).toBe(501);
    expect(refused.body.notImplemented.message).toBe('The requested functionality is not supported.');
  });
});

it('nobody but an administrator gives his own project more', async () => {
  const wish = { quota_set: { floating_ips: 99 } };
  expect((await api.ask('PUT', '/v2.1/os-quota-sets/bbbb', wish, { token: B })).status).toBe(403);
});
