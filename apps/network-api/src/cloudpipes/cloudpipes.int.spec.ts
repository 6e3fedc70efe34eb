import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { registerInstance } from '../testing/test-instances.js';
import { TestApi, type Json } from '../testing/test-api.js';
import { startVpnServer } from '../testing/vpn-server.js';

const PATH = '/v2.1/os-cloudpipe';
const CONFIGURE = `${PATH}/configure-project`;

let api: TestApi;

beforeAll(async () => {
  const servers = { databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') };
  const options = { network_manager: 'VlanManager', vlan_interface: 'eth1', vpn_ip: '192.0.2.11' };
  api = await TestApi.create(servers, options);
}, 120_000);

afterAll(() => api?.remove());

let next = 0;

/** A project with a network of its own. */
async function projectWithNetwork(): Promise<{ projectId: string; network: Json }> {
  next += 1;
  return { projectId: `p${next}`, network: await createNetwork(`p${next}`) };
}

let range = 0;

async function createNetwork(projectId: string | null): Promise<Json> {
  range += 1;
  const network = { label: `n${range}`, cidr: `10.${range}.0.0/24`, project_id: projectId };
  return (await api.ask('POST', '/v2.1/os-networks', { network })).body.network;
}

/** As the compute service asks for an instance of the VPN image. */
async function bootVpn(projectId: string): Promise<string> {
  const instance_id = crypto.randomUUID();
  await registerInstance(api, instance_id, projectId);
  const args = { instance_id, project_id: projectId, host: 'h1', rxtx_factor: 1, vpn: true };
  await api.tellWorker('allocate_for_instance', { ...args, macs: null, requested_networks: null });
  return instance_id;
}

async function cloudpipesOf(projectId: string): Promise<Json[]> {
  const { status, body } = await api.ask('GET', PATH);
  expect(status).toBe(200);
  return body.cloudpipes.filter((one: Json) => one.project_id === projectId);
}

function configure(configure_project: object, token = 'admin:admin') {
  return api.ask('PUT', CONFIGURE, { configure_project }, { token });
}

const faultOf = ({ status, body }: Json) => `${status} ${Object.values<Json>(body)[0].message}`;

describe('the list', () => {
  it('has every project that could have a VPN, and who it is', async () => {
    const { projectId, network } = await projectWithNetwork();
    const unset = { project_id: projectId, public_ip: null, public_port: network.vpn_public_port };
    expect(await cloudpipesOf(projectId)).toEqual([{ ...unset, state: 'pending' }]);
    const instance = await bootVpn(projectId);
    expect(await cloudpipesOf(projectId)).toEqual([
      {
        ...unset,
        instance_id: instance,
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        internal_ip: network.vpn_private_address,
        public_ip: '192.0.2.11',
        state: 'down',
      },
    ]);
  });

  it('knows whether it answers', async () => {
    const server = await startVpnServer();
    onTestFinished(() => server.stop());
    const { projectId, network } = await projectWithNetwork();
    await bootVpn(projectId);
    const place = { vpn_ip: '127.0.0.1', vpn_port: String(server.port), project_id: projectId };
    expect(await configure(place)).toMatchObject({ status: 202, body: undefined });
    const here = { public_ip: '127.0.0.1', public_port: server.port };
    // One answer in 50 ms is much to ask of a machine that is busy.
    await expect.poll(() => cloudpipesOf(projectId)).toMatchObject([{ ...here, state: 'running' }]);
    const none = { network: { vpn_public_port: null } };
    await api.ask('PUT', `/v2.1/os-novanet-networks/${network.id}`, none);
    expect(await cloudpipesOf(projectId)).toMatchObject([{ public_port: null, state: 'invalid' }]);
  });
});

describe('configure-project', () => {
  it('says where the VPNs of all networks of the project are reached, and of no other', async () => {
    const { projectId, network } = await projectWithNetwork();
    const second = await createNetwork(projectId);
    const other = await createNetwork('else');
    const place = { vpn_ip: '203.0.113.5', vpn_port: 5000 };
    expect((await configure(place)).status).toBe(404);
    expect((await configure(place, `admin:${projectId}`)).status).toBe(202);
    expect((await configure({ ...place, project_id: projectId })).status).toBe(202);
    const shown = async ({ id }: Json) => (await api.ask('GET', `/v2.1/os-networks/${id}`)).body.network;
    const after = { vpn_public_address: '203.0.113.5', vpn_public_port: 5000 };
    expect(await shown(network)).toMatchObject(after);
    expect(await shown(second)).toMatchObject(after);
    expect(await shown(other)).toEqual(other);
    const taken = await configure({ ...place, project_id: 'else' });
    expect(faultOf(taken)).toMatch(/^409 .*203\.0\.113\.5:5000 leads to the VPN of network/);
  });

  it('takes no free network for a project that has none', async () => {
    const free = await createNetwork(null);
    const answer = await configure({ vpn_ip: '203.0.113.6', vpn_port: 6000, project_id: 'poor' });
    expect(faultOf(answer)).toBe('404 Project poor has no network with an address for a VPN.');
    expect((await api.ask('GET', `/v2.1/os-networks/${free.id}`)).body.network).toEqual(free);
  });

  it.each<[object, RegExp]>([
    [{ vpn_ip: 'x', vpn_port: 1 }, /attribute vpn_ip.*is not a 'ipv4'/],
    [{ vpn_ip: '203.0.113.7' }, /'vpn_port' is a required property/],
    [{ vpn_ip: '203.0.113.7', vpn_port: 'x' }, /attribute vpn_port/],
    [{ vpn_ip: '203.0.113.7', vpn_port: 65_536 }, /between 1 and 65535/],
    [{ vpn_ip: '203.0.113.7', vpn_port: 1, more: 1 }, /Additional properties .*'more'/],
  ])('refuses %j', async (wish, words) => {
    const { projectId } = await projectWithNetwork();
    const fault = faultOf(await configure({ project_id: projectId, ...wish }));
    expect(fault).toMatch(/^400 /);
    expect(fault).toMatch(words);
  });

  it('is the only thing that can be put', async () => {
    const body = { configure_project: { vpn_ip: '203.0.113.8', vpn_port: 1 } };
    expect(faultOf(await api.ask('PUT', `${PATH}/explode`, body))).toBe('400 Unknown action explode');
  });
});

it('an instance is not started here, and who does that is said', async () => {
  const answer = await api.ask('POST', PATH, { cloudpipe: { project_id: 'p' } });
  expect(faultOf(answer)).toMatch(/^501 .*compute service.*boot one from the VPN image.*vpn=True/);
});

it.each([
  ['GET', PATH, undefined],
  ['POST', PATH, {}],
  ['PUT', CONFIGURE, { configure_project: { vpn_ip: '203.0.113.9', vpn_port: 1 } }],
])('%s %s is administrators’', async (method, path, body) => {
  expect((await api.ask(method, path, body, { token: 'ann:a' })).status).toBe(403);
});
