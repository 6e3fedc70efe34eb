import { parseHostName } from '@novanet/net-address';
import { expect } from 'vitest';
import { fails, userOf, type Row, type Story } from '../../testing/both-clients.js';

const ours = { namespace: 'novanet' };
const user = { ...ours, context: userOf('p') };
const invalid = fails('InvalidInput', { reason: expect.any(String), code: 400 });
const h1 = { host: parseHostName('h1'), binary: 'nova-network' };
const nowhere = { host: 'h9', binary: 'nova-network' };
const unknown = fails('HostBinaryNotFound', { ...nowhere, code: 404 });

const forAdministrators = (method: string, args: Row[1]): Row => [
  method,
  args,
  fails('AdminRequired', { code: 403 }),
  user,
];

const services: Story = {
  about: 'an administrator says which services count',
  rows: [
    [
      'force_service_down',
      { ...h1, forced_down: true },
      fails('HostBinaryNotFound', { ...h1, code: 404 }),
      { ...ours, after: ({ ipam }) => ipam.services.beat({ ...h1, topic: 'network' }) },
    ],
    ['force_service_down', { ...h1, forced_down: true }, null, ours],
    ['force_service_down', { ...h1, forced_down: false }, null, ours],
    ['force_service_down', { ...nowhere, forced_down: true }, unknown, ours],
    ['force_service_down', { ...h1, host: '-bad-', forced_down: true }, invalid, ours],
    ['force_service_down', h1, fails('TypeError'), ours],
    ['set_service_status', { ...h1, disabled: true, reason: 'new disks' }, null, ours],
    ['set_service_status', { ...h1, disabled: false }, null, ours],
    ['set_service_status', { ...nowhere, disabled: true }, unknown, ours],
    ['set_service_status', { ...h1, host: '-bad-', disabled: true }, invalid, ours],
    ['set_service_status', h1, fails('TypeError'), ours],
    ['remove_service', h1, null, ours],
    ['remove_service', nowhere, unknown, ours],
    ['remove_service', { host: 'h1' }, fails('TypeError'), ours],
    forAdministrators('force_service_down', { ...h1, forced_down: true }),
    forAdministrators('set_service_status', { ...h1, disabled: true }),
    forAdministrators('remove_service', h1),
  ],
};

const group = (name: string, project: string) => ({ name, project_id: project });

const quotas: Story = {
  about: 'an administrator gives a project limits of its own',
  rows: [
    ['put_quotas', { project_id: 'p', limits: { security_groups: 2 } }, null, ours],
    ['create_security_group', group('web', 'p'), expect.objectContaining(group('web', 'p')), ours],
    ['create_security_group', group('db', 'p'), fails('SecurityGroupLimitExceeded', { code: 413 }), ours],
    ['create_security_group', group('db', 'q'), expect.objectContaining(group('db', 'q')), ours],
    ['put_quotas', { project_id: 'p', limits: { security_groups: 1 } }, invalid, ours],
    ['put_quotas', { project_id: 'p', limits: { security_groups: 1 }, force: true }, null, ours],
    ['put_quotas', { project_id: 'p', limits: { security_groups: -2 } }, fails('TypeError'), ours],
    ['put_quotas', { project_id: 'p' }, fails('TypeError'), ours],
    ['clear_quotas', { project_id: 'p' }, null, ours],
    ['create_security_group', group('db', 'p'), expect.objectContaining(group('db', 'p')), ours],
    ['clear_quotas', {}, fails('TypeError'), ours],
    forAdministrators('put_quotas', { project_id: 'p', limits: {} }),
    forAdministrators('clear_quotas', { project_id: 'p' }),
  ],
};

export const cloudRecordStories: readonly Story[] = [services, quotas];
