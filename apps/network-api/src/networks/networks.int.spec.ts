import { parseHostName } from '@novanet/net-address';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestApi, type Json } from '../testing/test-api.js';

const NOBODY = '20c8acc0-f747-4d71-a389-46d078ebf047';
const A = { token: 'ann:a' };
const B = { token: 'bob:b' };
const PATH = '/v2.1/os-networks';

let flat: TestApi;
let vlan: TestApi;

beforeAll(async () => {
  const servers = { databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') };
  flat = await TestApi.create(servers);
  vlan = await TestApi.create(servers, { network_manager: 'VlanManager', vlan_interface: 'eth1' });
}, 120_000);

afterAll(async () => {
  await flat?.remove();
  await vlan?.remove();
});

let next = 0;

/** In a range of its own. */
async function create(api: TestApi, more: object = {}): Promise<Json> {
  next += 1;
  const { status, body } = await api.ask('POST', PATH, {
    network: { label: `n${next}`, cidr: `10.${next}.0.0/24`, ...more },
  });
  expect(body).toMatchObject({ network: { id: expect.any(String) } });
  expect(status).toBe(200);
  return body.network;
}

async function idsFor(api: TestApi, who: { token?: string }): Promise<string[]> {
  const { body } = await api.ask('GET', PATH, undefined, who);
  return body.networks.map(({ id }: Json) => id);
}

/** Gives an instance an address, as a worker does. */
async function boot(api: TestApi, uuid: string): Promise<string> {
  const instance = crypto.randomUUID();
  const network = (await api.ipam.networks.findByUuid(uuid))!;
  await api.ipam.fixedIps.allocate({
    instance: { uuid: instance, projectId: 'a', host: parseHostName('h1') },
    nics: [{ network }],
  });
  return instance;
}

describe('who sees which networks', () => {
  it.each([
    ['FlatDHCPManager: also those of nobody', () => flat, ['own', 'free']],
    ['VlanManager: those of his project only', () => vlan, ['own']],
  ])('%s', async (_, of, seen) => {
    const api = of();
    const networks: Json = {
      own: await create(api, { project_id: 'a' }),
      other: await create(api, { project_id: 'b' }),
      free: await create(api),
    };
    const all = Object.values<Json>(networks).map(({ id }) => id);
    expect(await idsFor(api, {})).toEqual(expect.arrayContaining(all));
    expect((await idsFor(api, A)).filter((id) => all.includes(id))).toEqual(
      seen.map((name) => networks[name].id),
    );
    const statuses = Object.entries<Json>(networks).map(async ([name, { id }]) => {
      return [name, (await api.ask('GET', `${PATH}/${id}`, undefined, A)).status];
    });
    expect(Object.fromEntries(await Promise.all(statuses))).toEqual(
      Object.fromEntries(Object.keys(networks).map((name) => [name, seen.includes(name) ? 200 : 404])),
    );
    const own = await api.ask('GET', `${PATH}/${networks.own.id}`, undefined, A);
    expect(Object.keys(own.body.network)).toHaveLength(11);
    expect(networks.own).toMatchObject(own.body.network);
    expect((await api.ask('GET', `${PATH}/${networks.other.id}`)).body.network).toEqual(networks.other);
  });
});

describe("another project's network", () => {
  it.each([
    ['GET', '', undefined, 404],
    ['GET', '/usage', undefined, 403],
    ['DELETE', '', undefined, 403],
    ['POST', '/action', { disassociate: null }, 403],
    ['POST', '/action', { disassociate_project: null }, 403],
    ['POST', '/action', { disassociate_host: null }, 403],
    ['POST', '/action', { associate_host: 'h1' }, 403],
  ])('%s %s %j answers %i', async (method, path, body, status) => {
    const { id } = await create(flat, { project_id: 'a' });
    const answer = await flat.ask(method, `${PATH}/${id}${path}`, body, B);
    expect(answer.status).toBe(status);
    expect((await flat.ask('GET', `${PATH}/${id}`)).body.network.project_id).toBe('a');
  });

  it('cannot be taken, created or given either', async () => {
    const { id } = await create(vlan, { project_id: 'a' });
    expect((await vlan.ask('POST', `${PATH}/add`, { id }, B)).status).toBe(403);
    expect((await vlan.ask('POST', PATH, { network: { label: 'x' } }, B)).status).toBe(403);
    expect((await vlan.ask('POST', `${PATH}/add`, { id })).status).toBe(409);
  });
});

describe('creating', () => {
  it('takes what nova’s client sends and nova refuses: both families, uuid, priority, a number for vpn_start', async () => {
    const uuid = crypto.randomUUID();
    const network = await create(vlan, {
      cidr: '172.16.5.0/24',
      cidr_v6: 'fd00:5::/64',
      uuid,
      priority: '1',
      vlan: 505,
      vpn_start: 5005,
      mtu: 1450,
      project_id: 'p1',
    });
    expect(network).toMatchObject({
      id: uuid,
      cidr: '172.16.5.0/24',
      cidr_v6: 'fd00:5::/64',
      priority: 1,
      vlan: 505,
      vpn_public_port: 5005,
      project_id: 'p1',
      created_at: expect.any(String),
    });
    expect(await create(vlan, { vpn_start: '6006' })).toMatchObject({ vpn_public_port: 6006 });
  });

  it('cuts a range into several networks', async () => {
    const { status, body } = await flat.ask('POST', PATH, {
      network: { label: 'many', cidr: '172.20.0.0/24', num_networks: 2, network_size: 64 },
    });
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['network', 'networks']);
    expect(body.networks.map(({ cidr }: Json) => cidr)).toEqual(['172.20.0.0/26', '172.20.0.64/26']);
    expect(body.network).toEqual(body.networks[0]);
  });

  const free = { label: 'x', cidr: '172.21.0.0/24' };

  it.each([
    ['no label', { network: { cidr: '172.21.0.0/24' } }, 400, "'label' is a required property"],
    ['an empty label', { network: { ...free, label: '' } }, 400, 'label is required to create a network.'],
    ['no range', { network: { label: 'x' } }, 400, 'cidr or cidr_v6 is required to create a network.'],
    [
      'a property that nobody knows',
      { network: { ...free, id: 7 } },
      400,
      /^Invalid input for field\/attribute network\. Value: \{.*\}\. Additional properties are not allowed \('id' was unexpected\)$/,
    ],
    [
      'a second object',
      { network: free, more: 1 },
      400,
      "Additional properties are not allowed ('more' was unexpected)",
    ],
    ['an address outside', { network: { ...free, gateway: '10.0.0.1' } }, 400, 'is not within 172.21.0.0/24'],
    ['a VLAN beyond 4094', { network: { ...free, vlan: 4095 } }, 400, 'cannot be greater than 4094'],
    ['a VLAN that is taken', { network: { ...free, vlan: 777 } }, 409, 'Detected existing vlan with id 777'],
    [
      'VLANs beyond 4094',
      { network: { ...free, vlan_start: 4094, num_networks: 2, network_size: 64 } },
      400,
      'is more than 4094',
    ],
    [
      'more networks than fit',
      { network: { ...free, num_networks: 9, network_size: 64 } },
      400,
      'do not fit',
    ],
    [
      'a range that is taken',
      { network: { ...free, cidr: '172.30.0.0/24' } },
      409,
      'conflicts with existing',
    ],
    ['a uuid that is taken', { network: { ...free, uuid: NOBODY } }, 400, 'with this uuid exists already'],
  ])('refuses %s', async (_, body, status, message) => {
    if ((await vlan.ask('GET', `${PATH}/${NOBODY}`)).status === 404) {
      await create(vlan, { uuid: NOBODY, vlan: 777, cidr: '172.30.0.0/24' });
    }
    const answer = await vlan.ask('POST', PATH, body);
    expect(answer.status).toBe(status);
    const [fault] = Object.values<Json>(answer.body);
    expect(fault.message).toMatch(
      typeof message === 'string' ? new RegExp(message.replace(/[()]/g, '\\$&')) : message,
    );
  });

  it('passes over unknown properties by /v2', async () => {
    const network = { label: 'old', cidr: '172.22.0.0/24', id: 7 };
    const { status, body } = await flat.ask('POST', '/v2/os-networks', { network, more: 1 });
    expect({ status, label: body.network?.label }).toEqual({ status: 200, label: 'old' });
  });
});

