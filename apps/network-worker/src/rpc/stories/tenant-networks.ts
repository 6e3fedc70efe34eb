import { expect } from 'vitest';
import { fails, userOf, type Story } from '../../testing/both-clients.js';
import { createPrivate } from './setting.js';
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

export const tenantNetworkStories: readonly Story[] = [modified, tenants];
