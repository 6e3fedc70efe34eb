import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestApi } from '../testing/test-api.js';

let api: TestApi;
beforeAll(async () => {
  const servers = { databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') };
  api = await TestApi.create(servers, { network_manager: 'FlatManager' });
}, 60_000);
afterAll(() => api?.remove());

const notSupported = { code: 501, message: 'The requested functionality is not supported.' };
const entry = { dns_entry: { ip: '203.0.113.1', dns_type: 'A' } };

describe('with FlatManager, which has neither floating IPs nor DNS', () => {
  it.each([
    ['POST', '/v2.1/os-floating-ips', {}],
    ['POST', '/v2.1/os-floating-ips-bulk', { floating_ips_bulk_create: { ip_range: '203.0.113.1' } }],
    ['PUT', '/v2.1/os-floating-ips-bulk/delete', { ip_range: '203.0.113.1' }],
    ['GET', '/v2.1/os-floating-ip-dns', undefined],
    ['PUT', '/v2.1/os-floating-ip-dns/ex.org', { domain_entry: { scope: 'public' } }],
    ['DELETE', '/v2.1/os-floating-ip-dns/ex.org', undefined],
    ['GET', '/v2.1/os-floating-ip-dns/ex.org/entries?ip=203.0.113.1', undefined],
    ['GET', '/v2.1/os-floating-ip-dns/ex.org/entries/www', undefined],
    ['PUT', '/v2.1/os-floating-ip-dns/ex.org/entries/www', entry],
    ['DELETE', '/v2.1/os-floating-ip-dns/ex.org/entries/www', undefined],
  ])('%s %s is not supported', async (method, path, body) => {
    const refused = await api.ask(method, path, body);
    expect(refused.status).toBe(501);
    expect(refused.body.notImplemented).toEqual(notSupported);
  });

  it.each([
    ['/v2.1/os-floating-ips', { floating_ips: [] }],
    ['/v2.1/os-floating-ip-pools', { floating_ip_pools: [] }],
    ['/v2.1/os-floating-ips-bulk', { floating_ip_info: [] }],
  ])('GET %s is empty', async (path, body) => {
    expect(await api.ask('GET', path)).toMatchObject({ status: 200, body });
  });
});