describe.each([
  ['FlatDHCPManager', () => flat],
  ['VlanManager', () => vlan],
])('project and host of a network (%s)', (_manager, of) => {
  const project = { project_id: 'a' };

  it.each([
    [{ associate_host: 'h1' }, project, { project_id: 'a', host: 'h1' }],
    [{ disassociate: null }, project, { project_id: null, host: null }],
    [{ disassociate_host: null }, project, { project_id: 'a', host: null }],
    [{ disassociate_project: null }, project, { project_id: null, host: 'h1' }],
  ])('are changed by %j', async (action, before, after) => {
    const { id } = await create(of(), before);
    const isFirst = 'associate_host' in action;
    if (!isFirst) await of().ask('POST', `${PATH}/${id}/action`, { associate_host: 'h1' });
    expect(await of().ask('POST', `${PATH}/${id}/action`, action)).toMatchObject({
      status: 202,
      body: undefined,
    });
    expect((await of().ask('GET', `${PATH}/${id}`)).body.network).toMatchObject(after);
  });

  it('are changed by PUT, what is left out stays', async () => {
    const { id } = await create(of());
    for (const [change, after] of [
      [{ project_id: 'b' }, { project_id: 'b', host: null }],
      [{ host: 'h1' }, { project_id: 'b', host: 'h1' }],
      [{}, { project_id: 'b', host: 'h1' }],
      [
        { project_id: null, host: null },
        { project_id: null, host: null },
      ],
    ]) {
      const { status, body } = await of().ask('PUT', `/v2.1/os-novanet-networks/${id}`, { network: change });
      expect(status).toBe(200);
      expect(body.network).toMatchObject({ id, ...after });
    }
  });
});

