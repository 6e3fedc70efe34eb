import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestApi, type Answer } from '../testing/test-api.js';

const UUID = 'c20f5eb7-3731-4401-bb46-73409f46ef14';
const bulk = '/v2.1/os-floating-ips-bulk';

let api: TestApi;
let networkUuid: string;

beforeAll(async () => {
  const servers = { databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') };
  api = await TestApi.create(servers, { floating_ip_quarantine: '0' });
  const network = { label: 'private', cidr: '10.0.0.0/24', bridge: 'br100' };
  networkUuid = (await api.ask('POST', '/v2.1/os-networks', { network })).body.network.id;
}, 60_000);
afterAll(() => api?.remove());

beforeEach(async () => {
  const all = await listed();
  const ip_range = all.map(({ address }) => address).join(',');
  if (ip_range !== '') await remove({ ip_range, force: 'yes' });
});

const create = (wanted: unknown, prefix = '/v2.1'): Promise<Answer> =>
  api.ask('POST', `${prefix}/os-floating-ips-bulk`, { floating_ips_bulk_create: wanted });
const remove = (body: unknown): Promise<Answer> => api.ask('PUT', `${bulk}/delete`, body);
const listed = async (): Promise<{ address: string }[]> => (await api.ask('GET', bulk)).body.floating_ip_info;

/** Floating IP of project A for an instance on h1; answers the instance's address. */
async function associate(address: string): Promise<string> {
  const boot = { instance_id: UUID, project_id: 'a0', host: 'h1', rxtx_factor: 1, vpn: false };
  await api.tellWorker('allocate_for_instance', { ...boot, requested_networks: [[networkUuid, null]] });
  const [nic] = await api.ipam.fixedIps.nicsOf(UUID);
  const fixed = String(nic?.fixedIps[0]?.address);
  await api.tellWorker('allocate_floating_ip', { project_id: 'a0', auto_assigned: false, pool: null });
  await api.tellWorker('associate_floating_ip', { floating_address: address, fixed_address: fixed });
  return fixed;
}

describe('os-floating-ips-bulk', () => {
  it.each([
    { range: '203.0.113.0/29', count: 6, first: '203.0.113.1' },
    { range: '203.0.113.6/31', count: 2, first: '203.0.113.6' },
    { range: '203.0.113.7/32', count: 1, first: '203.0.113.7' },
    { range: '203.0.113.7', count: 1, first: '203.0.113.7' },
    { range: '203.0.113.2-203.0.113.4,203.0.113.9', count: 4, first: '203.0.113.2' },
  ])('$range has $count addresses', async ({ range, count, first }) => {
    expect((await create({ ip_range: range })).body).toEqual({
      floating_ips_bulk_create: { ip_range: range, pool: 'nova', interface: null, count },
    });
    const all = await listed();
    expect(all).toHaveLength(count);
    expect(all[0]).toEqual({
      address: first,
      pool: 'nova',
      interface: null,
      project_id: null,
      instance_uuid: null,
      fixed_ip: null,
    });
    expect(await remove({ ip_range: range })).toMatchObject({
      status: 200,
      body: { floating_ips_bulk_delete: range, count },
    });
    expect(await listed()).toEqual([]);
  });

  it('keeps pool and interface', async () => {
    const created = await create({ ip_range: '198.51.100.1', pool: 'east', interface: 'eth2' });
    const stored = { pool: 'east', interface: 'eth2' };
    expect(created.body.floating_ips_bulk_create).toMatchObject(stored);
    expect(await listed()).toMatchObject([stored]);
  });

  it('lists what a host carries', async () => {
    await create({ ip_range: '203.0.113.0/30' });
    const fixed = await associate('203.0.113.1');
    expect((await api.ask('GET', `${bulk}/h1`)).body.floating_ip_info).toEqual([
      {
        address: '203.0.113.1',
        pool: 'nova',
        interface: null,
        project_id: 'a0',
        instance_uuid: UUID,
        fixed_ip: fixed,
      },
    ]);
    for (const host of ['h2', '-not-a-host-']) {
      const none = await api.ask('GET', `${bulk}/${host}`);
      expect(none.body.itemNotFound.message).toBe(`Floating IP not found for host ${host}.`);
    }
  });

  it('takes away what somebody holds only when it is told to', async () => {
    const ip_range = '203.0.113.0/30';
    await create({ ip_range });
    await associate('203.0.113.1');
    for (const force of [undefined, null, false, 'no']) {
      const refused = await remove({ ip_range, force });
      expect(refused.status).toBe(409);
      expect(refused.body.conflictingRequest.message).toBe('Floating IP 203.0.113.1 is associated.');
    }
    expect(await listed()).toHaveLength(2);
    expect((await remove({ ip_range, force: true })).body).toEqual({
      floating_ips_bulk_delete: ip_range,
      count: 2,
    });
    expect(await listed()).toEqual([]);
  });

  it('takes nothing away, forced or not, when one of them does not exist', async () => {
    await create({ ip_range: '203.0.113.1' });
    await associate('203.0.113.1');
    const refused = await remove({ ip_range: '203.0.113.1,203.0.113.2', force: true });
    expect(refused.body.itemNotFound.message).toBe('Floating IP not found for address 203.0.113.2.');
    expect(await listed()).toMatchObject([{ instance_uuid: UUID }]);
  });

  it('adds all or none', async () => {
    await create({ ip_range: '203.0.113.2' });
    const refused = await create({ ip_range: '203.0.113.0/29' });
    expect(refused.status).toBe(409);
    expect(refused.body.conflictingRequest.message).toBe('Floating IP 203.0.113.2 already exists.');
    expect(await listed()).toHaveLength(1);
  });

  it.each(['1.2.3/', '', 'fd00::/64', '203.0.113.0/33', '0.0.0.0/0', '203.0.113.1,203.0.113.1'])(
    'refuses the range "%s"',
    async (ip_range) => {
      for (const { status, body } of [await create({ ip_range }), await remove({ ip_range })]) {
        expect(status).toBe(400);
        expect(body.badRequest.message).toMatch(/^Invalid input received: /);
      }
    },
  );

  it.each([
    { name: 'no range', body: {} },
    { name: 'a number', body: { ip_range: 5 } },
    { name: 'an interface that is none', body: { ip_range: '203.0.113.1', interface: '../eth0' } },
    { name: 'an empty pool', body: { ip_range: '203.0.113.1', pool: '' } },
    { name: 'something unknown', body: { ip_range: '203.0.113.1', host: 'h1' } },
  ])('refuses $name', async ({ body }) => {
    expect((await create(body)).status).toBe(400);
    expect(await listed()).toEqual([]);
  });

  it('passes over what is unknown in the older API', async () => {
    expect((await create({ ip_range: '203.0.113.1', host: 'h1' }, '/v2')).status).toBe(200);
  });

  it('knows no other action than delete', async () => {
    const refused = await api.ask('PUT', `${bulk}/create`, { ip_range: '203.0.113.1' });
    expect(refused.body.itemNotFound.message).toBe('Unknown action');
  });
});
