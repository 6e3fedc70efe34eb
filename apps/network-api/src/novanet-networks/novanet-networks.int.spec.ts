import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestApi, type Json } from '../testing/test-api.js';

const NOBODY = '20c8acc0-f747-4d71-a389-46d078ebf047';
const PATH = '/v2.1/os-novanet-networks';

let api: TestApi;

beforeAll(async () => {
  const servers = { databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') };
  api = await TestApi.create(servers, { network_manager: 'VlanManager', vlan_interface: 'eth1' });
}, 120_000);

afterAll(() => api?.remove());

let next = 0;

/** A project's own, in a range and a VLAN that no other test uses. */
async function create(): Promise<Json> {
  next += 1;
  const network = {
    label: `n${next}`,
    cidr: `10.${next}.0.0/24`,
    cidr_v6: `fd00:${next}::/64`,
    project_id: 'a',
  };
  return (await api.ask('POST', '/v2.1/os-networks', { network })).body.network;
}

/** Everything of an answer that says no. */
const faultOf = ({ status, body }: Json) => `${status} ${Object.values<Json>(body)[0].message}`;

describe('PUT changes', () => {
  it('everything at once, and answers the network as os-networks shows it', async () => {
    const { id, updated_at: _, ...before } = await create();
    const network = {
      label: 'edited',
      gateway: `10.${next}.0.254`,
      gateway_v6: `fd00:${next}::9`,
      dhcp_server: `10.${next}.0.1`,
      dhcp_start: `10.${next}.0.100`,
      dns1: '192.0.2.1',
      dns2: '192.0.2.2',
      bridge_interface: 'eth9',
      vlan: '3000',
      mtu: 1400,
      priority: 2,
      project_id: 'b',
      host: 'h1',
      vpn_public_port: 3000,
      vpn_public_address: '203.0.113.9',
    };
    const { status, body } = await api.ask('PUT', `${PATH}/${id}`, { network });
    const after = { ...before, ...network, id, vlan: 3000, bridge: 'br3000', updated_at: expect.any(String) };
    expect({ status, body }).toEqual({ status: 200, body: { network: after } });
    expect((await api.ask('GET', `/v2.1/os-networks/${id}`)).body.network).toEqual(after);
    const none = { dns1: null, dns2: null, mtu: null, priority: null, gateway: null, vpn_public_port: null };
    const bare = await api.ask('PUT', `${PATH}/${id}`, { network: none });
    expect(bare.body.network).toMatchObject({ ...none, label: 'edited', dhcp_server: `10.${next}.0.1` });
  });

  it('nothing where something is wrong', async () => {
    const other = await create();
    const before = await create();
    const refusals: [object, RegExp][] = [
      [{ gateway: '192.0.2.1' }, /^400 192\.0\.2\.1 is not within/],
      [{ gateway: 'there' }, /^400 .*attribute gateway.*is not a 'ipv4'/],
      [{ gateway: before.vpn_private_address }, /^409 .*is its VPN server's/],
      [{ dns1: '' }, /^400 .*attribute dns1/],
      [{ vlan: other.vlan }, new RegExp(`^409 Detected existing vlan with id ${other.vlan}`)],
      [{ vlan: 4095 }, /^400 The vlan number cannot be greater than 4094/],
      [{ vlan: null }, /^400 .*vlan cannot be taken away/],
      [{ bridge: 'a/b' }, /^400 .*bridge/],
      [{ bridge: other.bridge }, /^409 .*is that of network/],
      [{ mtu: 67 }, /^400 .*mtu must be between 68 and 65535/],
      [{ label: null }, /^400 .*label cannot be taken away/],
      [{ vpn_public_port: 65_536 }, /^400 .*vpn_public_port must be between 1 and 65535/],
      [{ host: 'nowhere' }, /^404 Could not find binary nova-network on host nowhere\./],
      [{ cidr: '10.0.0.0/8' }, /^400 .*Additional properties are not allowed \('cidr'/],
    ];
    for (const [wrong, words] of refusals) {
      const answer = await api.ask('PUT', `${PATH}/${before.id}`, {
        network: { dns2: '192.0.2.9', ...wrong },
      });
      expect.soft({ wrong, fault: faultOf(answer) }).toEqual({ wrong, fault: expect.stringMatching(words) });
    }
    const after = (await api.ask('GET', `/v2.1/os-networks/${before.id}`)).body.network;
    expect({ ...after, updated_at: null }).toEqual({ ...before, updated_at: null });
  });

  it('no segment under instances, but what they learn from DHCP', async () => {
    const { id, cidr } = await create();
    const instance = crypto.randomUUID();
    const boot = {
      instance_id: instance,
      project_id: 'a',
      host: 'h1',
      rxtx_factor: 1,
      vpn: false,
      macs: null,
    };
    await api.tellWorker('allocate_for_instance', { ...boot, requested_networks: [[id, null]] });
    const cut = await api.ask('PUT', `${PATH}/${id}`, { network: { vlan: 3001 } });
    expect(faultOf(cut)).toMatch(/^409 .*another vlan and bridge would cut off the instances/);
    const held = (await api.ipam.fixedIps.nicsOf(instance))[0]!.fixedIps[0]!.address.toString();
    const taken = await api.ask('PUT', `${PATH}/${id}`, { network: { gateway: held } });
    expect(faultOf(taken)).toBe(`409 Fixed IP address ${held} is already in use on instance ${instance}.`);
    const live = { dns1: '192.0.2.1', mtu: 1400, gateway: cidr.replace('0/24', '9') };
    expect(await api.ask('PUT', `${PATH}/${id}`, { network: live })).toMatchObject({
      status: 200,
      body: { network: live },
    });
  });
});

describe('convert', () => {
  it('makes each host serve its own instances, or one host all', async () => {
    const { id } = await create();
    const convert = (body: object) => api.ask('POST', `${PATH}/${id}/action`, { convert: body });
    for (const [body, after] of [
      [{ multi_host: true }, { multi_host: true, host: null }],
      [
        { multi_host: false, host: 'h1' },
        { multi_host: false, host: 'h1' },
      ],
      [
        { multi_host: false, host: null },
        { multi_host: false, host: 'h1' },
      ],
    ] as const) {
      expect(await convert(body)).toMatchObject({ status: 200, body: { network: { id, ...after } } });
    }
    expect(faultOf(await convert({ multi_host: false, host: 'nowhere' }))).toMatch(/^404 /);
  });

  it.each([
    [{ convert: { multi_host: 'maybe' } }, /^400 .*attribute multi_host/],
    [{ convert: {} }, /^400 .*attribute multi_host/],
    [{ convert: { multi_host: true, host: 'a b' } }, /^400 .*attribute host/],
    [{ explode: null }, /^400 .*'convert' is a required property/],
    [{}, /^400 .*'convert' is a required property/],
  ])('is not %j', async (body, words) => {
    const { id } = await create();
    expect(faultOf(await api.ask('POST', `${PATH}/${id}/action`, body))).toMatch(words);
  });
});

describe.each([
  ['PUT', '', { network: { label: 'x' } }],
  ['POST', '/action', { convert: { multi_host: true } }],
])('%s %s', (method, path, body) => {
  it('is administrators’, also where the network is one’s own', async () => {
    const { id } = await create();
    for (const token of ['ann:a', 'bob:b']) {
      expect((await api.ask(method, `${PATH}/${id}${path}`, body, { token })).status).toBe(403);
    }
  });

  it('knows no network that there is not', async () => {
    expect(faultOf(await api.ask(method, `${PATH}/${NOBODY}${path}`, body))).toBe('404 Network not found');
  });
});