describe('refusals', () => {
  it.each([
    ['POST', `/${NOBODY}/action`, { disassociate: null }, 404, 'Network not found'],
    ['POST', '/private/action', { associate_host: 'h1' }, 404, 'Network not found'],
    ['POST', `/${NOBODY}/action`, { explode: null }, 400, 'There is no such action: explode'],
    ['POST', `/${NOBODY}/action`, undefined, 400, 'Malformed request body'],
    ['GET', `/${NOBODY}/usage`, undefined, 404, 'Network not found'],
    ['DELETE', `/${NOBODY}`, undefined, 404, 'Network not found'],
    ['POST', '/add', { id: NOBODY }, 501, 'The requested functionality is not supported.'],
    ['POST', '/add', {}, 400, /'id' is a required property/],
    ['POST', '/add', { id: 7 }, 400, /attribute id\. Value: 7/],
  ] as const)('%s %s %j', async (method, path, body, status, message) => {
    const answer = await flat.ask(method, PATH + path, body);
    expect(answer.status).toBe(status);
    expect(Object.values<Json>(answer.body)[0].message).toMatch(message);
  });

  it('a host that does not serve networks', async () => {
    const { id } = await create(flat);
    const { status } = await flat.ask('POST', `${PATH}/${id}/action`, { associate_host: 'h9' });
    expect(status).toBe(404);
    expect(
      (await flat.ask('PUT', `/v2.1/os-novanet-networks/${id}`, { network: { host: 'h9' } })).status,
    ).toBe(404);
    expect((await flat.ask('GET', `${PATH}/${id}`)).body.network.host).toBeNull();
  });
});

describe('taking a network (VlanManager)', () => {
  const own = { token: 'admin:taker' };

  it('gives the named one, or any that is free, while there are some', async () => {
    const { id } = await create(vlan);
    expect((await vlan.ask('POST', `${PATH}/add`, { id }, own)).status).toBe(202);
    expect((await vlan.ask('GET', `${PATH}/${id}`)).body.network.project_id).toBe('taker');
    const unknown = await vlan.ask('POST', `${PATH}/add`, { id: 'vmnet' }, own);
    expect(unknown).toMatchObject({
      status: 400,
      body: { badRequest: { message: 'Network could not be found for uuid vmnet' } },
    });
    const free = (await vlan.ipam.networks.list()).filter(({ projectId }) => projectId === null).length;
    expect(free).toBeGreaterThan(0);
    for (let taken = 0; taken < free; taken += 1) {
      expect((await vlan.ask('POST', `${PATH}/add`, { id: null }, own)).status).toBe(202);
    }
    expect(await vlan.ask('POST', `${PATH}/add`, { id: null }, own)).toMatchObject({
      status: 400,
      body: { badRequest: { message: 'No more available networks.' } },
    });
  });
});

describe('the usage of a network', () => {
  it('counts the addresses of each subnet', async () => {
    const { id } = await create(flat, { cidr: '172.23.0.0/28', cidr_v6: 'fd00:23::/64' });
    const [first] = [await boot(flat, id), await boot(flat, id)];
    const { fixedIps } = flat.ipam;
    const [nic] = await fixedIps.nicsOf(first);
    const address = nic!.fixedIps[0]!.address;
    const usage = async () => (await flat.ask('GET', `${PATH}/${id}/usage`)).body.subnets;
    const v4 = { cidr: '172.23.0.0/28', version: 4, size: 16, reserved: 3 };
    const v6 = { cidr: 'fd00:23::/64', version: 6, size: null, reserved: null, free: null };
    const none = { leased: 0, draining: 0 };
    expect(await usage()).toEqual([
      { ...v4, ...none, allocated: 2, free: 11 },
      { ...v6, ...none, allocated: 2 },
    ]);
    await fixedIps.recordLease({ address, mac: nic!.vif.mac, host: parseHostName('h1') });
    expect(await usage()).toMatchObject([{ allocated: 2, leased: 1, draining: 0, free: 11 }, {}]);
    await fixedIps.deallocate(first);
    expect(await usage()).toMatchObject([
      { allocated: 1, leased: 1, draining: 1, reserved: 3, free: 11 },
      { allocated: 1 },
    ]);
    expect((await flat.ask('DELETE', `${PATH}/${id}`)).body.conflictingRequest.message).toBe(
      `Network ${id} is still in use.`,
    );
  });
});
