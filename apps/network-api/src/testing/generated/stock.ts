import { waitFor } from '@novanet/testbed';
import type { TestApi } from '../test-api.js';
import { giveFloatingIps, registerInstance } from '../test-instances.js';

/** Whose things are in the cloud, and who asks for them. */
export const PROJECTS = ['p1', 'p2'] as const;

const INSTANCES = [1, 2, 3].map((number) => `eeeeeeee-0000-4000-8000-00000000000${number}`);

const fixed = {
  instance: INSTANCES,
  project: PROJECTS,
  host: ['h1'],
  pool: ['nova'],
  domain: ['example.org'],
  name: ['www'],
} as const;

/** What a cloud consists of. */
export const KINDS = [
  'network',
  'group',
  'rule',
  'defaultRule',
  'floatingIp',
  'floatingAddress',
  'fixedAddress',
  'service',
  'instance',
  'project',
  'host',
  'pool',
  'domain',
  'name',
] as const;
export type Kind = (typeof KINDS)[number];

/** Stands in a generated request for a thing that is in the cloud when it is sent. */
export function placeholder(kind: Kind, number: number): string {
  return `<${kind}#${number}>`;
}

/** A cloud with something of everything in it, whatever requests take away. */
export class Stock {
  private things: Partial<Record<Kind, readonly string[]>> = {};
  private networksMade = 0;

  constructor(private readonly api: TestApi) {}

  /** The text with things in the place of placeholders. */
  fill(text: string): string {
    return text.replaceAll(/<(\w+)#(\d+)>/g, (whole: string, name: string, number: string) => {
      const kind = KINDS.find((each) => each === name);
      const things = (kind && this.things[kind]) ?? [];
      return things[Number(number) % things.length] ?? whole;
    });
  }

  async refill(): Promise<void> {
    const { api } = this;
    await this.letWorkerWork();
    await this.makeNetworks();
    for (const [index, uuid] of INSTANCES.entries())
      await this.makeInstance(uuid, PROJECTS[index % 2] ?? 'p1');
    for (const project of PROJECTS) await this.makeGroup(project);
    await this.makeFloatingIps();
    await api.ask('PUT', '/v2.1/os-floating-ip-dns/example.org', { domain_entry: { scope: 'public' } });
    await this.look();
  }

  private async letWorkerWork(): Promise<void> {
    await waitFor(async () => (await this.api.ipam.services.list()).some(({ host }) => host === 'h1'), {
      what: 'the worker reports',
      limitMs: 10_000,
    });
    const worker = { host: 'h1', binary: 'nova-network' };
    const headers = { 'x-openstack-nova-api-version': '2.11' };
    const unforced = { ...worker, forced_down: false };
    await this.api.ask('PUT', '/v2.1/os-services/force-down', unforced, { headers });
    await this.api.ask('PUT', '/v2.1/os-services/enable', worker);
  }

  private async makeNetworks(): Promise<void> {
    const existing = await this.api.ipam.networks.list();
    for (let missing = 3 - existing.length; missing > 0; missing -= 1) {
      this.networksMade += 1;
      const [high, low] = [this.networksMade >> 8, this.networksMade & 255];
      const network = { label: 'n', cidr: `10.${100 + high}.${low}.0/24`, bridge: `br${this.networksMade}` };
      const own = missing === 1 ? {} : { project_id: PROJECTS[missing - 2] };
      await this.api.ask('POST', '/v2.1/os-networks', { network: { ...network, ...own } });
    }
  }

  private async makeInstance(uuid: string, projectId: string): Promise<void> {
    const { ipam } = this.api;
    await registerInstance(this.api, uuid, projectId, { displayName: `vm of ${projectId}` });
    if ((await ipam.fixedIps.nicsOf(uuid)).length > 0) return;
    const [network] = await ipam.networks.list();
    const instance = { uuid, projectId, host: null };
    if (network) await ipam.fixedIps.allocate({ instance, nics: [{ network }] });
  }

  private async makeGroup(project: string): Promise<void> {
    const options = { token: `joe:${project}` };
    const security_group = { name: 'web', description: 'web' };
    await this.api.ask('POST', '/v2.1/os-security-groups', { security_group }, options);
    const { body } = await this.api.ask('GET', '/v2.1/os-security-groups', undefined, options);
    const rule = { ip_protocol: 'tcp', from_port: 80, to_port: 80, cidr: '10.0.0.0/8' };
    const security_group_rule = { ...rule, parent_group_id: body.security_groups[0].id };
    await this.api.ask('POST', '/v2.1/os-security-group-rules', { security_group_rule }, options);
    const security_group_default_rule = rule;
    await this.api.ask('POST', '/v2.1/os-security-group-default-rules', { security_group_default_rule });
  }

  private async makeFloatingIps(): Promise<void> {
    const existing = await this.api.ipam.floatingIps.list();
    const addresses = new Set(existing.map(({ address }) => address.toString()));
    for (const [index, project] of PROJECTS.entries()) {
      const address = `198.51.100.${10 + index}`;
      if (!addresses.has(address)) await giveFloatingIps(this.api, project, [address]);
    }
    const ip_range = '198.51.100.100/30';
    await this.api.ask('POST', '/v2.1/os-floating-ips-bulk', { floating_ips_bulk_create: { ip_range } });
  }

  private async look(): Promise<void> {
    const { api } = this;
    const ids = (list: readonly { readonly id: unknown }[]) => list.map(({ id }) => String(id));
    const get = async (path: string) => (await api.ask('GET', `/v2.1${path}`)).body;
    const { security_groups: groups } = await get('/os-security-groups?all_tenants=1');
    const defaults = await get('/os-security-group-default-rules');
    const floatingIps = await api.ipam.floatingIps.list();
    const nics = await Promise.all(INSTANCES.map((uuid) => api.ipam.fixedIps.nicsOf(uuid)));
    this.things = {
      ...fixed,
      network: (await api.ipam.networks.list()).map(({ uuid }) => uuid),
      group: ids(groups),
      rule: groups.flatMap(({ rules }: { rules: { id: number }[] }) => ids(rules)),
      defaultRule: ids(defaults.security_group_default_rules),
      floatingIp: ids(floatingIps),
      floatingAddress: floatingIps.map(({ address }) => address.toString()),
      fixedAddress: nics.flat().flatMap(({ fixedIps }) => fixedIps.map(({ address }) => address.toString())),
      service: ids((await get('/os-services')).services),
    };
  }
}
