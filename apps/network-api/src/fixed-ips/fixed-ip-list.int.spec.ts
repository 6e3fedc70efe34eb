import { parseIp } from '@novanet/net-address';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { refusal } from '../testing/refusals.js';
import { TestApi } from '../testing/test-api.js';

const WEB = 'c20f5eb7-3731-4401-bb46-73409f46ef14';
const DB = 'c20f5eb7-3731-4401-bb46-73409f46ef15';
const path = '/v2.1/os-novanet-fixed-ips';

let api: TestApi;
let leftUuid: string;

beforeAll(async () => {
  api = await TestApi.create({ databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') });
  leftUuid = await makeNetwork({ label: 'left', cidr: '10.0.0.0/29', bridge: 'br100' });
  const right = await makeNetwork({ label: 'right', cidr: '10.1.0.0/29', bridge: 'br101' });
  await boot(WEB, { host: 'h1', hostname: 'web' }, [leftUuid, '10.0.0.3'], [right, '10.1.0.3']);
  await boot(DB, { host: 'h2', hostname: 'db' }, [leftUuid, '10.0.0.2']);
  await api.tellWorker('lease_fixed_ip', { address: '10.0.0.3' });
  await api.ask('POST', '/v2.1/os-fixed-ips/10.1.0.5/action', { reserve: null });
}, 60_000);
afterAll(() => api?.remove());

const makeNetwork = async (network: object): Promise<string> =>
  (await api.ask('POST', '/v2.1/os-networks', { network })).body.network.id;

async function boot(uuid: string, known: object, ...wishes: readonly (readonly [string, string])[]) {
  await api.ask('PUT', `/v1/instances/${uuid}`, { project_id: 'a0', ...known });
  const args = { instance_id: uuid, project_id: 'a0', rxtx_factor: 1, vpn: false };
  // the worker of these tests is h1, and serves both networks
  await api.tellWorker('allocate_for_instance', { ...args, ...known, requested_networks: wishes });
}

const listed = async (query: string): Promise<string[]> =>
  (await api.ask('GET', `${path}${query}`)).body.fixed_ips.map(({ address }: { address: string }) => address);

const all = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.1.0.1', '10.1.0.3', '10.1.0.5'];
const ofLeft = ['10.0.0.1', '10.0.0.2', '10.0.0.3'];

describe('os-novanet-fixed-ips', () => {
  it('shows what each address is for', async () => {
    const { status, body } = await api.ask('GET', `${path}?network=left`);
    const network = { network_id: leftUuid, label: 'left', cidr: '10.0.0.0/29' };
    const used = { ...network, role: 'instance', allocated: true, reserved: false };
    expect(status).toBe(200);
    expect(body).toEqual({
      fixed_ips: [
        {
          ...network,
          address: '10.0.0.1',
          role: 'gateway',
          instance_uuid: null,
          hostname: null,
          host: null,
          allocated: false,
          leased: false,
          reserved: true,
        },
        { ...used, address: '10.0.0.2', instance_uuid: DB, hostname: 'db', host: 'h2', leased: false },
        { ...used, address: '10.0.0.3', instance_uuid: WEB, hostname: 'web', host: 'h1', leased: true },
      ],
    });
  });

  it.each([
    { query: '', addresses: all },
    { query: '?network=left', addresses: ofLeft },
    { query: '?network=10.0.0.0/29', addresses: ofLeft },
    { query: '?network=10.0.0.0/24', addresses: [] },
    { query: '?network=none', addresses: [] },
    { query: '?host=h1', addresses: ['10.0.0.3', '10.1.0.3'] },
    { query: '?host=h2', addresses: ['10.0.0.2'] },
    { query: '?host=-bad-', addresses: [] },
    { query: `?instance=${WEB.toUpperCase()}`, addresses: ['10.0.0.3', '10.1.0.3'] },
    { query: `?instance=${WEB}&network=right`, addresses: ['10.1.0.3'] },
    { query: '?state=allocated', addresses: ['10.0.0.2', '10.0.0.3', '10.1.0.3'] },
    { query: '?state=leased', addresses: ['10.0.0.3'] },
    { query: '?state=reserved', addresses: ['10.0.0.1', '10.1.0.1', '10.1.0.5'] },
    { query: '?state=reserved&host=h1', addresses: [] },
    { query: '?limit=0', addresses: all },
    { query: '?marker=10.0.0.2', addresses: all.slice(2) },
    // nobody's by now
    { query: '?marker=10.0.0.4', addresses: all.slice(3) },
    { query: '?marker=10.1.0.5', addresses: [] },
  ])('"$query" lists $addresses', async ({ query, addresses }) => {
    expect(await listed(query)).toEqual(addresses);
  });

  it('takes the uuid of a network as well', async () => {
    expect(await listed(`?network=${leftUuid}`)).toEqual(ofLeft);
  });

  it('is read page by page, each address once', async () => {
    const pages: string[][] = [];
    let next: string | undefined = `${path}?limit=2&state=reserved`;
    while (next !== undefined) {
      const { body } = await api.ask('GET', next);
      pages.push(body.fixed_ips.map(({ address }: { address: string }) => address));
      const href: string | undefined = body.fixed_ips_links?.[0].href;
      next = href?.replace(api.url, '');
    }
    expect(pages).toEqual([['10.0.0.1', '10.1.0.1'], ['10.1.0.5']]);
  });

  it('has a next page only when there is more', async () => {
    expect((await api.ask('GET', `${path}?limit=6`)).body.fixed_ips_links).toBeUndefined();
    expect((await api.ask('GET', `${path}?limit=5`)).body.fixed_ips_links).toEqual([
      { rel: 'next', href: `${api.url}${path}?limit=5&marker=10.1.0.3` },
    ]);
  });

  it('lists an address that drains as one that is leased and nobody holds', async () => {
    await api.tellWorker('deallocate_fixed_ip', { address: '10.0.0.3' });
    const { body } = await api.ask('GET', `${path}?state=leased`);
    expect(body.fixed_ips).toMatchObject([{ address: '10.0.0.3', instance_uuid: WEB, allocated: false }]);
    expect((await api.ipam.fixedIps.findByAddress(parseIp('10.0.0.3')))?.isAllocated).toBe(false);
  });

  it.each([
    { query: '?state=busy', message: 'state busy is none of allocated, reserved, leased' },
    { query: '?limit=many', message: 'limit param must be an integer' },
    { query: '?limit=-1', message: 'limit param must be positive' },
    { query: '?marker=192.0.2.1', message: 'marker [192.0.2.1] not found' },
    { query: '?marker=here', message: 'marker [here] not found' },
  ])('refuses "$query"', async ({ query, message }) => {
    expect(await api.ask('GET', path + query)).toMatchObject(refusal(400, message));
  });

  it('is for administrators alone', async () => {
    expect((await api.ask('GET', path, undefined, { token: 'ann:a0' })).status).toBe(403);
  });
});
