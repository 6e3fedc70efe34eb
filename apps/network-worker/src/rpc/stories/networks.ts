import { expect } from 'vitest';
import { fails, userOf, type Story } from '../../testing/both-clients.js';
import { networkObject, networkRow, novaObject, uuidOf } from './shapes.js';

/** As `nova-manage network create` and os-networks send it. */
const asNovaSends = {
  label: 'private',
  cidr: '10.0.0.0/24',
  multi_host: false,
  num_networks: 1,
  network_size: 256,
  cidr_v6: null,
  gateway: null,
  gateway_v6: null,
  bridge: 'br100',
  bridge_interface: 'eth1',
  dns1: '8.8.4.4',
  dns2: null,
  fixed_cidr: null,
  allowed_start: null,
  allowed_end: null,
  uuid: uuidOf.private,
};

const wide = {
  id: 2,
  label: 'wide',
  uuid: uuidOf.wide,
  cidr: '10.1.0.0/16',
  netmask: '255.255.0.0',
  gateway: '10.1.0.9',
  broadcast: '10.1.255.255',
  dhcp_server: '10.1.0.8',
  dhcp_start: '10.1.0.1',
  cidr_v6: 'fd00:0:0:1::/64',
  netmask_v6: 'ffff:ffff:ffff:ffff::',
  gateway_v6: 'fd00:0:0:1::1',
  multi_host: true,
  bridge: 'br200',
  bridge_interface: 'eth2',
  dns1: '9.9.9.9',
  dns2: '9.9.9.10',
  mtu: 1450,
  project_id: 'p',
  priority: 7,
  enable_dhcp: false,
  share_address: true,
};

const badNetworks: Story = {
  about: 'networks that cannot be made',
  rows: [
    ['create_networks', asNovaSends, [networkRow()]],
    ['create_networks', { cidr: '10.9.0.0/24' }, fails('NetworkNotCreated', { req: 'label', code: 400 })],
    ['create_networks', { label: 'x' }, fails('NetworkNotCreated', { req: 'cidr or cidr_v6', code: 400 })],
    [
      'create_networks',
      { label: 'x'.repeat(256), cidr: '10.9.0.0/24' },
      fails('LabelTooLong', { code: 400 }),
    ],
    [
      'create_networks',
      { label: 'x', cidr: '10.9.0.0/24', num_networks: 'many' },
      fails('InvalidIntValue', { key: 'num_networks', code: 400 }),
    ],
    [
      'create_networks',
      { label: 'x', cidr: '10.9.0.0/24', network_size: 'big' },
      fails('InvalidIntValue', { key: 'network_size', code: 400 }),
    ],
    ['create_networks', { label: 'x', cidr: 'bogus' }, fails('InvalidCidr', { cidr: 'bogus', code: 400 })],
    [
      'create_networks',
      { label: 'x', cidr_v6: 'fd00::/299' },
      fails('InvalidCidr', { cidr: 'fd00::/299', code: 400 }),
    ],
    [
      'create_networks',
      { label: 'x', cidr: '10.9.0.0/24', allowed_start: 'first' },
      fails('InvalidAddress', { address: 'first', code: 400 }),
    ],
    [
      'create_networks',
      { label: 'x', cidr: '10.9.0.0/24', allowed_end: '10.8.0.9' },
      fails('AddressOutOfRange', { address: '10.8.0.9', cidr: '10.9.0.0/24', code: 400 }),
    ],
    [
      'create_networks',
      { label: 'x', cidr: '10.0.0.128/25', network_size: 128 },
      fails('CidrConflict', { cidr: '10.0.0.128/25', other: '10.0.0.0/24', code: 409 }),
    ],
    [
      'create_networks',
      { label: 'x', cidr: '10.9.0.0/24', uuid: 'mine' },
      fails('InvalidUUID', { uuid: 'mine', code: 400 }),
    ],
    ['create_networks', { label: 'x', cidr: '10.9.0.0/24', num_networks: 0 }, fails('ValueError')],
    [
      'create_networks',
      { label: 'x', cidr: '10.9.0.0/24', mtu: 9 },
      fails('InvalidInput', { reason: 'mtu must be between 68 and 65535', code: 400 }),
    ],
    ['get_all_networks', {}, [networkRow()]],
  ],
};

