import { expect } from 'vitest';
import { fails, userOf, type Story } from '../../testing/both-clients.js';
import { bootArguments, createPrivate } from './setting.js';
import { networkObject, networkRow, uuidOf } from './shapes.js';

const ours = { namespace: 'novanet' };
const asProject = { ...ours, context: userOf('p') };
const changed = { updated_at: expect.any(String) };
const stored = (difference: object) =>
  ['get_network', { network_uuid: uuidOf.private }, networkObject({ ...difference, ...changed })] as const;

const modified: Story = {
  about: 'an administrator gives a network to a project or a host, whatever the network manager is',
  rows: [
    createPrivate,
    ['modify_network', { network_uuid: uuidOf.private, project_id: 'p', host: 'h1' }, null, ours],
    stored({ project_id: 'p', host: 'h1' }),
    ['modify_network', { network_uuid: uuidOf.private, host: null }, null, ours],
    stored({ project_id: 'p' }),
    ['modify_network', { network_uuid: uuidOf.private }, null, ours],
    ['modify_network', { network_uuid: uuidOf.private, project_id: null }, null, ours],
    stored({}),
    [
      'modify_network',
      { network_uuid: uuidOf.private, host: 'h9' },
      fails('NetworkHostUnavailable', { host: 'h9', reason: 'down', code: 503 }),
      ours,
    ],
    [
      'modify_network',
      { network_uuid: uuidOf.private, host: '-x-' },
      fails('InvalidInput', { reason: '"-x-" is no host name', code: 400 }),
      ours,
    ],
    [
      'modify_network',
      { network_uuid: uuidOf.nobody },
      fails('NetworkNotFoundForUUID', { uuid: uuidOf.nobody, code: 404 }),
      ours,
    ],
    ['modify_network', {}, fails('TypeError'), ours],
    [
      'modify_network',
      { network_uuid: uuidOf.private, project_id: 'p' },
      fails('AdminRequired', { code: 403 }),
      asProject,
    ],
  ],
};

const change = (args: object) =>
  ['modify_network', { network_uuid: uuidOf.private, ...args }, null, ours] as const;
const refused = (args: object, className: string, kwargs: Readonly<Record<string, unknown>>) =>
  ['modify_network', { network_uuid: uuidOf.private, ...args }, fails(className, kwargs), ours] as const;
const conflict = (reason: string) => ({ network_id: uuidOf.private, reason, code: 409 });
const edited = {
  label: 'edited',
  gateway: '10.0.0.254',
  dhcp_start: '10.0.0.50',
  dns1: '192.0.2.1',
  dns2: '192.0.2.2',
  mtu: 1400,
  priority: 5,
};
const moved = { bridge: 'br101', bridge_interface: 'eth9' };
const inMovedNetwork: unknown = expect.objectContaining({
  network: expect.objectContaining({
    bridge: moved.bridge,
    meta: expect.objectContaining({ bridge_interface: moved.bridge_interface }),
  }),
});
const cutOff = 'would cut off the instances that hold addresses in it';

const editedWhole: Story = {
  about:
    'an administrator changes everything else of a network, under its instances what does not cut them off',
  rows: [
    createPrivate,
    change(moved),
    ['allocate_for_instance', bootArguments, [inMovedNetwork]],
    change({ ...edited, dhcp_server: '10.0.0.1' }),
    change(moved),
    stored({ ...edited, ...moved, host: 'h1' }),
    refused({ label: 'not', bridge: 'br9' }, 'NetworkChangeConflict', conflict(`another bridge ${cutOff}`)),
    refused({ label: 'not', gateway: '10.0.0.9' }, 'FixedIpAlreadyInUse', {
      address: '10.0.0.9',
      instance_uuid: uuidOf.web,
      code: 500,
    }),
    refused({ label: 'not', gateway: '10.9.0.1' }, 'AddressOutOfRange', {
      address: '10.9.0.1',
      cidr: '10.0.0.0/24',
      code: 400,
    }),
    refused({ mtu: 'large' }, 'InvalidIntValue', { key: 'mtu', code: 400 }),
    refused({ label: 'x'.repeat(256) }, 'LabelTooLong', { code: 400 }),
    refused({ dns1: 'x' }, 'InvalidAddress', { address: 'x', code: 400 }),
    refused({ priority: 2 ** 40 }, 'ValueError', {}),
    refused({ gateway_v6: 'fd00::1' }, 'InvalidInput', expect.anything()),
    // What was refused changed nothing.
    stored({ ...edited, ...moved, host: 'h1' }),
    change({ gateway: null, dns1: null, dns2: null, mtu: null, priority: null, dhcp_start: null }),
    stored({ ...moved, label: 'edited', gateway: null, dhcp_start: null, dns1: null, host: 'h1' }),
  ],
};

