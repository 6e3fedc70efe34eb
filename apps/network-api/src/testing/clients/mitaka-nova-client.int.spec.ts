import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { TestApi, type Json } from '../test-api.js';
import { registerInstance } from '../test-instances.js';

const VM1 = 'b08eb8d8-0000-4000-8000-000000000001';
const SERVER = `/servers/${VM1}/action`;
const DOMAIN = '/os-floating-ip-dns/ex%252Eorg';

let api: TestApi;
beforeAll(async () => {
  const servers = { databaseUrl: inject('databaseUrl'), amqpUrl: inject('amqpUrl') };
  api = await TestApi.create(servers, {
    network_manager: 'VlanManager',
    vlan_interface: 'eth1',
    floating_ip_dns_manager: 'dnsmasq',
  });
  await registerInstance(api, VM1, 'admin', { displayName: 'vm1' });
}, 120_000);
afterAll(() => api?.remove());

const rule = (more: object) => ({
  security_group_rule: { cidr: null, group_id: null, ...more },
});
const tcp22 = { ip_protocol: 'tcp', from_port: 22, to_port: 22, cidr: '0.0.0.0/0' };

/**
 * What the client `nova` of Mitaka sends, which Debian has no longer: each command with its last request, in an order in
 * which they make sense. Words in capitals stand for what earlier answers said.
 */
const requests: readonly (readonly [command: string, line: string, body: object | null, status: number])[] = [
  [
    'network-create vmnet --fixed-range-v4 10.0.0.0/16 --fixed-range-v6 fd00:1::/48 --vlan 100 --vpn 1000 --fixed-cidr 10.0.20.0/24 --uuid … --priority 1',
    'POST /os-networks',
    {
      network: {
        label: 'vmnet',
        cidr: '10.0.0.0/16',
        cidr_v6: 'fd00:1::/48',
        vlan: 100,
        vpn_start: 1000,
        fixed_cidr: '10.0.20.0/24',
        uuid: '7a0c3f4e-0000-4000-8000-000000000001',
        priority: '1',
      },
    },
    200,
  ],
  [
    'network-create vmnet2 … with everything that it knows',
    'POST /os-networks',
    {
      network: {
        label: 'vmnet2',
        cidr: '10.2.0.0/24',
        cidr_v6: 'fd00:2::/64',
        vlan: 101,
        vlan_start: 100,
        vpn_start: 1001,
        gateway: '10.2.0.1',
        gateway_v6: 'fd00:2::1',
        bridge: 'br101',
        bridge_interface: 'eth1',
        multi_host: true,
        dns1: '8.8.8.8',
        dns2: '8.8.4.4',
        mtu: 1450,
        fixed_cidr: '10.2.0.0/25',
        priority: '1',
        dhcp_server: '10.2.0.2',
        enable_dhcp: false,
        allowed_start: '10.2.0.10',
        allowed_end: '10.2.0.20',
        share_address: true,
      },
    },
    200,
  ],
  ['network-list', 'GET /os-networks', null, 200],
  ['network-associate-host vmnet h1', 'POST /os-networks/VMNET/action', { associate_host: 'h1' }, 202],
  ['network-associate-project vmnet', 'POST /os-networks/add', { id: 'VMNET' }, 202],
  ['tenant-network-list', 'GET /os-tenant-networks', null, 200],
  ['add-fixed-ip vm1 VMNET', `POST ${SERVER}`, { addFixedIp: { networkId: 'VMNET' } }, 202],
  ['virtual-interface-list vm1', `GET /servers/${VM1}/os-virtual-interfaces`, null, 200],
  [
    'floating-ip-bulk-create 198.51.100.10/31 --pool nova --interface eth0',
    'POST /os-floating-ips-bulk',
    { floating_ips_bulk_create: { ip_range: '198.51.100.10/31', pool: 'nova', interface: 'eth0' } },
    200,
  ],
  ['floating-ip-bulk-list', 'GET /os-floating-ips-bulk', null, 200],
  ['floating-ip-pool-list', 'GET /os-floating-ip-pools', null, 200],
  ['floating-ip-create', 'POST /os-floating-ips', { pool: null }, 200],
  ['floating-ip-create nova', 'POST /os-floating-ips', { pool: 'nova' }, 200],
  [
    'floating-ip-associate vm1 198.51.100.10',
    `POST ${SERVER}`,
    { addFloatingIp: { address: '198.51.100.10' } },
    202,
  ],
  ['floating-ip-bulk-list --host h1', 'GET /os-floating-ips-bulk/h1', null, 200],
  [
    'remove-floating-ip vm1 198.51.100.10',
    `POST ${SERVER}`,
    { removeFloatingIp: { address: '198.51.100.10' } },
    202,
  ],
  ['floating-ip-delete 198.51.100.10', 'DELETE /os-floating-ips/1', null, 202],
  ['floating-ip-delete 198.51.100.11', 'DELETE /os-floating-ips/2', null, 202],
  [
    'floating-ip-bulk-delete 198.51.100.10/31',
    'PUT /os-floating-ips-bulk/delete',
    { ip_range: '198.51.100.10/31' },
    200,
  ],
  ['fixed-ip-get 10.0.20.9', 'GET /os-fixed-ips/10.0.20.9', null, 200],
  ['fixed-ip-reserve 10.0.20.9', 'POST /os-fixed-ips/10.0.20.9/action', { reserve: null }, 202],
  ['fixed-ip-unreserve 10.0.20.9', 'POST /os-fixed-ips/10.0.20.9/action', { unreserve: null }, 202],
  [
    'secgroup-create web desc',
    'POST /os-security-groups',
    { security_group: { name: 'web', description: 'desc' } },
    200,
  ],
  ['secgroup-list --all-tenants', 'GET /os-security-groups?all_tenants=1', null, 200],
  [
    'secgroup-add-rule web tcp 22 22 0.0.0.0/0',
    'POST /os-security-group-rules',
    rule({ ...tcp22, parent_group_id: 'GROUP' }),
    200,
  ],
  [
    'secgroup-add-rule web icmp -1 -1 0.0.0.0/0',
    'POST /os-security-group-rules',
    rule({
      ip_protocol: 'icmp',
      from_port: -1,
      to_port: -1,
      cidr: '0.0.0.0/0',
      parent_group_id: 'GROUP',
    }),
    200,
  ],
  [
    'secgroup-add-group-rule web web tcp 1 65535',
    'POST /os-security-group-rules',
    rule({ ip_protocol: 'TCP', from_port: 1, to_port: 65_535, group_id: 'GROUP', parent_group_id: 'GROUP' }),
    200,
  ],
  ['secgroup-delete-rule web tcp 22 22 0.0.0.0/0', 'DELETE /os-security-group-rules/RULE', null, 202],
  ['add-secgroup vm1 web', `POST ${SERVER}`, { addSecurityGroup: { name: 'web' } }, 202],
  ['list-secgroup vm1', `GET /servers/${VM1}/os-security-groups`, null, 200],
  ['remove-secgroup vm1 web', `POST ${SERVER}`, { removeSecurityGroup: { name: 'web' } }, 202],
  [
    'secgroup-update web web2 d2',
    'PUT /os-security-groups/GROUP',
    { security_group: { name: 'web2', description: 'd2' } },
    200,
  ],
  ['secgroup-delete web2', 'DELETE /os-security-groups/GROUP', null, 202],
  [
    'secgroup-add-default-rule tcp 22 22 0.0.0.0/0',
    'POST /os-security-group-default-rules',
    { security_group_default_rule: tcp22 },
    200,
  ],
  ['secgroup-list-default-rules', 'GET /os-security-group-default-rules', null, 200],
  [
    'secgroup-delete-default-rule tcp 22 22 0.0.0.0/0',
    'DELETE /os-security-group-default-rules/1',
    null,
    204,
  ],
  [
    'cloudpipe-configure 203.0.113.9 1000',
    'PUT /os-cloudpipe/configure-project',
    { configure_project: { vpn_ip: '203.0.113.9', vpn_port: '1000' } },
    202,
  ],
  ['cloudpipe-list', 'GET /os-cloudpipe', null, 200],
  [
    'dns-create-public-domain ex.org --project p1',
    `PUT ${DOMAIN}`,
    { domain_entry: { scope: 'public', project: 'p1' } },
    200,
  ],
  ['dns-domains', 'GET /os-floating-ip-dns', null, 200],
  [
    'dns-create 198.51.100.10 n1 ex.org',
    `PUT ${DOMAIN}/entries/n1`,
    { dns_entry: { ip: '198.51.100.10', dns_type: 'A' } },
    200,
  ],
  ['dns-list ex.org --ip 198.51.100.10', `GET ${DOMAIN}/entries?ip=198.51.100.10`, null, 200],
  ['dns-list ex.org --name n1', `GET ${DOMAIN}/entries/n1`, null, 200],
  ['dns-delete ex.org n1', `DELETE ${DOMAIN}/entries/n1`, null, 202],
  ['dns-delete-domain ex.org', `DELETE ${DOMAIN}`, null, 202],
  ['host-list', 'GET /os-hosts', null, 200],
  ['absolute-limits', 'GET /limits', null, 200],
  ['list', 'GET /servers/detail', null, 200],
  ['remove-fixed-ip vm1 …', `POST ${SERVER}`, { removeFixedIp: { address: 'FIXED' } }, 202],
  ['network-disassociate vmnet', 'POST /os-networks/VMNET/action', { disassociate: null }, 202],
  ['network-delete vmnet2', 'DELETE /os-networks/UNUSED', null, 202],
];

