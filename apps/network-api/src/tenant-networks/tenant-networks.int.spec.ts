import { parseHostName } from '@novanet/net-address';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestApi, type Json } from '../testing/test-api.js';

const PATH = '/v2.1/os-tenant-networks';
const A = { token: 'ann:a' };
const OWNER = { token: 'admin:owner' };

let api: TestApi;

beforeAll(async () => {
  const servers = { databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') };
  api = await TestApi.create(servers, { enable_network_quota: 'true', quota_networks: '3' });
}, 60_000);

afterAll(() => api?.remove());

let next = 0;

/** For a project of its own, unless told. */
async function create(network: object, token = `admin:p${(next += 1)}`): Promise<Json> {
  return api.ask('POST', PATH, { network }, { token });
}

describe('os-tenant-networks', () => {
  it.each([
    [
      { label: 'v4', cidr: '10.50.0.0/24' },
      { cidr: '10.50.0.0/24', label: 'v4' },
    ],
    [
      { label: 'v6', cidr: 'fd00:2::/64' },
      { cidr: null, label: 'v6' },
    ],
    [
      { label: 'too', cidr_v6: 'fd00:3::/64' },
      { cidr: null, label: 'too' },
    ],
    [
      { label: 'both', cidr: '10.51.0.0/24', cidr_v6: 'fd00:4::/64' },
      { cidr: '10.51.0.0/24', label: 'both' },
    ],
    [
      { label: 'public', cidr: '172.0.0.0/24', vlan_start: 1, num_networks: 1, network_size: 255 },
      { cidr: '172.0.0.0/24', label: 'public' },
    ],
  ])('makes %j for the own project', async (network, made) => {
    const token = `admin:p${(next += 1)}`;
    const { status, body } = await create(network, token);
    expect({ status, body }).toEqual({ status: 200, body: { network: { id: expect.any(String), ...made } } });
    const { id } = body.network;
    expect((await api.ask('GET', `/v2.1/os-networks/${id}`)).body.network.project_id).toBe(token.slice(6));
    expect((await api.ask('GET', `${PATH}/${id}`)).body).toEqual(body);
    expect((await api.ask('GET', PATH)).body.networks).toContainEqual(body.network);
    expect(await api.ask('DELETE', `${PATH}/${id}`, undefined, { token })).toMatchObject({
      status: 202,
      body: undefined,
    });
    expect((await api.ask('GET', `${PATH}/${id}`)).status).toBe(404);
  });

  it('shows a project what it may use', async () => {
    const made = [
      await create({ label: 'own', cidr: '10.52.0.0/24' }, 'admin:a'),
      await create({ label: 'other', cidr: '10.53.0.0/24' }, 'admin:b'),
    ];
    const [own, other] = made.map(({ body }) => body.network);
    expect((await api.ask('GET', PATH, undefined, A)).body.networks).toEqual([own]);
    expect((await api.ask('GET', `${PATH}/${own.id}`, undefined, A)).body).toEqual({ network: own });
    const hidden = await api.ask('GET', `${PATH}/${other.id}`, undefined, A);
    expect(hidden).toMatchObject({ status: 404, body: { itemNotFound: { message: 'Network not found' } } });
  });

  it.each([
    ['POST', '', { network: { label: 'x', cidr: '10.54.0.0/24' } }],
    ['DELETE', '/20c8acc0-f747-4d71-a389-46d078ebf047', undefined],
  ])('%s is for administrators', async (method, path, body) => {
    const { status, body: fault } = await api.ask(method, PATH + path, body, A);
    expect(status).toBe(403);
    expect(fault.forbidden.message).toBe(
      "Policy doesn't allow os_compute_api:os-tenant-networks:write to be performed.",
    );
  });

  it.each([
    ['no label', { cidr: '10.55.0.0/24' }, 400, /'label' is a required property/],
    ['no range', { label: 'x' }, 400, 'cidr or cidr_v6 is required to create a network.'],
    [
      'a property of os-networks',
      { label: 'x', cidr: '10.55.0.0/24', gateway: '10.55.0.1' },
      400,
      /'gateway' was unexpected/,
    ],
    ['a range that is none', { label: 'x', cidr: '10.55.0.0' }, 400, /is not a 'cidr'/],
    [
      'too small a range',
      { label: 'x', cidr: '10.55.0.0/31' },
      400,
      /^Requested network does not contain enough \(2\+\) usable hosts$/,
    ],
    ['a range that is taken', { label: 'x', cidr: '10.56.0.0/24' }, 409, /conflicts with existing cidr/],
  ])('refuses %s', async (_, network, status, message) => {
    if ((await api.ipam.networks.findByCidr('10.56.0.0/24')) === undefined) {
      await create({ label: 'taken', cidr: '10.56.0.0/24' });
    }
    const answer = await create(network);
    expect(answer.status).toBe(status);
    const said = Object.values<Json>(answer.body)[0].message;
    expect(said).toMatch(message);
  });

  it('makes as many as quota_networks allows, and all or none', async () => {
    const { token } = OWNER;
    const three = { label: 'three', cidr: '10.60.0.0/22', num_networks: 3, network_size: 256 };
    const refusal = {
      status: 400,
      body: { badRequest: { code: 400, message: 'Quota exceeded, too many networks.' } },
    };
    expect(await create({ ...three, num_networks: 4 }, token)).toMatchObject(refusal);
    const { status, body } = await create(three, token);
    expect(status).toBe(200);
    expect(body.networks).toHaveLength(3);
    expect(body.networks[0]).toEqual(body.network);
    expect(await create({ label: 'x', cidr: '10.61.0.0/24' }, token)).toMatchObject(refusal);
    await api.ask('DELETE', `${PATH}/${body.network.id}`, undefined, OWNER);
    expect((await create({ label: 'x', cidr: '10.61.0.0/24' }, token)).status).toBe(200);
  });

  it('keeps a network that instances use, and whose it is', async () => {
    const { body } = await create({ label: 'used', cidr: '10.57.0.0/24' }, 'admin:user');
    const { id } = body.network;
    const network = (await api.ipam.networks.findByUuid(id))!;
    await api.ipam.fixedIps.allocate({
      instance: { uuid: crypto.randomUUID(), projectId: 'user', host: parseHostName('h1') },
      nics: [{ network }],
    });
    const { status, body: fault } = await api.ask('DELETE', `${PATH}/${id}`);
    expect(status).toBe(409);
    expect(fault.conflictingRequest.message).toBe(`Network ${id} is still in use.`);
    expect((await api.ipam.networks.findByUuid(id))?.projectId).toBe('user');
  });
});
