import { fails, type Row, type Story } from '../../testing/both-clients.js';
import { bootArguments } from './setting.js';
import { networkRow, nic, uuidOf } from './shapes.js';

const options = { network_manager: 'nova.network.manager.FlatManager' };
const address = { address: '203.0.113.1' };
const association = { floating_address: '203.0.113.1', fixed_address: '10.0.0.9' };
const migration = {
  instance_uuid: uuidOf.web,
  floating_addresses: ['203.0.113.1'],
  source: 'h1',
  dest: 'h2',
};
const noSuchMethod = fails('NoSuchMethod');

const aboutNames: readonly Row[] = [
  ['get_dns_domains', {}, noSuchMethod],
  ['create_public_dns_domain', { domain: 'example.org', project: 'p' }, noSuchMethod],
  ['create_private_dns_domain', { domain: 'az1.internal', av_zone: 'az1' }, noSuchMethod],
  ['delete_dns_domain', { domain: 'example.org' }, noSuchMethod],
  ['add_dns_entry', { ...address, name: 'www', dns_type: 'A', domain: 'example.org' }, noSuchMethod],
  ['modify_dns_entry', { ...address, name: 'www', domain: 'example.org' }, noSuchMethod],
  ['delete_dns_entry', { name: 'www', domain: 'example.org' }, noSuchMethod],
  ['get_dns_entries_by_address', { ...address, domain: 'example.org' }, noSuchMethod],
  ['get_dns_entries_by_name', { name: 'www', domain: 'example.org' }, noSuchMethod],
];

const withoutFloatingIps: Story = {
  about: 'FlatManager has no floating IPs and no names, and says so without an error where nova does',
  options,
  rows: [
    ['allocate_floating_ip', { project_id: 'p', pool: null }, null],
    ['deallocate_floating_ip', address, null],
    ['associate_floating_ip', association, null],
    ['disassociate_floating_ip', address, null],
    ['migrate_instance_start', migration, null, { version: '1.2' }],
    ['migrate_instance_finish', migration, null, { version: '1.2' }],
    ['get_floating_ip', { id: 1 }, null],
    ['get_floating_ip_by_address', address, null],
    ['get_instance_id_by_floating_address', address, null],
    ['get_floating_ips_by_project', {}, []],
    ['get_floating_ips_by_fixed_address', { fixed_address: '10.0.0.9' }, []],
    ['get_floating_ip_pools', {}, {}, { version: '1.7' }],
    ['get_floating_pools', {}, {}],
    ['get_floating_ip', {}, fails('TypeError')],
    ['associate_floating_ip', address, fails('TypeError')],
    ['_associate_floating_ip', association, noSuchMethod],
    ['_disassociate_floating_ip', address, noSuchMethod],
    ['list_floating_pools', {}, noSuchMethod, { namespace: 'novanet' }],
    ['associate', { network_uuid: uuidOf.private, associations: {} }, noSuchMethod, { version: '1.5' }],
    ['add_network_to_project', { project_id: 'p', network_uuid: null }, fails('NotImplementedError')],
    ...aboutNames,
  ],
};

const defaultGroup = { id: 1, name: 'default', description: 'default', project_id: 'p', rules: [] };
const flatNetwork = {
  label: 'private',
  uuid: uuidOf.private,
  cidr: '10.0.0.0/24',
  bridge: 'br100',
  dns1: '8.8.4.4',
};
const flatNic = nic({
  ips: { '10.0.0.9': [] },
  network: {
    meta: { tenant_id: null, injected: true, should_create_bridge: false },
  },
  subnet: { meta: {} },
  subnet6: { meta: {} },
});

const injected: Story = {
  about: "FlatManager gives addresses on the operator's bridges",
  options: { ...options, flat_injected: 'true' },
  rows: [
    ['create_networks', flatNetwork, [networkRow({ bridge_interface: null, injected: true })]],
    ['allocate_for_instance', bootArguments, [flatNic], { version: '1.13' }],
    ['get_instance_nw_info', { instance_id: uuidOf.web }, [flatNic]],
    ['rpc_setup_network_on_host', { network_id: 1, teardown: false }, null, { server: 'h1' }],
    ['setup_networks_on_host', { instance_id: uuidOf.web, host: 'h1' }, null],
    ['update_dns', { network_ids: [1] }, null, { version: '1.3' }],
    ['list_security_groups', { project_id: 'p' }, [defaultGroup], { namespace: 'novanet' }],
    ['get_dhcp_leases', { network_ref: { id: 1 } }, ''],
    ['deallocate_fixed_ip', { address: '10.0.0.9', host: 'h1' }, null, { server: 'h1' }],
    ['deallocate_for_instance', { instance: { uuid: uuidOf.web } }, null],
    ['delete_network', { uuid: uuidOf.private, fixed_range: null }, null],
  ],
};

export const flatStories: readonly Story[] = [withoutFloatingIps, injected];
