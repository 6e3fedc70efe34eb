import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { routes } from '../testing/api-description.js';
import { TestApi } from '../testing/test-api.js';
import { giveFloatingIps, registerInstance } from '../testing/test-instances.js';

const A = 'joe:aaaa';
const B = 'bob:bbbb';
const VM = 'aaaaaaaa-0000-4000-8000-00000000000a';
const FLOATING = '198.51.100.1';

let api: TestApi;
/** What is project A's, by what stands in paths and bodies for it. */
const own: Record<string, string> = {
  project: 'aaaa',
  instance: VM,
  address: FLOATING,
  domain: 'a.example.org',
};

beforeAll(async () => {
  api = await TestApi.create(
    { databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') },
    { floating_ip_dns_manager: 'dnsmasq', instance_dns_manager: 'dnsmasq' },
  );
  const network = { label: 'of a', cidr: '10.0.0.0/24', project_id: 'aaaa' };
  own['network'] = (await api.ask('POST', '/v2.1/os-networks', { network })).body.network.id;
  const security_group = { name: 'web of a', description: 'of a' };
  const group = await api.ask('POST', '/v2.1/os-security-groups', { security_group }, { token: A });
  own['group'] = String(group.body.security_group.id);
  const rule = { parent_group_id: own['group'], ip_protocol: 'tcp', from_port: 1, to_port: 2 };
  const made = await api.ask(
    'POST',
    '/v2.1/os-security-group-rules',
    { security_group_rule: rule },
    { token: A },
  );
  own['rule'] = String(made.body.security_group_rule.id);
  await giveFloatingIps(api, 'aaaa', [FLOATING]);
  own['floatingIp'] = String((await api.ipam.floatingIps.list())[0]!.id);
  await registerInstance(api, VM, 'aaaa', { displayName: 'vm of a' });
  const place = (await api.ipam.networks.list())[0]!;
  const instance = { uuid: VM, projectId: 'aaaa', host: null };
  await api.ipam.fixedIps.allocate({ instance, nics: [{ network: place }] });
  const domain_entry = { scope: 'public', project: 'aaaa' };
  await api.ask('PUT', '/v2.1/os-floating-ip-dns/a.example.org', { domain_entry });
  const dns_entry = { ip: FLOATING, dns_type: 'A' };
  await api.ask('PUT', '/v2.1/os-floating-ip-dns/a.example.org/entries/www', { dns_entry }, { token: A });
}, 60_000);
afterAll(() => api?.remove());

interface Row {
  /** What project B is answered. */
  readonly status: number;
  /** Of project A's things, where the path has a parameter. */
  readonly thing?: string;
  readonly body?: unknown;
  readonly query?: string;
  /** The answer is about what the path names, which is nobody's secret. */
  readonly isPublic?: true;
}

const dnsEntry = { dns_entry: { ip: FLOATING, dns_type: 'A' } };
const texts = { name: 'b', description: 'b' };

/** What is not for administrators alone: those routes answer 403, and need no row here. */
const rows: Readonly<Record<string, Row>> = {
  'GET /': { status: 200 },
  'GET /v2': { status: 200 },
  'GET /v2.1': { status: 200 },
  'GET /health/live': { status: 200 },
  'GET /health/ready': { status: 200 },
  'GET /v2.1/extensions': { status: 200 },
  'GET /v2.1/extensions/{alias}': { status: 404, thing: 'project' },
  'GET /v2.1/os-networks': { status: 200 },
  'GET /v2.1/os-networks/{uuid}': { status: 404, thing: 'network' },
  'GET /v2.1/os-tenant-networks': { status: 200 },
  'GET /v2.1/os-tenant-networks/{uuid}': { status: 404, thing: 'network' },
  'GET /v2.1/os-security-groups': { status: 200, query: '?all_tenants=1' },
  'POST /v2.1/os-security-groups': { status: 200, body: { security_group: texts } },
  'GET /v2.1/os-security-groups/{id}': { status: 404, thing: 'group' },
  'PUT /v2.1/os-security-groups/{id}': { status: 404, thing: 'group', body: { security_group: texts } },
  'DELETE /v2.1/os-security-groups/{id}': { status: 404, thing: 'group' },
  'POST /v2.1/os-security-group-rules': {
    status: 404,
    body: {
      security_group_rule: { parent_group_id: '{group}', ip_protocol: 'tcp', from_port: 3, to_port: 4 },
    },
  },
  'DELETE /v2.1/os-security-group-rules/{id}': { status: 404, thing: 'rule' },
  'GET /v2.1/servers/{uuid}/os-security-groups': { status: 404, thing: 'instance' },
  'GET /v2.1/os-floating-ips': { status: 200 },
  'POST /v2.1/os-floating-ips': { status: 404, body: { pool: 'nova' } },
  'GET /v2.1/os-floating-ips/{id}': { status: 404, thing: 'floatingIp' },
  'DELETE /v2.1/os-floating-ips/{id}': { status: 404, thing: 'floatingIp' },
  'GET /v2.1/os-floating-ip-pools': { status: 200 },
  'GET /v2.1/os-floating-ip-dns': { status: 200 },
  'GET /v2.1/os-floating-ip-dns/{domain}/entries': { status: 403, thing: 'domain', query: '?ip={address}' },
  'GET /v2.1/os-floating-ip-dns/{domain}/entries/{name}': { status: 403, thing: 'domain' },
  'PUT /v2.1/os-floating-ip-dns/{domain}/entries/{name}': { status: 403, thing: 'domain', body: dnsEntry },
  'DELETE /v2.1/os-floating-ip-dns/{domain}/entries/{name}': { status: 403, thing: 'domain' },
  'GET /v2.1/servers': { status: 200 },
  'GET /v2.1/servers/detail': { status: 200 },
  'GET /v2.1/servers/{sid}': { status: 404, thing: 'instance' },
  'POST /v2.1/servers/{sid}/action': {
    status: 404,
    thing: 'instance',
    body: { addFloatingIp: { address: FLOATING } },
  },
  'GET /v2.1/servers/{sid}/os-virtual-interfaces': { status: 404, thing: 'instance' },
  'GET /v2.1/limits': { status: 403, query: '?tenant_id={project}' },
  'GET /v2.1/os-quota-sets/{project}': { status: 403, thing: 'project' },
  'GET /v2.1/os-quota-sets/{project}/defaults': { status: 200, thing: 'project', isPublic: true },
  'POST /v2.1/os-networks/{uuid}/action': { status: 403, thing: 'network', body: { disassociate: null } },
};

const FOR_ADMINISTRATORS: Row = { status: 403, thing: 'network' };

/** The text with project A's things in the place of their names. */
function filled(text: string): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole: string, name: string) => own[name] ?? whole);
}

