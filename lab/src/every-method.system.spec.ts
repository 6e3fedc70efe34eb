import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { OsloBroker, OsloClient } from '@novanet/messaging';
import { httpGet, ownClient, pythonClient, waitFor, type RpcAsker } from '@novanet/testbed';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Caller, documentedMethods, refusalOf } from './every-method/caller.js';
import { addressesOn } from './testing/kernel-facts.js';
import { lab } from './testing/run-lab.js';
import { TestCloud } from './testing/test-cloud.js';

const name = 'sysevery';
const hosts = ['h1', 'h2', 'h3'] as const;
/** `worker_health_port`. */
const workerPort = 9701;
const configuration = mkdtempSync(join(tmpdir(), 'novanet-test-'));
let cloud: TestCloud;
let client: OsloClient;

beforeAll(async () => {
  const file = join(configuration, 'names.conf');
  writeFileSync(
    file,
    '[DEFAULT]\ninstance_dns_manager = dnsmasq\ninstance_dns_domain = cloud.example\nfloating_ip_dns_manager = dnsmasq\n',
  );
  cloud = await TestCloud.up(name, '--hosts', '3', '--config', file);
  const transportUrl = cloud.status.amqp_url.replace(/^amqp:/, 'rabbit:');
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  client = new OsloClient({ broker: new OsloBroker({ transportUrl, serviceName: 'test', log }) });
});
afterAll(async () => {
  rmSync(configuration, { recursive: true, force: true });
  await client.close();
  await lab('down', '--lab', name);
});

function ignore(): void {
  // What goes wrong is in the error of the call.
}

interface Network {
  readonly id: number;
  readonly uuid: string;
}

/** Waits until the device has exactly these addresses on the hosts, in their order. */
async function expectAddresses(device: string, wanted: readonly (readonly string[])[]): Promise<void> {
  const held = () => Promise.all(hosts.map((host) => addressesOn(cloud.host(host).netns, device)));
  const what = `${device} has ${JSON.stringify(wanted)}`;
  await waitFor(async () => isDeepStrictEqual(await held(), wanted), { limitMs: 10_000, everyMs: 100, what });
}

/** How often each worker has served a method, as it tells itself. */
function served(method: string): Promise<number[]> {
  return Promise.all(
    hosts.map(async (host) => {
      const { body } = await httpGet(cloud.host(host).netns, `http://127.0.0.1:${workerPort}/metrics`);
      const lines = body.split('\n').filter((line) => line.startsWith('novanet_rpc_request_seconds_count'));
      const own = lines.filter((line) => line.includes(`method="${method}"`));
      return own.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    }),
  );
}

/** Waits until every worker has served the method once more, or these only. */
async function expectAllServe(
  method: string,
  send: () => Promise<unknown>,
  who: readonly string[] = hosts,
): Promise<void> {
  const before = await served(method);
  await send();
  const wanted = hosts.map((host, index) => (before[index] ?? 0) + (who.includes(host) ? 1 : 0));
  const what = `${who.join(', ')} serve ${method}`;
  await waitFor(async () => isDeepStrictEqual(await served(method), wanted), {
    limitMs: 15_000,
    everyMs: 500,
    what,
  });
}

