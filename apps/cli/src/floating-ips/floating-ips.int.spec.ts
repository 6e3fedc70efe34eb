import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StandInApi } from '../testing/stand-in-api.js';

const BULK = '/v2.1/os-floating-ips-bulk';
const POOLS = '/v2.1/os-novanet-pools';
const one = {
  address: '203.0.113.1',
  instance_uuid: 'i1',
  fixed_ip: '10.0.0.3',
  interface: 'eth0',
  pool: 'nova',
  project_id: 'p1',
};
const other = { ...one, address: '203.0.113.2', instance_uuid: null, pool: 'public', project_id: null };

let api: StandInApi;
beforeEach(async () => {
  api = await StandInApi.start();
});
afterEach(() => api.stop());

describe('novanet floating create', () => {
  it.each([
    { line: 'floating create 68.99.26.170/31', wanted: { ip_range: '68.99.26.170/31' } },
    {
      line: 'floating create --pool nova --ip_range 68.99.26.170/31',
      wanted: { ip_range: '68.99.26.170/31', pool: 'nova' },
    },
    { line: 'floating create --ip_range=68.99.26.170/32', wanted: { ip_range: '68.99.26.170/32' } },
    {
      line: 'floating create 203.0.113.0/28 nova eth2',
      wanted: { ip_range: '203.0.113.0/28', pool: 'nova', interface: 'eth2' },
    },
    {
      line: 'float create 203.0.113.0/28 --interface eth2',
      wanted: { ip_range: '203.0.113.0/28', interface: 'eth2' },
    },
  ])('$line', async ({ line, wanted }) => {
    const made = { ip_range: wanted.ip_range, pool: 'nova', interface: 'eth0', count: 2 };
    api.answer(`POST ${BULK}`, 200, { floating_ips_bulk_create: made });
    expect(await api.type(line)).toEqual({
      exitCode: 0,
      out: `2 floating IPs of ${wanted.ip_range} added to pool nova.`,
      complaints: '',
    });
    expect(api.changes).toEqual([{ line: `POST ${BULK}`, body: { floating_ips_bulk_create: wanted } }]);
  });

  it('wants a range', async () => {
    expect((await api.type('floating create')).exitCode).toBe(2);
  });
});

describe('novanet floating delete', () => {
  beforeEach(() =>
    api.answer(`PUT ${BULK}/delete`, 200, { floating_ips_bulk_delete: '203.0.113.0/28', count: 14 }),
  );

  it.each([
    { line: 'floating delete 203.0.113.0/28', body: { ip_range: '203.0.113.0/28' } },
    { line: 'floating delete --ip_range=203.0.113.0/28', body: { ip_range: '203.0.113.0/28' } },
    { line: 'floating delete 203.0.113.0/28 --force -y', body: { ip_range: '203.0.113.0/28', force: true } },
  ])('$line', async ({ line, body }) => {
    expect(await api.type(line)).toEqual({
      exitCode: 0,
      out: 'Floating IPs of 203.0.113.0/28 deleted.',
      complaints: '',
    });
    expect(api.changes).toEqual([{ line: `PUT ${BULK}/delete`, body }]);
  });

  it('asks before somebody loses one', async () => {
    expect(await api.type('floating delete 203.0.113.0/28 --force')).toMatchObject({ exitCode: 2 });
    expect(api.changes).toEqual([]);
  });

  it('says how those in use are deleted', async () => {
    api.answer(`PUT ${BULK}/delete`, 409, { conflictingRequest: { code: 409, message: 'In use.' } });
    expect((await api.type('floating delete 203.0.113.0/28')).complaints).toBe(
      'novanet: In use; --force takes away those in use, too.',
    );
  });
});

describe('novanet floating list', () => {
  it("prints nova-manage's columns", async () => {
    api.answer(`GET ${BULK}`, 200, { floating_ip_info: [one, other] });
    expect((await api.type('floating list')).out).toBe(
      [
        'project_id  address      instance_uuid  pool    interface',
        'p1          203.0.113.1  i1             nova    eth0',
        '-           203.0.113.2  -              public  eth0',
      ].join('\n'),
    );
    expect(JSON.parse((await api.type('floating list --pool public --json')).out)).toEqual([other]);
  });

  it('says so when there are none', async () => {
    api.answer(`GET ${BULK}`, 200, { floating_ip_info: [] });
    expect((await api.type('floating list')).out).toBe('No floating IP addresses have been defined.');
    const message = 'Floating IP not found for host h1.';
    api.answer(`GET ${BULK}/h1`, 404, { itemNotFound: { code: 404, message } });
    expect(await api.type('floating list --host=h1')).toMatchObject({
      exitCode: 1,
      complaints: `novanet: ${message}`,
    });
  });
});

describe('novanet floating pool', () => {
  it('lists, creates and deletes pools', async () => {
    const pool = { name: 'nova', total: 14, free: 12, allocated: 2, associated: 1 };
    api.answer(`GET ${POOLS}`, 200, { pools: [pool] });
    api.answer(`POST ${POOLS}`, 200, { pool });
    api.answer(`DELETE ${POOLS}/a%20b`, 202);
    expect((await api.type('floating pool list')).out).toBe(
      ['name  total  free  allocated  associated', 'nova  14     12    2          1'].join('\n'),
    );
    expect((await api.type('floating pool create nova')).out).toBe('Pool nova created.');
    expect((await api.run(['floating', 'pool', 'delete', 'a b', '--yes'])).out).toBe('Pool a b deleted.');
    expect((await api.type('floating pool delete nova')).exitCode).toBe(2);
    expect(api.changes).toEqual([
      { line: `POST ${POOLS}`, body: { pool: { name: 'nova' } } },
      { line: `DELETE ${POOLS}/a%20b`, body: undefined },
    ]);
  });
});