/** What no answer to project B has in it. Numbers are too short to be looked for. */
function secrets(): string[] {
  return ['of a', ...Object.values(own).filter((value) => value.length > 3)];
}

async function everythingOfA(): Promise<unknown> {
  const paths = [
    'os-networks',
    'os-security-groups',
    'os-floating-ips',
    'servers/detail',
    'os-floating-ip-dns',
  ];
  const seen = paths.map(
    async (path) => (await api.ask('GET', `/v2.1/${path}`, undefined, { token: A })).body,
  );
  return Promise.all(seen);
}

describe('what is project A’s', () => {
  it.each(routes.filter(({ path }) => path !== '/metrics'))(
    'is not project B’s: $name',
    async ({ name, method, path }) => {
      const row = rows[name] ?? FOR_ADMINISTRATORS;
      const thing = own[row.thing ?? ''] ?? '';
      const place = path.replace(/\{\w+\}/, thing).replace(/\{\w+\}/, 'www') + filled(row.query ?? '');
      const body = row.body === undefined ? undefined : filled(JSON.stringify(row.body));
      const before = await everythingOfA();
      const answer = await api.ask(method, place, body, { token: B });
      expect({ status: answer.status, body: answer.body }).toMatchObject({ status: row.status });
      const text = row.isPublic || row.status !== 200 ? '' : JSON.stringify(answer.body);
      expect(secrets().filter((secret) => text.includes(secret))).toEqual([]);
      expect(await everythingOfA()).toEqual(before);
    },
  );

  it('has rows for routes that there are', () => {
    const names = new Set(routes.map(({ name }) => name));
    expect(Object.keys(rows).filter((name) => !names.has(name))).toEqual([]);
  });
});
