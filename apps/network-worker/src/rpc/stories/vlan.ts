import { expect } from 'vitest';
import { fails, userOf, type Story } from '../../testing/both-clients.js';
import { bootArguments } from './setting.js';
import { aTime, networkRow, nic, uuidOf } from './shapes.js';

const options = { network_manager: 'VlanManager', vlan_interface: 'eth1' };

const vlanFacts = {
  bridge: 'br100',
  vlan: 100,
  bridge_interface: 'eth1',
  vpn_private_address: '10.0.0.2',
  vpn_public_port: 1000,
  dhcp_start: '10.0.0.3',
};
const create = { label: 'private', uuid: uuidOf.private, cidr: '10.0.0.0/24' };
const second = { label: 'second', uuid: uuidOf.wide, cidr: '10.1.0.0/24', network_size: 256 };
const vlanNic = (tenant: string) => ({
  ...nic({
    ips: { '10.0.0.9': [] },
    meta: { tenant_id: tenant, should_create_vlan: true, vlan: 100 },
  }),
});
const projectOf = (uuid: string, projectId: string | null, host: string | null) =>
  [
    'get_network',
    { network_uuid: uuid },
    expect.objectContaining({ 'nova_object.data': expect.objectContaining({ project_id: projectId, host }) }),
  ] as const;

const perProject: Story = {
  about: 'VlanManager gives each project networks of its own',
  options,
  rows: [
    ['create_networks', create, [networkRow(vlanFacts)]],
    ['create_networks', { ...second, vlan: 100 }, fails('DuplicateVlan', { vlan: 100, code: 409 })],
    ['create_networks', { ...second, vlan: 5000 }, fails('ValueError')],
    [
      'create_networks',
      { ...second, vlan: 200, vpn_start: 2000 },
      [expect.objectContaining({ vlan: 200, bridge: 'br200', vpn_public_port: 2000 })],
    ],
    ['add_network_to_project', { project_id: 'p', network_uuid: uuidOf.private }, null],
    [
      'add_network_to_project',
      { project_id: 'other', network_uuid: uuidOf.private },
      fails('NetworkInUse', { network_id: uuidOf.private, code: 500 }),
    ],
    [
      'add_network_to_project',
      { project_id: 'p', network_uuid: uuidOf.nobody },
      fails('NetworkNotFoundForUUID', { uuid: uuidOf.nobody, code: 404 }),
    ],
    ['add_network_to_project', { network_uuid: uuidOf.private }, fails('TypeError')],
    projectOf(uuidOf.private, 'p', null),
    ['get_all_networks', {}, [expect.objectContaining({ label: 'private' })], { context: userOf('p') }],
    [
      'allocate_for_instance',
      { ...bootArguments, requested_networks: [[uuidOf.private, '10.0.0.9']] },
      [vlanNic('p')],
      { context: userOf('p') },
    ],
    // Whoever has none is given one when it is needed, while there are some.
    [
      'allocate_for_instance',
      { ...bootArguments, instance_id: uuidOf.db, project_id: 'other', macs: null, requested_networks: null },
      [expect.anything()],
      { context: userOf('other') },
    ],
    projectOf(uuidOf.wide, 'other', 'h1'),
    [
      'allocate_for_instance',
      {
        ...bootArguments,
        instance_id: uuidOf.nobody,
        project_id: 'third',
        macs: null,
        requested_networks: null,
      },
      fails('NoMoreNetworks', { code: 500 }),
      { context: userOf('third') },
    ],
    [
      'add_network_to_project',
      { project_id: 'third', network_uuid: null },
      fails('NoMoreNetworks', { code: 500 }),
    ],
    [
      'delete_network',
      { uuid: uuidOf.private, fixed_range: null },
      fails('NetworkHasProject', { project_id: 'p', code: 500 }),
    ],
  ],
};

const associated: Story = {
  about: 'VlanManager lets networks be given and taken',
  options,
  rows: [
    ['create_networks', create, [networkRow(vlanFacts)]],
    [
      'associate',
      { network_uuid: uuidOf.private, associations: { host: 'h1', project: 'p' } },
      null,
      { version: '1.5' },
    ],
    projectOf(uuidOf.private, 'p', 'h1'),
    ['associate', { network_uuid: uuidOf.private, associations: { host: null } }, null, { version: '1.5' }],
    projectOf(uuidOf.private, 'p', null),
    [
      'associate',
      { network_uuid: uuidOf.private, associations: { project: null } },
      null,
      { version: '1.5' },
    ],
    projectOf(uuidOf.private, null, null),
    ['associate', { network_uuid: uuidOf.private, associations: {} }, null, { version: '1.5' }],
    [
      'associate',
      { network_uuid: uuidOf.private, associations: { host: 'h9' } },
      fails('NetworkHostUnavailable', { host: 'h9', reason: 'down', code: 503 }),
    ],
    [
      'associate',
      { network_uuid: uuidOf.private, associations: { host: '-x-' } },
      fails('InvalidInput', { reason: '"-x-" is no host name', code: 400 }),
    ],
    [
      'associate',
      { network_uuid: uuidOf.nobody, associations: {} },
      fails('NetworkNotFoundForUUID', { uuid: uuidOf.nobody, code: 404 }),
    ],
    ['associate', { network_uuid: uuidOf.private }, fails('TypeError')],
    ['add_network_to_project', { project_id: 'p', network_uuid: null }, null],
    projectOf(uuidOf.private, 'p', null),
    ['disassociate_network', { network_uuid: uuidOf.private }, null],
    projectOf(uuidOf.private, null, null),
    // The VPN's server has an address that nobody else gets.
    [
      'allocate_for_instance',
      { ...bootArguments, vpn: true, requested_networks: null },
      [vpnNic()],
      { context: userOf('p') },
    ],
    [
      'get_all_networks',
      {},
      [
        networkRow({
          ...vlanFacts,
          project_id: 'p',
          host: 'h1',
          vpn_public_address: '192.0.2.11',
          updated_at: aTime,
        }),
      ],
    ],
  ],
};

function vpnNic() {
  return nic({
    ips: { '10.0.0.2': [] },
    meta: { tenant_id: 'p', should_create_vlan: true, vlan: 100 },
  });
}

export const vlanStories: readonly Story[] = [perProject, associated];
