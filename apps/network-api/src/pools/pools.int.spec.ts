import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { refusal } from '../testing/refusals.js';
import { TestApi } from '../testing/test-api.js';

const path = '/v2.1/os-novanet-pools';
const empty = { total: 0, free: 0, allocated: 0, associated: 0 };

let api: TestApi;
beforeAll(async () => {
  const servers = { databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') };
  api = await TestApi.create(servers, { floating_ip_quarantine: '0' });
}, 60_000);
afterAll(() => api?.remove());

const act = (name: string, body: unknown, prefix = '/v2.1') =>
  api.ask('POST', `${prefix}/os-novanet-pools/${encodeURIComponent(name)}/action`, body);
const listed = async () => (await api.ask('GET', path)).body.pools;

beforeEach(async () => {
  const all = await api.ipam.floatingIps.list();
  const ip_range = all.map(({ address }) => String(address)).join(',');
  if (all.length > 0) await api.ask('PUT', '/v2.1/os-floating-ips-bulk/delete', { ip_range, force: true });
  for (const { name } of await listed()) await api.ask('DELETE', `${path}/${encodeURIComponent(name)}`);
});

describe('os-novanet-pools', () => {
  it.each(['east', 'with a / and %'])('makes the pool "%s", lists and deletes it', async (name) => {
    const made = await api.ask('POST', path, { pool: { name } });
    expect(made).toMatchObject({ status: 200, body: { pool: { name, ...empty } } });
    expect(await listed()).toEqual([{ name, ...empty }]);
    const again = await api.ask('POST', path, { pool: { name } });
    expect(again).toMatchObject({ status: 409 });
    const gone = await api.ask('DELETE', `${path}/${encodeURIComponent(name)}`);
    expect(gone).toMatchObject({ status: 202, body: undefined });
    expect(await listed()).toEqual([]);
  });

  it('adds addresses to a pool and takes them out again, all or none', async () => {
    await api.ask('POST', path, { pool: { name: 'east' } });
    const grown = await act('east', { grow: { range: '203.0.113.0/29', interface: 'eth2' } });
    expect(grown.status).toBe(200);
    expect(grown.body).toEqual({ pool: { name: 'east', ...empty, total: 6, free: 6 } });
    expect(await api.ipam.floatingIps.list()).toMatchObject(
      Array.from({ length: 6 }, () => ({ pool: 'east', interface: 'eth2' })),
    );
    expect((await api.ask('DELETE', `${path}/east`)).status).toBe(409);
    const twice = await act('east', { grow: { range: '203.0.113.6-203.0.113.9' } });
    expect(twice).toMatchObject(refusal(409, 'Floating IP 203.0.113.6 already exists.'));
    const shrunk = await act('east', { shrink: { range: '203.0.113.2-203.0.113.6' } });
    expect(shrunk.body).toEqual({ pool: { name: 'east', ...empty, total: 1, free: 1 } });
  });

  it('takes away what a project holds only when it is told to', async () => {
    await api.ask('POST', path, { pool: { name: 'east' } });
    await act('east', { grow: { range: '203.0.113.1' } });
    await api.tellWorker('allocate_floating_ip', { project_id: 'a0', auto_assigned: false, pool: 'east' });
    for (const force of [undefined, null, false, 'no']) {
      expect((await act('east', { shrink: { range: '203.0.113.1', force } })).status).toBe(409);
    }
    expect(await listed()).toEqual([{ name: 'east', ...empty, total: 1, allocated: 1 }]);
    const forced = await act('east', { shrink: { range: '203.0.113.1', force: 'True' } });
    expect(forced.body).toEqual({ pool: { name: 'east', ...empty } });
  });

  it('lets a pool keep what another one is told to give', async () => {
    await api.ask('POST', path, { pool: { name: 'east' } });
    await api.ask('POST', path, { pool: { name: 'west' } });
    await act('east', { grow: { range: '203.0.113.1' } });
    const missing = refusal(404, 'Floating IP not found for address 203.0.113.1.');
    for (const force of [false, true]) {
      expect(await act('west', { shrink: { range: '203.0.113.1', force } })).toMatchObject(missing);
    }
    expect(await listed()).toMatchObject([{ total: 1 }, { total: 0 }]);
  });

  it('knows no pool that does not exist, and makes none by growing it', async () => {
    const missing = refusal(404, 'Floating IP pool not found.');
    expect(await api.ask('DELETE', `${path}/none`)).toMatchObject(missing);
    expect(await act('none', { shrink: { range: '203.0.113.1' } })).toMatchObject(missing);
    expect(await act('none', { grow: { range: '203.0.113.1' } })).toMatchObject(missing);
    expect(await listed()).toEqual([]);
  });

  it.each([
    {},
    { pool: 'east' },
    { pool: {} },
    { pool: { name: '' } },
    { pool: { name: 'a'.repeat(256) } },
    { pool: { name: 7 } },
    { pool: { name: 'east', total: 5 } },
    { name: 'east' },
  ])('makes none of %j', async (body) => {
    expect((await api.ask('POST', path, body)).status).toBe(400);
    expect(await listed()).toEqual([]);
  });

  it.each([
    {},
    [],
    { explode: null },
    { grow: null },
    { grow: {} },
    { grow: { range: 'bogus' } },
    { grow: { range: '203.0.113.0/33' } },
    { grow: { range: '203.0.113.1', interface: '../eth0' } },
    { grow: { range: '203.0.113.1', force: true } },
    { shrink: { range: 5 } },
    { shrink: { range: '203.0.113.1', force: 'maybe' } },
    { grow: { range: '203.0.113.1' }, shrink: { range: '203.0.113.1' } },
  ])('refuses to do %j', async (body) => {
    await api.ask('POST', path, { pool: { name: 'east' } });
    expect((await act('east', body)).status).toBe(400);
    expect(await listed()).toEqual([{ name: 'east', ...empty }]);
  });

  it('passes over what is unknown in the older API', async () => {
    await api.ask('POST', path, { pool: { name: 'east' } });
    const grown = await act('east', { grow: { range: '203.0.113.1', more: 1 } }, '/v2');
    expect(grown.body.pool).toMatchObject({ total: 1 });
  });

  it.each([
    ['GET', '', undefined],
    ['POST', '', { pool: { name: 'mine' } }],
    ['DELETE', '/east', undefined],
    ['POST', '/east/action', { grow: { range: '203.0.113.1' } }],
  ])('is for administrators alone: %s %s', async (method, at, body) => {
    await api.ask('POST', path, { pool: { name: 'east' } });
    expect((await api.ask(method, path + at, body, { token: 'ann:a0' })).status).toBe(403);
    expect(await listed()).toEqual([{ name: 'east', ...empty }]);
  });
});
