import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestApi, type Answer, type Json } from '../testing/test-api.js';

const A = 'ann:a0';
const B = 'bob:b0';
const UUID = 'c20f5eb7-3731-4401-bb46-73409f46ef14';
const path = '/v2.1/os-floating-ips';
const bulk = '/v2.1/os-floating-ips-bulk';

let api: TestApi;
let networkUuid: string;

beforeAll(async () => {
  const servers = { databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') };
  api = await TestApi.create(servers, { quota_floating_ips: '3', floating_ip_quarantine: '0' });
  const network = { label: 'private', cidr: '10.0.0.0/24', bridge: 'br100' };
  networkUuid = (await api.ask('POST', '/v2.1/os-networks', { network })).body.network.id;
}, 60_000);
afterAll(() => api?.remove());

/** 203.0.113.1 to 203.0.113.6 in "nova", and 198.51.100.1 alone in "small"; all free. */
beforeEach(async () => {
  for (const range of ['203.0.113.0/29', '198.51.100.1']) {
    await api.ask('PUT', `${bulk}/delete`, { ip_range: range, force: true });
  }
  await grow({ ip_range: '203.0.113.0/29' });
  await grow({ ip_range: '198.51.100.1', pool: 'small', interface: 'eth2' });
});

async function grow(wanted: object): Promise<void> {
  const { status } = await api.ask('POST', bulk, { floating_ips_bulk_create: wanted });
  expect(status).toBe(200);
}

async function take(token: string, pool: string | null = null): Promise<Json> {
  const { status, body } = await api.ask('POST', path, { pool }, { token });
  expect(status).toBe(200);
  return body.floating_ip;
}

/** Lets the address stand for a new instance of project A, and answers that one's address. */
async function associate(address: string): Promise<string> {
  const boot = { instance_id: UUID, project_id: 'a0', host: 'h1', rxtx_factor: 1, vpn: false };
  await api.tellWorker('allocate_for_instance', { ...boot, requested_networks: [[networkUuid, null]] });
  const [nic] = await api.ipam.fixedIps.nicsOf(UUID);
  const fixed = String(nic?.fixedIps[0]?.address);
  await api.tellWorker('associate_floating_ip', { floating_address: address, fixed_address: fixed });
  return fixed;
}

const pools = async () => (await api.ask('GET', '/v2.1/os-floating-ip-pools')).body.floating_ip_pools;
const ips = (answer: Answer) => answer.body.floating_ips.map(({ ip }: Json) => ip);

describe('os-floating-ips', () => {
  it('takes from the default pool or a named one, and shows by number and by address', async () => {
    const first = await take(A);
    expect(first).toEqual({
      id: expect.any(Number),
      ip: '203.0.113.1',
      pool: 'nova',
      fixed_ip: null,
      instance_id: null,
    });
    expect(await take(A, 'small')).toMatchObject({ ip: '198.51.100.1', pool: 'small' });
    for (const id of [first.id, first.ip]) {
      const shown = await api.ask('GET', `${path}/${id}`, undefined, { token: A });
      expect(shown).toMatchObject({ status: 200, body: { floating_ip: first } });
    }
  });

  it.each([
    { name: 'an empty body', body: {} },
    { name: 'no body' },
    { name: 'more than nova reads', body: { x: 1 } },
  ])('takes from the default pool by $name', async ({ body }) => {
    const answer = await api.ask('POST', path, body, { token: A });
    expect(answer).toMatchObject({ status: 200, body: { floating_ip: { pool: 'nova' } } });
  });

  it('shows what it stands for, and gives it back all the same', async () => {
    const { id, ip } = await take(A);
    const fixed = await associate(ip);
    const shown = await api.ask('GET', `${path}/${id}`, undefined, { token: A });
    expect(shown.body.floating_ip).toMatchObject({ fixed_ip: fixed, instance_id: UUID });
    expect(await api.ask('DELETE', `${path}/${ip}`, undefined, { token: A })).toMatchObject({
      status: 202,
      body: undefined,
    });
    expect((await api.ask('GET', `${path}/${id}`, undefined, { token: A })).status).toBe(404);
    expect(await api.ipam.floatingIps.findById(id)).toMatchObject({ projectId: null, association: null });
  });

  it('keeps one that came with an instance', async () => {
    const args = { project_id: 'a0', auto_assigned: true, pool: 'nova' };
    const ip = String(await api.tellWorker('allocate_floating_ip', args));
    expect((await api.ask('GET', path, undefined, { token: A })).body.floating_ips).toEqual([]);
    const refused = await api.ask('DELETE', `${path}/${ip}`, undefined, { token: A });
    expect(refused.status).toBe(403);
    expect(refused.body.forbidden.message).toBe('Cannot disassociate auto assigned floating IP');
  });

  it.each([
    { pool: 'none', status: 404, text: 'Floating IP pool not found.', taken: 0 },
    { pool: 'small', status: 404, text: 'No more floating IPs in pool small.', taken: 1 },
    { pool: 'nova', status: 403, text: 'IP allocation over quota in pool nova.', taken: 3 },
    { pool: null, status: 403, text: 'IP allocation over quota.', taken: 3 },
  ])('refuses one of pool $pool after $taken: $text', async ({ pool, status, text, taken }) => {
    for (let count = 0; count < taken; count += 1) await take(A, pool);
    const refused = await api.ask('POST', path, { pool }, { token: A });
    expect(refused.status).toBe(status);
    expect(Object.values<Json>(refused.body)[0].message).toBe(text);
  });

  it('says that the default pool is empty', async () => {
    for (const token of [A, A, A, B, B, B]) await take(token);
    const refused = await api.ask('POST', path, {}, { token: 'cy:c0' });
    expect(refused.body.itemNotFound).toEqual({ code: 404, message: 'No more floating IPs available.' });
  });

  it.each([
    { id: 'x1', status: 400, text: 'Invalid ID received x1.' },
    { id: '999999', status: 404, text: 'Floating IP not found for ID 999999' },
    { id: '99999999999999999999', status: 404, text: 'Floating IP not found for ID 99999999999999999999' },
    { id: '192.0.2.9', status: 404, text: 'Floating IP not found for ID 192.0.2.9' },
    { id: '203.0.113.2', status: 404, text: 'Floating IP not found for ID 203.0.113.2' },
    { id: 'fd00::1', status: 400, text: 'Invalid ID received fd00::1.' },
  ])('knows no $id', async ({ id, status, text }) => {
    for (const method of ['GET', 'DELETE']) {
      const refused = await api.ask(method, `${path}/${id}`, undefined, { token: A });
      expect(refused.status).toBe(status);
      expect(Object.values<Json>(refused.body)[0].message).toBe(text);
    }
  });

  it('lists for administrators what all projects hold', async () => {
    await take(A);
    await take(B);
    await take(B, 'small');
    const listed = async (query: string, token?: string) =>
      ips(await api.ask('GET', `${path}?${query}`, undefined, token === undefined ? {} : { token }));
    expect(await listed('')).toEqual([]);
    expect(await listed('all_tenants=0')).toEqual([]);
    expect(await listed('all_tenants=1')).toEqual(['198.51.100.1', '203.0.113.1', '203.0.113.2']);
    expect(await listed('project_id=b0')).toEqual(['198.51.100.1', '203.0.113.2']);
    expect(await listed('all_tenants=1&pool=nova')).toEqual(['203.0.113.1', '203.0.113.2']);
    expect(await listed('pool=small', B)).toEqual(['198.51.100.1']);
    expect(await listed('ip=203.0.113.2', B)).toEqual(['203.0.113.2']);
    expect(await listed('ip=203.0.113.1', B)).toEqual([]);
    expect(await listed('all_tenants=1&limit=2')).toEqual(['198.51.100.1', '203.0.113.1']);
    const fixed = await associate('203.0.113.1');
    expect(await listed(`fixed_ip=${fixed}`, A)).toEqual(['203.0.113.1']);
    expect(await listed(`instance_id=${UUID.toUpperCase()}`, A)).toEqual(['203.0.113.1']);
    expect(await listed(`instance_id=${UUID}`, B)).toEqual([]);
    const [{ id }] = (await api.ask('GET', `${path}?all_tenants=1`)).body.floating_ips;
    expect(await listed(`all_tenants=1&limit=1&marker=${id}`)).toEqual(['203.0.113.1']);
  });

  it.each(['all_tenants=maybe', 'ip=x', 'limit=0', 'marker=999999', 'pool=a&pool=b'])(
    'refuses to list by %s',
    async (query) => {
      const refused = await api.ask('GET', `${path}?${query}`, undefined, { token: A });
      expect(refused.status).toBe(400);
    },
  );
});

describe('what is of project A is not of project B', () => {
  it.each([
    { method: 'GET', at: `${path}/ID`, status: 404 },
    { method: 'DELETE', at: `${path}/ID`, status: 404 },
    { method: 'GET', at: `${path}?all_tenants=1`, status: 403 },
    { method: 'GET', at: `${path}?project_id=a0`, status: 403 },
  ])('$method $at: $status', async ({ method, at, status }) => {
    const { id, ip } = await take(A);
    for (const name of [String(id), String(ip)]) {
      expect((await api.ask(method, at.replace('ID', name), undefined, { token: B })).status).toBe(status);
    }
    expect(ips(await api.ask('GET', path, undefined, { token: B }))).toEqual([]);
    expect(ips(await api.ask('GET', path, undefined, { token: A }))).toEqual([ip]);
  });
});

describe('os-floating-ip-pools', () => {
  it('lists pools by name to everybody', async () => {
    expect(await pools()).toEqual([{ name: 'nova' }, { name: 'small' }]);
    expect((await api.ask('GET', '/v2.1/os-floating-ip-pools', undefined, { token: B })).status).toBe(200);
  });
});
