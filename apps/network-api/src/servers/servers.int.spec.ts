import { Ipv4 } from '@novanet/net-address';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ADMIN, TestApi, type Answer } from '../testing/test-api.js';
import { giveFloatingIps, registerInstance } from '../testing/test-instances.js';

const A = 'alice:aaaa';
const B = 'bob:bbbb';
const uuidOf = (number: number) => `0000000${number}-0000-4000-8000-000000000000`;
const [web, db, foreign, bare] = [uuidOf(1), uuidOf(2), uuidOf(3), uuidOf(4)];

let api: TestApi;
let network: string;

beforeAll(async () => {
  api = await TestApi.create({ databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') });
  const created = await api.ask('POST', '/v2.1/os-networks', {
    network: { label: 'private', cidr: '10.0.0.0/24' },
  });
  network = created.body.network.id;
  await registerInstance(api, web, 'aaaa', {
    displayName: 'web',
    instanceType: 'm1.small',
    meta: { a: 'b' },
  });
  await registerInstance(api, db, 'aaaa', { displayName: 'db_1', securityGroups: [] });
  await registerInstance(api, foreign, 'bbbb', { displayName: 'web' });
  await registerInstance(api, bare, 'aaaa', { hostname: 'bare' });
  for (const server of [web, db, foreign]) await act(server, { addFixedIp: { networkId: network } }, ADMIN);
}, 60_000);
afterAll(() => api?.remove());

function act(server: string, body: unknown, token = A): Promise<Answer> {
  return api.ask('POST', `/v2.1/servers/${server}/action`, body, { token });
}

/** Address and kind of everything that the server holds. */
async function addressesOf(server: string, token = ADMIN): Promise<string[]> {
  const { body } = await api.ask('GET', `/v2.1/servers/${server}`, undefined, { token });
  const all: Record<string, Record<string, string>[]> = body.server.addresses;
  return Object.values(all).flatMap((list) =>
    list.map((each) => `${each['OS-EXT-IPS:type']} ${each['addr']}`),
  );
}

function messageOf({ body }: Answer): string {
  return body.error.message;
}

describe('servers', () => {
  const names = async (path: string, token = A) => {
    const { status, body } = await api.ask('GET', path, undefined, { token });
    return status === 200 ? body.servers.map(({ name }: { name: string }) => name) : status;
  };

  it.each([
    { path: '/v2.1/servers', names: ['bare', 'db_1', 'web'] },
    { path: '/v2.1/servers/detail', names: ['bare', 'db_1', 'web'] },
    { path: '/v2.1/aaaa/servers?name=web', names: ['web'] },
    { path: '/v2.1/servers?name=b', names: ['bare', 'db_1', 'web'] },
    { path: '/v2.1/servers?name=^b', names: ['bare'] },
    { path: '/v2.1/servers?name=^db_1$', names: ['db_1'] },
    { path: '/v2.1/servers?name=db%25', names: [] },
    { path: '/v2.1/servers?name=(a%2B)%2B', names: [] },
    { path: '/v2.1/servers?limit=2', names: ['bare', 'db_1'] },
    { path: `/v2.1/servers?limit=2&marker=${db}`, names: ['web'] },
    { path: '/v2.1/servers?limit=0', names: [] },
    { path: '/v2.1/servers?all_tenants=0', names: ['bare', 'db_1', 'web'] },
    { path: '/v2.1/servers?all_tenants=1', names: 403 },
    { path: '/v2.1/servers?limit=x', names: 400 },
    { path: '/v2.1/servers?limit=-1', names: 400 },
    { path: `/v2.1/servers?marker=${foreign}`, names: 400 },
    { path: '/v2.1/servers', token: B, names: ['web'] },
    { path: '/v2.1/servers', token: ADMIN, names: [] },
    { path: '/v2.1/servers?all_tenants=True', token: ADMIN, names: ['bare', 'web', 'db_1', 'web'] },
    { path: '/v2.1/servers?all_tenants=1&tenant_id=bbbb', token: ADMIN, names: ['web'] },
  ])('$path lists $names', async ({ path, token, names: wanted }) => {
    expect(await names(path, token)).toEqual(wanted);
  });

  it('are listed in pages that lead to each other', async () => {
    const first = await api.ask('GET', '/v2.1/servers?limit=1&name=b', undefined, { token: A });
    const [{ href }] = first.body.servers_links;
    expect(href).toBe(`${api.url}/v2.1/servers?limit=1&name=b&marker=${bare}`);
    const second = await api.ask('GET', href.slice(api.url.length), undefined, { token: A });
    expect(second.body.servers).toMatchObject([{ id: db }]);
  });

  it('are shown with addresses and security groups', async () => {
    const { status, body } = await api.ask('GET', `/v2.1/servers/${web}`, undefined, { token: A });
    expect(status).toBe(200);
    const link = (rel: string, path: string) => ({ rel, href: `${api.url}${path}/servers/${web}` });
    expect(body.server).toEqual({
      id: web,
      name: 'web',
      links: [link('self', '/v2.1'), link('bookmark', '')],
      status: 'ACTIVE',
      tenant_id: 'aaaa',
      user_id: 'u1',
      hostId: expect.stringMatching(/^[0-9a-f]{56}$/),
      addresses: {
        private: [
          {
            addr: '10.0.0.2',
            version: 4,
            'OS-EXT-IPS:type': 'fixed',
            'OS-EXT-IPS-MAC:mac_addr': expect.stringMatching(/^fa:16:3e:/),
          },
        ],
      },
      security_groups: [],
      flavor: { id: 'm1.small', links: [] },
      image: '',
      key_name: null,
      metadata: { a: 'b' },
      created: expect.stringMatching(/^\d{4}-.*Z$/),
      updated: expect.stringMatching(/^\d{4}-.*Z$/),
      accessIPv4: '',
      accessIPv6: '',
      config_drive: '',
      'OS-EXT-AZ:availability_zone': '',
    });
  });

  it.each(['vm1', foreign, '00000000-0000-4000-8000-000000000099'])('%s is none of them', async (id) => {
    const { status, body } = await api.ask('GET', `/v2.1/servers/${id}`, undefined, { token: A });
    expect(status).toBe(404);
    expect(body.itemNotFound.message).toBe(`Instance ${id} could not be found.`);
  });

  it('of all projects are shown to an administrator', async () => {
    expect((await api.ask('GET', `/v2.1/servers/${foreign}`)).status).toBe(200);
  });
});

describe('os-virtual-interfaces', () => {
  const path = () => `/servers/${web}/os-virtual-interfaces`;
  const nic = { id: expect.any(String), mac_address: expect.stringMatching(/^fa:16:3e:/) };

  it.each([
    { version: '2.1', prefix: '/v2.1', more: () => ({}) },
    { version: '2.12', prefix: '/v2.1', more: () => ({ net_id: network }) },
    { version: '2.12', prefix: '/v2', more: () => ({ 'OS-EXT-VIF-NET:net_id': network }) },
  ])('$prefix at $version has the network or not', async ({ version, prefix, more }) => {
    const headers = { 'x-openstack-nova-api-version': version };
    const { body } = await api.ask('GET', prefix + path(), undefined, { token: A, headers });
    expect(body).toEqual({ virtual_interfaces: [{ ...nic, ...more() }] });
  });

  it.each([
    { query: '?limit=1', count: 1 },
    { query: '?offset=1', count: 0 },
    { query: '?limit=x', status: 400 },
    { query: '?offset=-1', status: 400 },
  ])('$query', async ({ query, count, status = 200 }) => {
    const answer = await api.ask('GET', `/v2.1${path()}${query}`, undefined, { token: A });
    expect(answer.status).toBe(status);
    expect(answer.body.virtual_interfaces?.length).toBe(count);
  });
});

describe('an action', () => {
  it.each<{ body: unknown; message: string }>([
    { body: {}, message: 'Malformed request body' },
    { body: [], message: 'Malformed request body' },
    { body: { reboot: {}, addFixedIp: {} }, message: 'Malformed request body' },
    { body: { reboot: { type: 'HARD' } }, message: 'There is no such action: reboot' },
    { body: { constructor: {} }, message: 'There is no such action: constructor' },
    {
      body: { addFloatingIp: {} },
      message: "Invalid input for field/attribute address. 'address' is a required property",
    },
    { body: { addFloatingIp: null }, message: 'Malformed request body' },
    { body: { addFloatingIp: { address: 'x' } }, message: `"x" is not a 'ip_address'` },
    { body: { addFloatingIp: { address: '192.0.2.1', more: 1 } }, message: "'more' was unexpected" },
    { body: { removeFloatingIp: { address: 7 } }, message: `7 is not a 'ip_address'` },
    { body: { addFixedIp: {} }, message: "'networkId' is a required property" },
    { body: { addFixedIp: { networkId: '' } }, message: `"" is not a 'network_id'` },
    { body: { addFixedIp: { networkId: 'x'.repeat(37) } }, message: `is not a 'network_id'` },
    { body: { addFixedIp: { networkId: {} } }, message: `{} is not a 'network_id'` },
    { body: { removeFixedIp: { address: '10.0.0' } }, message: `"10.0.0" is not a 'ip_address'` },
    { body: { addSecurityGroup: null }, message: 'Missing parameter dict' },
    { body: { addSecurityGroup: {} }, message: 'Security group not specified' },
    { body: { addSecurityGroup: { name: null } }, message: 'Security group not specified' },
    { body: { removeSecurityGroup: { name: ' ' } }, message: 'Security group name cannot be empty' },
  ])('$body is refused', async ({ body, message }) => {
    const answer = await act(web, body);
    expect(answer.status).toBe(400);
    expect(messageOf(answer)).toContain(message);
  });

  it('by /v2 may have more properties', async () => {
    const body = { removeFixedIp: { address: '10.0.0.99', more: 1 } };
    const answer = await api.ask('POST', `/v2/servers/${web}/action`, body, { token: A });
    expect(messageOf(answer)).toBe(`Instance ${web} doesn't have fixed IP '10.0.0.99'.`);
  });
});

describe('fixed IPs', () => {
  it('come and go at once', async () => {
    expect((await act(web, { addFixedIp: { networkId: network } })).status).toBe(202);
    const held = await addressesOf(web);
    expect(held.length).toBe(2);
    const [, address] = held.at(-1)!.split(' ');
    expect((await act(web, { removeFixedIp: { address } })).status).toBe(202);
    expect(await addressesOf(web)).toEqual(held.slice(0, 1));
    const again = await act(web, { removeFixedIp: { address } });
    expect(again.status).toBe(400);
    expect(messageOf(again)).toBe(`Instance ${web} doesn't have fixed IP '${address}'.`);
  });

  it('are not to be had where there are none', async () => {
    const { body } = await api.ask('POST', '/v2.1/os-networks', {
      network: { label: 'tiny', cidr: '10.9.0.0/30' },
    });
    const { id } = body.network;
    const answers = [];
    for (let count = 0; count < 3; count += 1)
      answers.push(await act(web, { addFixedIp: { networkId: id } }));
    const refused = answers.at(-1)!;
    expect(refused.status).toBe(400);
    expect(messageOf(refused)).toBe(`No fixed IP addresses available for network: ${id}`);
    expect((await act(bare, { removeFixedIp: { address: '10.0.0.2' } })).status).toBe(400);
  });

  it.each(['11111111-1111-4111-8111-111111111111', 'private', 4711])(
    'network %s is none',
    async (networkId) => {
      const answer = await act(web, { addFixedIp: { networkId } });
      expect(answer.status).toBe(404);
      expect(messageOf(answer)).toBe(`Network ${networkId} could not be found.`);
    },
  );

  it("of another project's network are as if it did not exist", async () => {
    const own = { label: 'own', cidr: '10.8.0.0/24', project_id: 'bbbb' };
    const { body } = await api.ask('POST', '/v2.1/os-networks', { network: own });
    const answer = await act(web, { addFixedIp: { networkId: body.network.id } });
    expect(answer.status).toBe(404);
    expect(messageOf(answer)).toBe(`Network ${body.network.id} could not be found.`);
  });
});

describe('floating IPs', () => {
  const [first, second, automatic, others] = ['203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4'];

  beforeAll(async () => {
    await giveFloatingIps(api, 'aaaa', [first, second]);
    await giveFloatingIps(api, 'aaaa', [automatic], { isAutoAssigned: true });
    await giveFloatingIps(api, 'bbbb', [others]);
  });

  it('come, move and go', async () => {
    expect((await act(web, { addFloatingIp: { address: first } })).status).toBe(202);
    expect(await addressesOf(web)).toContain(`floating ${first}`);
    const fixed_address = (await addressesOf(db))[0]!.split(' ')[1];
    expect((await act(db, { addFloatingIp: { address: first, fixed_address } })).status).toBe(202);
    expect(await addressesOf(web)).not.toContain(`floating ${first}`);
    expect(await addressesOf(db)).toContain(`floating ${first}`);
    const wrong = await act(web, { removeFloatingIp: { address: first } });
    expect(wrong.status).toBe(409);
    expect(messageOf(wrong)).toBe(`Floating IP ${first} is not associated with instance ${web}.`);
    expect((await act(db, { removeFloatingIp: { address: first } })).status).toBe(202);
    expect(await addressesOf(db)).not.toContain(`floating ${first}`);
  });

  it.each([
    { what: 'of nobody', address: '192.0.2.99', status: 404, message: 'floating IP not found' },
    { what: 'of IPv6', address: 'fd00::1', status: 404, message: 'floating IP not found' },
    { what: 'of another project', address: others, status: 403, message: 'Not authorized.' },
  ])('$what neither come nor go', async ({ address, status, message }) => {
    for (const action of ['addFloatingIp', 'removeFloatingIp']) {
      const answer = await act(web, { [action]: { address } });
      expect(answer.status).toBe(status);
      expect(messageOf(answer)).toBe(message);
    }
  });

  it.each([
    {
      what: 'for a server without NIC',
      server: bare,
      args: { address: second },
      status: 400,
      message: 'No nw_info cache associated with instance',
    },
    {
      what: 'for an address of another server',
      server: web,
      args: { address: second, fixed_address: '10.0.0.99' },
      status: 400,
      message: 'Specified fixed address not assigned to instance',
    },
    {
      what: 'that come with servers',
      server: web,
      args: { address: automatic },
      status: 409,
      message: `Floating IP ${automatic} was assigned to its instance automatically.`,
    },
  ])('$what are refused', async ({ server, args, status, message }) => {
    const answer = await act(server, { addFloatingIp: args });
    expect(answer.status).toBe(status);
    expect(messageOf(answer)).toBe(message);
  });

  it('that nobody holds are refused to an administrator, with the reason', async () => {
    await api.ipam.floatingIpPools.grow({
      pool: 'nova',
      addresses: [Ipv4.parse('203.0.113.9')],
      interface: null,
    });
    const answer = await act(web, { addFloatingIp: { address: '203.0.113.9' } }, ADMIN);
    expect(answer.status).toBe(400);
    expect(messageOf(answer)).toMatch(
      /^Unable to associate floating IP 203.0.113.9 to fixed IP 10.0.0.\d+ for instance .* Error: .*Nobody holds it/,
    );
  });
});

describe('security groups', () => {
  const groupsOf = async (server: string) => {
    const { body } = await api.ask('GET', `/v2.1/servers/${server}`);
    return body.server.security_groups.map(({ name }: { name: string }) => name);
  };
  const create = async (name: string, projectId = 'aaaa') => {
    const draft = { projectId, userId: null, name, description: null };
    return (await api.ipam.securityGroups.create(draft)).id;
  };

  it('are entered and left by name and by number', async () => {
    const id = await create('www');
    const add = (name: unknown) => act(db, { addSecurityGroup: { name } });
    const remove = (name: unknown) => act(db, { removeSecurityGroup: { name } });
    expect((await add('www')).status).toBe(202);
    expect(await groupsOf(db)).toContain('www');
    const again = await add(id);
    expect(again.status).toBe(400);
    expect(messageOf(again)).toBe(`Security group ${id} is already associated with the instance ${db}`);
    expect((await remove(id)).status).toBe(202);
    expect(await groupsOf(db)).not.toContain('www');
    const gone = await remove(String(id));
    expect(gone.status).toBe(400);
    expect(messageOf(gone)).toBe(`Security group ${id} is not associated with the instance ${db}`);
  });

  it('that are named like a number of another are found by text; by number the other is', async () => {
    const id = await create('numbered');
    const named = await create(String(id));
    expect((await act(db, { addSecurityGroup: { name: String(id) } })).status).toBe(202);
    expect(await groupsOf(db)).toContain(String(id));
    expect((await act(db, { addSecurityGroup: { name: id } })).status).toBe(202);
    expect(await groupsOf(db)).toContain('numbered');
    for (const name of [id, named])
      expect((await act(db, { removeSecurityGroup: { name } })).status).toBe(202);
  });

  it('"default" is there from the first request', async () => {
    await registerInstance(api, uuidOf(5), 'cccc');
    const answer = await act(uuidOf(5), { removeSecurityGroup: { name: 'default' } }, 'carol:cccc');
    expect(answer.status).toBe(202);
    expect(await groupsOf(uuidOf(5))).toEqual([]);
  });

  it('of another project do not exist, by name and by number', async () => {
    const id = await create('theirs', 'bbbb');
    for (const token of [A, ADMIN]) {
      for (const name of ['theirs', id, 'nosuch', 10 ** 15]) {
        const answer = await act(db, { addSecurityGroup: { name } }, token);
        expect(answer.status).toBe(404);
        expect(messageOf(answer)).toBe(`Security group ${name} not found for project aaaa.`);
      }
    }
  });
});

describe("what is another project's", () => {
  it.each([
    { method: 'GET', path: '' },
    { method: 'GET', path: '/os-virtual-interfaces' },
    { method: 'POST', path: '/action', body: { addFloatingIp: { address: '203.0.113.4' } } },
    { method: 'POST', path: '/action', body: { removeFloatingIp: { address: '203.0.113.1' } } },
    { method: 'POST', path: '/action', body: { addFixedIp: { networkId: 1 } } },
    { method: 'POST', path: '/action', body: { removeFixedIp: { address: '10.0.0.2' } } },
    { method: 'POST', path: '/action', body: { addSecurityGroup: { name: 'default' } } },
    { method: 'POST', path: '/action', body: { removeSecurityGroup: { name: 'default' } } },
  ])('$method $path $body is not found', async ({ method, path, body }) => {
    const before = await addressesOf(web);
    const answer = await api.ask(method, `/v2.1/servers/${web}${path}`, body, { token: B });
    expect(answer.status).toBe(404);
    expect(messageOf(answer)).toBe(`Instance ${web} could not be found.`);
    expect(await addressesOf(web)).toEqual(before);
  });
});