describe.each([
  ["Python's oslo.messaging", 1, () => pythonClient(cloud.status.amqp_url)],
  ["this project's own client", 2, ownClient],
] as const)('asked by %s, three hosts that serve a network each and one together', (_client, round, open) => {
  let asker: RpcAsker;
  let caller: Caller;
  let wide: Network;
  let alone: Network;
  /** One on each host, with its address in the network of all hosts. */
  const instances = hosts.map((host, index) => ({
    host,
    uuid: `aaaaaaaa-0000-4000-8000-00000000000${index + 1}`.replace('aaaaaaaa', `aaaaaaa${round}`),
    address: `10.1.0.1${index}`,
    mac: `fa:16:3e:00:0${round}:0${index}`,
  }));
  const [one, two, three] = instances as [Instance, Instance, Instance];
  const objectOf = ({ uuid, host }: Instance) => ({
    'nova_object.name': 'Instance',
    'nova_object.namespace': 'nova',
    'nova_object.version': '2.1',
    'nova_object.data': { uuid, host, project_id: 'p', user_id: 'u1', deleted: false },
  });
  const ask: Caller['ask'] = (method, args, how) => caller.ask(method, args, how);
  const on = (server: string) => ({ server });

  beforeAll(async () => {
    asker = open();
    caller = new Caller(asker, { exchange: 'nova', topic: 'network', client });
    return () => asker.close();
  });

  it('makes networks, one for all hosts and one of a single host', async () => {
    const row = { label: 'wide', cidr: '10.1.0.0/24', bridge: 'br200', bridge_interface: 'eth2' };
    [wide] = (await ask('create_networks', { ...row, multi_host: true })) as [Network];
    expect(wide).toMatchObject({ ...row, multi_host: true, host: null, gateway: '10.1.0.1' });
    const all = (await ask('get_all_networks')) as [Network, Network];
    alone = all[0];
    expect(all).toMatchObject([{ label: 'private', multi_host: false }, wide]);
    const shown = { 'nova_object.name': 'Network', 'nova_object.data': { uuid: wide.uuid } };
    expect(await ask('get_network', { network_uuid: wide.uuid })).toMatchObject(shown);
    expect(await ask('set_network_host', { network_ref: alone }, on('h2'))).toBe('h2');
    expect(await ask('validate_networks', { networks: [[wide.uuid, one.address]] })).toBeNull();
  });

  it('gives instances what they need, each on its host', async () => {
    for (const { uuid, host, address, mac } of instances) {
      const instance = { uuid, host, project_id: 'p', hostname: `web-${host}` };
      expect(await caller.ours('put_instance', { instance })).toMatchObject({
        ...instance,
        registered: true,
      });
      const args = { instance_id: uuid, project_id: 'p', host, rxtx_factor: 1, vpn: false, macs: [mac] };
      const wish = { ...args, requested_networks: [[wide.uuid, address]] };
      const info = await ask('allocate_for_instance', wish, { version: '1.9', server: host });
      expect(info).toMatchObject([{ address: mac, network: { subnets: [{ ips: [{ address }] }, {}] } }]);
      expect(await ask('get_instance_nw_info', { instance_id: uuid })).toEqual(info);
    }
    const own = await Promise.all(hosts.map((host) => addressesOn(cloud.host(host).netns, 'br200')));
    expect(own.map((addresses) => addresses.length)).toEqual([1, 1, 1]);
    expect(new Set(own.flat()).size).toBe(3);
  });

  it('keeps security groups, and tells workers of them', async () => {
    const http = { ip_protocol: 'tcp', from_port: 80, to_port: 80, cidr: '198.51.100.0/24' };
    const standard = { name: 'default', project_id: 'p' };
    expect(await caller.ours('list_security_groups', { project_id: 'p' })).toMatchObject([standard]);
    const wanted = { name: `web${round}`, description: 'web servers', project_id: 'p' };
    const group = (await caller.ours('create_security_group', wanted)) as Network;
    expect(group).toEqual({ ...wanted, id: group.id, rules: [] });
    const named = { group_id: group.id, name: `www${round}` };
    expect(await caller.ours('rename_security_group', named)).toMatchObject({ name: named.name });
    const member = { group_id: group.id, instance_uuid: one.uuid };
    const rules = { group_id: group.id, rules: [http, { group_id: group.id }] };
    const added = (await caller.ours('add_security_group_rules', rules)) as [Network, Network];
    expect(added).toMatchObject([http, { ip_protocol: null, cidr: null, group: { id: group.id } }]);
    await expectAllServe('refresh_filters', () => caller.ours('add_security_group_member', member), ['h1']);
    expect(await caller.ours('list_security_groups', { instance_uuid: one.uuid })).toMatchObject([
      standard,
      { id: group.id, rules: added },
    ]);
    await expectAllServe('refresh_filters', () => caller.ours('add_provider_firewall_rule', http));
    expect(await caller.ours('add_default_group_rule', http)).toMatchObject(http);
    for (const noun of ['provider_firewall_rule', 'default_group_rule']) {
      const [rule] = (await caller.ours(`list_${noun}s`)) as [Network];
      expect(rule).toEqual({ ...http, id: rule.id });
      expect(await caller.ours(`remove_${noun}`, { rule_id: rule.id })).toBeNull();
    }
    expect(refusalOf(await caller.ours('delete_security_group', { group_id: group.id }))).toBe(
      'SecurityGroupInUse',
    );
    expect(await caller.ours('remove_security_group_rule', { rule_id: added[0].id })).toBeNull();
    expect(await caller.ours('remove_security_group_member', member)).toBeNull();
    expect(await caller.ours('delete_security_group', { group_id: group.id })).toBeNull();
  });

  it('changes their addresses', async () => {
    const ofTwo = { instance_id: two.uuid, host: 'h2', rxtx_factor: 1 };
    const labelsIn = (info: unknown) =>
      (info as { network: { label: string } }[]).map(({ network: { label } }) => label);
    const both = await ask('add_fixed_ip_to_instance', { ...ofTwo, network_id: alone.uuid });
    expect(labelsIn(both)).toEqual(['wide', 'private']);
    await expectAddresses('br100', [[], ['10.0.0.1'], []]);
    const [, extra] = both as { network: { subnets: [{ ips: [{ address: string }] }] } }[];
    const address = extra?.network.subnets[0].ips[0].address;
    const after = await ask('remove_fixed_ip_from_instance', { ...ofTwo, address });
    expect(JSON.stringify(after)).not.toContain(`"${address}"`);
    const direct = { instance_id: one.uuid, network_id: alone.id, address: null, vpn: false };
    const given = String(await ask('_rpc_allocate_fixed_ip', direct, on('h2')));
    expect(given).toMatch(/^10\.0\.0\.\d+$/);
    const taken = { address: given, host: 'h2', instance: objectOf(one) };
    expect(await ask('deallocate_fixed_ip', taken, { version: '1.12', server: 'h2' })).toBeNull();
    expect(refusalOf(await ask('get_fixed_ip_by_address', { address: given }))).toBe(
      'FixedIpNotFoundForAddress',
    );
  });

  it('looks them up', async () => {
    const { address, mac, uuid } = one;
    const found = (await ask('get_fixed_ip_by_address', { address })) as { 'nova_object.data': Network };
    expect(found).toMatchObject({
      'nova_object.name': 'FixedIP',
      'nova_object.data': { address, allocated: true },
    });
    expect(await ask('get_fixed_ip', { id: found['nova_object.data'].id })).toEqual(found);
    const nics = await ask('get_vifs_by_instance', { instance_id: uuid });
    expect(nics).toContainEqual(expect.objectContaining({ address: mac, net_uuid: wide.uuid }));
    const nic = { 'nova_object.name': 'VirtualInterface', 'nova_object.data': { address: mac } };
    expect(await ask('get_vif_by_mac_address', { mac_address: mac })).toMatchObject(nic);
    const filters = { fixed_ip: address };
    expect(await ask('get_instance_uuids_by_ip_filter', { filters })).toEqual([
      { instance_uuid: uuid, ip: address },
    ]);
  });

  it('prepares hosts', async () => {
    const moving = { instance_id: 42, host: 'h1', instance: objectOf(three) };
    expect(
      await ask('setup_networks_on_host', { ...moving, teardown: false }, { version: '1.16' }),
    ).toBeNull();
    expect(
      await ask('setup_networks_on_host', { ...moving, teardown: true }, { version: '1.16' }),
    ).toBeNull();
    for (const host of hosts) {
      const setup = { network_id: wide.id, teardown: false };
      expect(await ask('rpc_setup_network_on_host', setup, on(host))).toBeNull();
    }
    expect((await addressesOn(cloud.host('h3').netns, 'br200')).length).toBe(1);
  });

  it('hears of leases, and ends one', async () => {
    const { address, mac } = two;
    const leases = () => ask('get_dhcp_leases', { network_ref: wide }, on('h2'));
    await ask('lease_fixed_ip', { address, mac }, { cast: true, server: 'h2' });
    const holds = (isHeld: boolean) => async () => String(await leases()).includes(mac) === isHeld;
    await waitFor(holds(true), { limitMs: 5_000, what: 'the lease is recorded' });
    expect(await ask('get_dhcp_leases', { network_ref: wide }, on('h3'))).not.toContain(mac);
    await ask('release_fixed_ip', { address, mac }, { cast: true, server: 'h2', version: '1.14' });
    await waitFor(holds(false), { limitMs: 5_000, what: 'the lease is forgotten' });
    const release = { dev: 'br200', address, vif_address: mac };
    expect(await ask('release_dhcp', release, { version: '1.17', server: 'h2' })).toBeNull();
  });

  it('lets floating IPs lead to instances, and follow them', async () => {
    const [pool, floating] = [`extra${round}`, `192.0.2.20${round}`];
    const lists = { address: floating };
    expect(await caller.ours('create_floating_pool', { name: pool })).toBeNull();
    expect(await caller.ours('grow_floating_pool', { pool, range: floating })).toBeNull();
    const counts = { name: pool, total: 1, free: 1, allocated: 0, associated: 0 };
    expect(await caller.ours('list_floating_pools')).toContainEqual(counts);
    expect(await ask('get_floating_ip_pools', {}, { version: '1.7' })).toContainEqual({ name: pool });
    expect(await ask('get_floating_pools')).toContainEqual({ name: pool });
    expect(await ask('allocate_floating_ip', { project_id: 'p', pool })).toBe(floating);
    const association = { floating_address: floating, fixed_address: two.address };
    expect(await ask('associate_floating_ip', association)).toBeNull();
    const publicly = hosts.map((host) => cloud.host(host).public_address);
    const carriedBy = (holder: string | null) =>
      expectAddresses(
        'eth0',
        hosts.map((host, index) => [publicly[index] ?? '', ...(host === holder ? [floating] : [])]),
      );
    await carriedBy('h2');
    const [row] = (await caller.ours('list_floating_ips', { pool })) as [Network];
    expect(row).toMatchObject({ ...lists, host: 'h2', fixed_address: two.address, instance_uuid: two.uuid });
    expect(await ask('get_floating_ip', { id: row.id })).toMatchObject({ ...lists, project_id: 'p', pool });
    expect(await ask('get_floating_ip_by_address', lists)).toMatchObject({ 'nova_object.data': lists });
    const ofProject = { context: { user_id: 'u1', project_id: 'p', is_admin: false, roles: ['member'] } };
    const mine = { 'nova_object.data': { objects: [{ 'nova_object.data': lists }] } };
    expect(await ask('get_floating_ips_by_project', {}, ofProject)).toMatchObject(mine);
    expect(await ask('get_floating_ips_by_fixed_address', { fixed_address: two.address })).toEqual([
      floating,
    ]);
    expect(await ask('get_instance_id_by_floating_address', lists)).toBe(two.uuid);
    const move = {
      instance_uuid: two.uuid,
      project_id: 'p',
      source: 'h2',
      dest: 'h3',
      floating_addresses: [floating],
    };
    expect(await ask('migrate_instance_start', move, { version: '1.2', server: 'h2' })).toBeNull();
    await carriedBy('h2');
    expect(await ask('migrate_instance_finish', move, { version: '1.2', server: 'h3' })).toBeNull();
    await carriedBy('h3');
    const host = { interface: 'eth0', instance_uuid: two.uuid };
    expect(
      await ask('_disassociate_floating_ip', { ...lists, ...host }, { version: '1.6', server: 'h3' }),
    ).toBeNull();
    await carriedBy(null);
    expect(
      await ask('_associate_floating_ip', { ...association, ...host }, { version: '1.6', server: 'h3' }),
    ).toBeNull();
    await carriedBy('h3');
    expect(await ask('disassociate_floating_ip', lists)).toBeNull();
    await carriedBy(null);
    expect(await ask('deallocate_floating_ip', lists)).toBeNull();
    expect(await caller.ours('shrink_floating_pool', { range: floating })).toBeNull();
    expect(await caller.ours('delete_floating_pool', { name: pool })).toBeNull();
  });

  it('keeps addresses back', async () => {
    const fixed = { address: '10.1.0.77' };
    expect(await caller.ours('reserve_fixed_ip', fixed)).toBeNull();
    const kept = { 'nova_object.data': { ...fixed, reserved: true } };
    expect(await ask('get_fixed_ip_by_address', fixed)).toMatchObject(kept);
    expect(await caller.ours('unreserve_fixed_ip', fixed)).toBeNull();
  });

  it('keeps names', async () => {
    const [domain, inside, address] = [`round${round}.example`, `az${round}.example`, '192.0.2.230'];
    const www = { name: 'www', domain };
    expect(await ask('create_public_dns_domain', { domain, project: 'p' })).toBeNull();
    expect(await ask('create_private_dns_domain', { domain: inside, av_zone: 'az1' })).toBeNull();
    expect(await ask('get_dns_domains')).toEqual([
      { domain: inside, scope: 'private', availability_zone: 'az1' },
      { domain, scope: 'public', project: 'p' },
    ]);
    expect(await ask('add_dns_entry', { ...www, address: two.address, dns_type: 'A' })).toBeNull();
    expect(await ask('modify_dns_entry', { ...www, address })).toBeNull();
    expect(await ask('get_dns_entries_by_name', www)).toEqual([address]);
    expect(await ask('get_dns_entries_by_address', { address, domain })).toEqual(['www']);
    expect(await ask('delete_dns_entry', www)).toBeNull();
    expect(await ask('get_dns_entries_by_name', www)).toEqual([]);
    expect(await ask('delete_dns_domain', { domain })).toBeNull();
    expect(await ask('delete_dns_domain', { domain: inside })).toBeNull();
  });

  it('reaches every worker, each and all at once', async () => {
    const before = await served('ping');
    for (const host of ['h1', 'h2', 'h2', 'h3', 'h3', 'h3']) {
      const base = { namespace: 'baseapi', server: host, version: '1.1' };
      expect(await ask('ping', { arg: host }, base)).toEqual({ service: 'network', arg: host });
      expect(await ask('get_backdoor_port', {}, base)).toBeNull();
    }
    expect(await served('ping')).toEqual(before.map((count, index) => count + index + 1));
    expect(await ask('get_backdoor_port', {}, { version: '1.4' })).toBeNull();
    const all = { cast: true, fanout: true };
    await expectAllServe('update_dns', () =>
      ask('update_dns', { network_ids: [wide.id] }, { ...all, version: '1.3' }),
    );
    await expectAllServe('refresh_filters', () =>
      ask('refresh_filters', {}, { ...all, namespace: 'novanet' }),
    );
    await expectAllServe('refresh_names', () => ask('refresh_names', {}, { ...all, namespace: 'novanet' }));
  });

  it('obeys an administrator about services and quotas', async () => {
    const service = { host: 'h3', binary: 'network-worker' };
    expect(await caller.ours('force_service_down', { ...service, forced_down: true })).toBeNull();
    const toDown = await ask(
      'convert_network',
      { network_uuid: alone.uuid, multi_host: false, host: 'h3' },
      {
        namespace: 'novanet',
      },
    );
    expect(refusalOf(toDown)).toBe('NetworkHostUnavailable');
    expect(await caller.ours('force_service_down', { ...service, forced_down: false })).toBeNull();
    const toH3 = { network_uuid: alone.uuid, host: 'h3' };
    expect(await caller.ours('set_service_status', { ...service, disabled: true })).toBeNull();
    expect(refusalOf(await caller.ours('modify_network', toH3))).toBe('NetworkHostUnavailable');
    expect(await caller.ours('set_service_status', { ...service, disabled: false })).toBeNull();
    const nowhere = { host: 'gone', binary: 'network-worker' };
    expect(refusalOf(await caller.ours('remove_service', nowhere))).toBe('HostBinaryNotFound');
    const poor = { project_id: randomUUID() };
    const limits = { security_groups: 0 };
    expect(await caller.ours('put_quotas', { ...poor, limits })).toBeNull();
    const group = { name: 'web', ...poor };
    expect(refusalOf(await caller.ours('create_security_group', group))).toBe('SecurityGroupLimitExceeded');
    expect(await caller.ours('clear_quotas', poor)).toBeNull();
  });

  it('changes who serves a network', async () => {
    const wanted = { network_uuid: wide.uuid, multi_host: true };
    expect(await caller.ours('convert_network', wanted)).toMatchObject({ uuid: wide.uuid, multi_host: true });
    const again = { label: 'again', cidr: '10.1.0.0/24' };
    expect(refusalOf(await caller.ours('create_tenant_networks', again))).toBe('CidrConflict');
    const changes = { project_id: null, label: 'wide', dns2: '192.0.2.53', mtu: 1400 };
    expect(await caller.ours('modify_network', { network_uuid: wide.uuid, ...changes })).toBeNull();
    const outside = { network_uuid: wide.uuid, gateway: '192.0.2.1' };
    expect(refusalOf(await caller.ours('modify_network', outside))).toBe('AddressOutOfRange');
    const left = { host: 'gone', addresses: [], networks: [], instances: [] };
    expect(await caller.ours('remove_host', { host: 'gone' })).toMatchObject(left);
    expect(refusalOf(await caller.ours('remove_host', { host: 'h1' }))).toBe('InvalidInput');
    expect(await caller.ours('examine_host')).toMatchObject({ findings: [] });
    expect(await caller.ours('mend_host')).toMatchObject({ mended: [], findings: [] });
    expect(refusalOf(await caller.ours('drain_host', { host: 'h3', heir: 'h3' }))).toBe('InvalidInput');
    expect(await caller.ours('drain_host', { host: 'h3' })).toMatchObject({ host: 'h3', problems: [] });
    const drained = { host: 'h3', binary: 'network-worker', disabled: false };
    expect(await caller.ours('set_service_status', drained)).toBeNull();
    const given = { project_id: 'p', network_uuid: wide.uuid };
    expect(refusalOf(await ask('add_network_to_project', given))).toBe('NotImplementedError');
    // Only VlanManager has it.
    const association = { network_uuid: wide.uuid, associations: { project: null } };
    expect(refusalOf(await ask('associate', association, { version: '1.5' }))).toBe('NoSuchMethod');
  });

  it('takes everything back, from every host', async () => {
    for (const instance of instances) {
      const args = { instance: objectOf(instance), requested_networks: null };
      const own = { version: '1.11', server: instance.host };
      expect(await ask('deallocate_for_instance', args, own)).toBeNull();
      expect(await ask('get_instance_nw_info', { instance_id: instance.uuid })).toEqual([]);
      expect(await caller.ours('clear_instance_password', { uuid: instance.uuid })).toBeNull();
      expect(await caller.ours('delete_instance', { uuid: instance.uuid })).toBeNull();
    }
    expect(await ask('disassociate_network', { network_uuid: alone.uuid })).toBeNull();
    expect(await ask('delete_network', { uuid: wide.uuid, fixed_range: null })).toBeNull();
    expect(refusalOf(await ask('get_network', { network_uuid: wide.uuid }))).toBe('NetworkNotFoundForUUID');
    await expectAddresses('br200', [[], [], []]);
  });

  it('has called every method there is', () => {
    expect([...caller.called].toSorted()).toEqual(documentedMethods().toSorted());
  });
});

interface Instance {
  readonly host: string;
  readonly uuid: string;
  readonly address: string;
  readonly mac: string;
}
