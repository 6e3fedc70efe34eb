import { Ipv4, parseHostName } from '@novanet/net-address';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { TestApi, type Json } from '../testing/test-api.js';

const path = '/v2.1/os-novanet-doctor';
const [WEB, IDLE] = ['c20f5eb7-3731-4401-bb46-73409f46ef14', 'c20f5eb7-3731-4401-bb46-73409f46ef15'];
const USER = 'ann:a0';

let api: TestApi;
let networkUuid: string;
let fixed: string;

/** Its worker leaves the kernel alone, so that only the cloud is looked at. */
beforeAll(async () => {
  const servers = { databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') };
  api = await TestApi.create(servers);
  const network = { label: 'private', cidr: '10.0.0.0/24', bridge: 'br100' };
  networkUuid = (await api.ask('POST', '/v2.1/os-networks', { network })).body.network.id;
  await allocate(api, WEB, networkUuid);
  const idle = { project_id: 'a0', host: 'h1', display_name: 'idle' };
  await api.ask('PUT', `/v1/instances/${IDLE}`, idle);
  const [nic] = await api.ipam.fixedIps.nicsOf(WEB);
  fixed = String(nic?.fixedIps[0]?.address);
  const bulk = { floating_ips_bulk_create: { ip_range: '203.0.113.0/29' } };
  await api.ask('POST', '/v2.1/os-floating-ips-bulk', bulk);
  // 203.0.113.1
  await api.ask('POST', '/v2.1/os-floating-ips', {}, { token: USER });
}, 60_000);
afterAll(() => api?.remove());

const examine = async (query = '') => (await api.ask('GET', path + query)).body;
const problems = (body: Json) => body.findings.map(({ check, problem }: Json) => `${check}: ${problem}`);

/** An instance that its worker gave an address of the network. */
async function allocate(at: TestApi, uuid: string, network: string): Promise<void> {
  await at.ask('PUT', `/v1/instances/${uuid}`, { project_id: 'a0', host: 'h1', display_name: 'web' });
  const wish = { rxtx_factor: 1, vpn: false, requested_networks: [[network, null]] };
  await at.tellWorker('allocate_for_instance', { instance_id: uuid, project_id: 'a0', host: 'h1', ...wish });
}

const CLOSED = 'security groups: no security group lets in ping and SSH from everywhere';

describe('os-novanet-doctor', () => {
  it('says that all is well with a cloud, and what it looked at', async () => {
    const well = { findings: [], checked: [{ check: 'worker', host: 'h1', ok: true }] };
    expect(await examine()).toEqual(well);
    expect(await examine('?host=h1')).toEqual(well);
  });

  it.each([
    { name: 'an instance by its name', query: () => '?instance=web', found: [CLOSED] },
    { name: 'an instance by its uuid', query: () => `?instance=${WEB}`, found: [CLOSED] },
    { name: 'an address of an instance', query: () => `?address=${fixed}`, found: [CLOSED] },
    {
      name: 'an instance without network',
      query: () => '?instance=idle',
      found: ['instance: it is in no network'],
    },
    {
      name: 'an address that is free',
      query: () => '?address=10.0.0.99',
      found: ['address: no instance has it'],
    },
    {
      name: 'the gateway',
      query: () => '?address=10.0.0.1',
      found: ['address: no instance has it'],
    },
    {
      name: 'a floating IP without project',
      query: () => '?address=203.0.113.2',
      found: ['address: no project holds it'],
    },
    {
      name: 'a floating IP without instance',
      query: () => '?address=203.0.113.1',
      found: ['address: it is not associated'],
    },
  ])('looks at $name: $found', async ({ query, found }) => {
    expect(problems(await examine(query()))).toEqual(found);
  });

  it('finds that a floating IP is not where its network is served', async () => {
    const args = { floating_address: '203.0.113.1', fixed_address: fixed };
    await api.tellWorker('associate_floating_ip', args);
    expect(problems(await examine('?address=203.0.113.1'))).toEqual([CLOSED]);
    const move = async (host: string | null) => {
      const [row] = await api.ipam.floatingIps.list({ addresses: [Ipv4.parse('203.0.113.1')] });
      await api.ipam.floatingIps.moveHost(row!, host === null ? null : parseHostName(host));
    };
    await move(null);
    expect(problems(await examine('?address=203.0.113.1'))).toEqual(['address: no host carries it']);
    await move('h9');
    expect(problems(await examine('?address=203.0.113.1'))).toEqual(['address: it is on h9, and not on h1']);
    expect(problems(await examine())).toEqual(['worker: its network worker is dead']);
    await move('h1');
    await api.tellWorker('disassociate_floating_ip', { address: '203.0.113.1' });
  });

  it('names a worker that counts as down, and looks no further', async () => {
    const down = { host: 'h1', binary: 'nova-network', forced_down: true };
    await api.ask('PUT', '/v2.1/os-services/force-down', down, {
      headers: { 'x-openstack-nova-api-version': '2.11' },
    });
    const { findings } = await examine();
    expect(findings).toMatchObject([
      { check: 'worker', host: 'h1', problem: 'its network worker is forced down', safe: false },
    ]);
    const fix = await api.ask('POST', `${path}/fix`, { fix: {} });
    expect(fix).toMatchObject({ status: 200, body: { mended: [], findings } });
    await api.ask(
      'PUT',
      '/v2.1/os-services/force-down',
      { ...down, forced_down: false },
      { headers: { 'x-openstack-nova-api-version': '2.11' } },
    );
    expect(problems(await examine())).toEqual([]);
  });

  it.each([
    { query: '?instance=nobody', status: 404 },
    { query: '?address=192.0.2.77', status: 404 },
    { query: '?host=h9', status: 404 },
    { query: '?host=-bad-', status: 404 },
    { query: '?address=bogus', status: 400 },
    { query: '?host=h1&instance=web', status: 400 },
    { query: '?instance=', status: 400 },
    { query: '?color=red', status: 400 },
  ])('answers $query with $status', async ({ query, status }) => {
    expect((await api.ask('GET', path + query)).status).toBe(status);
  });

  it.each([{ body: {} }, { body: { fix: { color: 'red' } } }, { body: { fix: { host: 7 } } }])(
    'refuses to mend $body',
    async ({ body }) => {
      expect((await api.ask('POST', `${path}/fix`, body)).status).toBe(400);
    },
  );

  it('is for administrators', async () => {
    expect((await api.ask('GET', path, undefined, { token: USER })).status).toBe(403);
    expect((await api.ask('POST', `${path}/fix`, { fix: {} }, { token: USER })).status).toBe(403);
  });
});

it('nobody is asked for leases where no host serves DHCP', async () => {
  const options = { network_manager: 'FlatManager' };
  const servers = { databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') };
  const flat = await TestApi.create(servers, options);
  onTestFinished(() => flat.remove());
  const network = { label: 'private', cidr: '10.0.0.0/24', bridge: 'br100' };
  const { body } = await flat.ask('POST', '/v2.1/os-networks', { network });
  await allocate(flat, WEB, body.network.id);
  const { checked } = (await flat.ask('GET', `${path}?instance=web`)).body;
  const checks = checked.map(({ check }: Json) => check);
  expect(checks).toEqual(['instance', 'worker', 'security groups']);
});