/** What of an earlier answer a later request names. */
const named = new Map<string, string | number>();

function remember({ network, security_group, security_group_rule }: Json): void {
  if (network) named.set(network.label === 'vmnet' ? 'VMNET' : 'UNUSED', network.id);
  if (security_group) named.set('GROUP', security_group.id);
  if (security_group_rule && !named.has('RULE')) named.set('RULE', security_group_rule.id);
}

function filled(text: string): string {
  return text.replace(/"?\b(VMNET|UNUSED|GROUP|RULE|FIXED)\b"?/g, (word, name: string) => {
    const value = named.get(name) ?? name;
    return word.startsWith('"') ? JSON.stringify(value) : String(value);
  });
}

it('the commands of nova’s client of Mitaka work', { timeout: 120_000 }, async () => {
  const headers = { 'X-OpenStack-Nova-API-Version': '2.25' };
  for (const [command, line, body, status] of requests) {
    const [method = '', path = ''] = filled(line).split(' ');
    const content = body === null ? undefined : filled(JSON.stringify(body));
    const answer = await api.ask(method, `/v2.1${path}`, content, { headers });
    expect({ command, status: answer.status, body: answer.status === status ? '' : answer.body }).toEqual({
      command,
      status,
      body: '',
    });
    remember(answer.body ?? {});
    if (command.startsWith('list')) {
      const [address] = Object.values<Json>(answer.body.servers?.[0]?.addresses ?? {}).flat();
      if (address) named.set('FIXED', address.addr);
    }
  }
});