const onVlans: Story = {
  about: 'a network moves to another VLAN while it is empty, and its VPN to another place at any time',
  options: { network_manager: 'VlanManager', vlan_interface: 'eth1' },
  rows: [
    ['create_networks', { label: 'private', uuid: uuidOf.private, cidr: '10.0.0.0/24' }, [expect.anything()]],
    ['create_networks', { label: 'other', cidr: '10.1.0.0/24', project_id: 'q' }, [expect.anything()]],
    refused({ vlan: 101 }, 'DuplicateVlan', { vlan: 101, code: 409 }),
    refused({ vlan: 4095 }, 'ValueError', {}),
    change({ vlan: 300, project_id: 'p' }),
    [
      'allocate_for_instance',
      { ...bootArguments, requested_networks: [[uuidOf.private, '10.0.0.9']] },
      [expect.anything()],
      { context: userOf('p') },
    ],
    refused({ vlan: 400 }, 'NetworkChangeConflict', conflict(`another vlan and bridge ${cutOff}`)),
    change({ vpn_public_address: '203.0.113.9', vpn_public_port: 2000 }),
    [
      'get_network',
      { network_uuid: uuidOf.private },
      networkObject({
        ...changed,
        project_id: 'p',
        host: 'h1',
        vlan: 300,
        bridge: 'br300',
        dhcp_start: '10.0.0.3',
        vpn_private_address: '10.0.0.2',
        vpn_public_address: '203.0.113.9',
        vpn_public_port: 2000,
      }),
    ],
  ],
};

const create = { label: 'mine', cidr: '10.0.0.0/24' };
const tooMany = fails('NetworkLimitExceeded', { code: 413 });

const tenants: Story = {
  about: 'a project makes networks for itself, as many as it may',
  options: { enable_network_quota: 'true', quota_networks: '2' },
  rows: [
    [
      'create_tenant_networks',
      { ...create, uuid: uuidOf.private, project_id: 'other' },
      [networkRow({ label: 'mine', project_id: 'p', bridge_interface: null })],
      asProject,
    ],
    ['create_tenant_networks', create, fails('CidrConflict', expect.anything()), asProject],
    [
      'create_tenant_networks',
      { ...create, cidr: '10.1.0.0/24', num_networks: 2, network_size: 128 },
      tooMany,
      asProject,
    ],
    ['create_tenant_networks', { ...create, cidr: '10.1.0.0/24' }, [expect.anything()], asProject],
    ['create_tenant_networks', { ...create, cidr: '10.2.0.0/24' }, tooMany, asProject],
    [
      'create_tenant_networks',
      { cidr: '10.2.0.0/24' },
      fails('NetworkNotCreated', expect.anything()),
      asProject,
    ],
    // What an administrator makes for a project is not held back, and not counted for others.
    ['create_networks', { ...create, cidr: '10.2.0.0/24', project_id: 'p' }, [expect.anything()]],
    [
      'create_tenant_networks',
      { ...create, cidr: '10.3.0.0/24' },
      [expect.anything()],
      { ...ours, context: userOf('other') },
    ],
  ],
};

export const tenantNetworkStories: readonly Story[] = [modified, editedWhole, onVlans, tenants];
