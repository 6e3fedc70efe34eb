import { expect } from 'vitest';
import { fails, userOf, type Row, type Story } from '../../testing/both-clients.js';
import { floatingIpRow } from './shapes.js';

const ours = { namespace: 'novanet' };
const user = { ...ours, context: userOf('p') };
const adminRequired = fails('AdminRequired', { code: 403 });
const invalid = fails('InvalidInput', { reason: expect.any(String), code: 400 });

const forAdministrators = (method: string, args: Row[1]): Row => [method, args, adminRequired, user];

const pools: Story = {
  about: 'an administrator makes pools of floating IPs',
  rows: [
    ['list_floating_pools', {}, [], ours],
    ['create_floating_pool', { name: 'public' }, null, ours],
    [
      'create_floating_pool',
      { name: 'public' },
      fails('FloatingIpPoolExists', { pool: 'public', code: 409 }),
      ours,
    ],
    ['create_floating_pool', {}, fails('TypeError'), ours],
    [
      'grow_floating_pool',
      { pool: 'public', range: '203.0.113.1,203.0.113.3', interface: 'eth0' },
      null,
      ours,
    ],
    ['grow_floating_pool', { range: '198.51.100.0/30' }, null, ours],
    [
      'grow_floating_pool',
      { range: '203.0.113.1' },
      fails('FloatingIpExists', { address: '203.0.113.1', code: 500 }),
      ours,
    ],
    ['grow_floating_pool', { range: 'bogus' }, invalid, ours],
    ['grow_floating_pool', { range: '192.0.2.1', interface: '-x/../y' }, invalid, ours],
    ['grow_floating_pool', {}, fails('TypeError'), ours],
    ['allocate_floating_ip', { project_id: 'p', pool: 'public' }, '203.0.113.1'],
    [
      'list_floating_pools',
      {},
      [
        { name: 'nova', total: expect.any(Number), free: expect.any(Number), allocated: 0, associated: 0 },
        { name: 'public', total: 2, free: 1, allocated: 1, associated: 0 },
      ],
      ours,
    ],
    [
      'list_floating_ips',
      { pool: 'public' },
      [
        floatingIpRow({
          pool: 'public',
          interface: 'eth0',
          project_id: 'p',
          fixed_address: null,
          instance_uuid: null,
        }),
        floatingIpRow({
          id: 2,
          address: '203.0.113.3',
          pool: 'public',
          interface: 'eth0',
          updated_at: null,
          fixed_address: null,
          instance_uuid: null,
        }),
      ],
      ours,
    ],
    ['list_floating_ips', { project_id: 'p' }, [expect.objectContaining({ address: '203.0.113.1' })], ours],
    ['list_floating_ips', { host: 'h1' }, [], ours],
    [
      'shrink_floating_pool',
      { range: '203.0.113.1' },
      fails('FloatingIpAllocated', { address: '203.0.113.1', project_id: 'p', code: 409 }),
      ours,
    ],
    [
      'shrink_floating_pool',
      { range: '192.0.2.1' },
      fails('FloatingIpNotFoundForAddress', { address: '192.0.2.1', code: 404 }),
      ours,
    ],
    ['shrink_floating_pool', { range: 'bogus' }, invalid, ours],
    [
      'shrink_floating_pool',
      { pool: 'nova', range: '203.0.113.3' },
      fails('FloatingIpNotFoundForAddress', { address: '203.0.113.3', code: 404 }),
      ours,
    ],
    [
      'delete_floating_pool',
      { name: 'public' },
      fails('FloatingIpPoolInUse', { pool: 'public', code: 409 }),
      ours,
    ],
    [
      'shrink_floating_pool',
      { range: '203.0.113.1,192.0.2.1', force: true },
      fails('FloatingIpNotFoundForAddress', { address: '192.0.2.1', code: 404 }),
      ours,
    ],
    ['list_floating_ips', { project_id: 'p' }, [expect.objectContaining({ address: '203.0.113.1' })], ours],
    ['shrink_floating_pool', { range: '203.0.113.1,203.0.113.3', force: true }, null, ours],
    ['delete_floating_pool', { name: 'public' }, null, ours],
    ['delete_floating_pool', { name: 'public' }, fails('FloatingIpPoolNotFound', { code: 404 }), ours],
    forAdministrators('create_floating_pool', { name: 'mine' }),
    forAdministrators('delete_floating_pool', { name: 'nova' }),
    forAdministrators('grow_floating_pool', { range: '192.0.2.1' }),
    forAdministrators('shrink_floating_pool', { range: '198.51.100.1' }),
    forAdministrators('list_floating_pools', {}),
    forAdministrators('list_floating_ips', {}),
  ],
};

export const floatingPoolStories: readonly Story[] = [pools];