const madeAndDeleted: Story = {
  about: 'networks, of one host and of each instance’s host, side by side',
  rows: [
    ['get_all_networks', {}, []],
    ['create_networks', { ...asNovaSends, some_keyword_of_later: 1 }, [networkRow()]],
    [
      'create_networks',
      {
        label: 'wide',
        uuid: uuidOf.wide,
        cidr: '10.1.0.0/16',
        network_size: 65_536,
        cidr_v6: 'fd00:0:0:1::/64',
        multi_host: true,
        gateway: '10.1.0.9',
        dhcp_server: '10.1.0.8',
        bridge: 'br200',
        bridge_interface: 'eth2',
        dns1: '9.9.9.9',
        dns2: '9.9.9.10',
        mtu: 1450,
        project_id: 'p',
        priority: 7,
        enable_dhcp: false,
        share_address: true,
      },
      [networkRow(wide)],
    ],
    [
      'create_networks',
      { label: 'pair', cidr: '10.2.0.0/24', num_networks: 2, network_size: 128 },
      ['10.2.0.0/25', '10.2.0.128/25'].map((cidr, index) =>
        expect.objectContaining({ label: `pair_${index}`, cidr, bridge: 'br100', multi_host: false }),
      ),
    ],
    ['get_all_networks', {}, expect.objectContaining({ length: 4 })],
    // What belongs to another project is not there for a user.
    [
      'get_network',
      { network_uuid: uuidOf.wide },
      fails('NetworkNotFoundForUUID', { uuid: uuidOf.wide, code: 404 }),
      { context: userOf('other') },
    ],
    ['get_network', { network_uuid: uuidOf.wide }, networkObject(wide), { context: userOf('p') }],
    ['get_network', { network_uuid: uuidOf.private }, networkObject()],
    [
      'get_network',
      { network_uuid: uuidOf.nobody },
      fails('NetworkNotFoundForUUID', { uuid: uuidOf.nobody, code: 404 }),
    ],
    ['get_network', {}, fails('TypeError')],
    // The object of 1.15, the row of 1.0.
    [
      'set_network_host',
      { network_ref: novaObject('Network', '1.2', { id: 1, uuid: uuidOf.private, host: null }) },
      'h1',
      { version: '1.15' },
    ],
    ['set_network_host', { network_ref: { id: 1 } }, 'h1'],
    [
      'set_network_host',
      { network_ref: { id: 99 } },
      fails('NetworkNotFound', { network_id: 99, code: 404 }),
    ],
    ['set_network_host', { network_ref: { id: 'x' } }, fails('TypeError')],
    [
      'get_network',
      { network_uuid: uuidOf.private },
      networkObject({ host: 'h1', updated_at: expect.any(String) }),
    ],
    ['disassociate_network', { network_uuid: uuidOf.private }, null],
    [
      'get_network',
      { network_uuid: uuidOf.private },
      networkObject({ host: null, updated_at: expect.any(String) }),
    ],
    [
      'disassociate_network',
      { network_uuid: uuidOf.nobody },
      fails('NetworkNotFoundForUUID', { uuid: uuidOf.nobody, code: 404 }),
    ],
    [
      'delete_network',
      { uuid: uuidOf.wide, fixed_range: null },
      fails('NetworkHasProject', { project_id: 'p', code: 500 }),
    ],
    ['delete_network', { uuid: uuidOf.wide, fixed_range: null, require_disassociated: false }, null],
    ['delete_network', { uuid: null, fixed_range: '10.2.0.128/25' }, null],
    [
      'delete_network',
      { fixed_range: '10.2.0.128/25' },
      fails('NetworkNotFoundForCidr', { cidr: '10.2.0.128/25', code: 404 }),
    ],
    [
      'delete_network',
      { uuid: uuidOf.wide, fixed_range: null },
      fails('NetworkNotFoundForUUID', { uuid: uuidOf.wide, code: 404 }),
    ],
    ['get_all_networks', {}, expect.objectContaining({ length: 2 })],
  ],
};

const projects: Story = {
  about: 'only VlanManager gives networks to projects',
  rows: [
    ['create_networks', asNovaSends, [networkRow()]],
    [
      'add_network_to_project',
      { project_id: 'p', network_uuid: uuidOf.private },
      fails('NotImplementedError'),
    ],
    ['add_network_to_project', { project_id: 'p' }, fails('NotImplementedError')],
    [
      'associate',
      { network_uuid: uuidOf.private, associations: { host: 'h1' } },
      fails('NoSuchMethod'),
      { version: '1.5' },
    ],
  ],
};

export const networkStories: readonly Story[] = [madeAndDeleted, badNetworks, projects];
