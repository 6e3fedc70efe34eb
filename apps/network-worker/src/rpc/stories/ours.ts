import { expect } from 'vitest';
import { fails, userOf, type Row, type Story } from '../../testing/both-clients.js';
import { bootDb, bootWeb, createPrivate, createWide } from './setting.js';
import { aTime, networkRow, uuidOf } from './shapes.js';

const ours = { namespace: 'novanet' };
const user = { ...ours, context: userOf('p') };
const adminRequired = fails('AdminRequired', { code: 403 });
const invalid = fails('InvalidInput', { reason: expect.any(String), code: 400 });

const forAdministrators = (method: string, args: Row[1]): Row => [method, args, adminRequired, user];

const registration = {
  uuid: uuidOf.web,
  project_id: 'p',
  user_id: 'u1',
  host: 'h1',
  display_name: 'web',
  hostname: 'web',
  availability_zone: 'az1',
  launch_index: 0,
  reservation_id: 'r-abcdefgh',
  instance_type: 'm1.small',
  ami_id: 'ami-1',
  kernel_id: null,
  ramdisk_id: null,
  key_name: 'mine',
  public_key: 'ssh-ed25519 AAAA me',
  user_data: 'aGVsbG8=',
  meta: { role: 'front' },
  security_groups: ['default'],
};

const instances: Story = {
  about: 'a compute service tells of its instances',
  rows: [
    createPrivate,
    [
      'put_instance',
      { instance: registration },
      expect.objectContaining({ ...registration, registered: true, created_at: aTime }),
      ours,
    ],
    ['put_instance', { instance: { ...registration, uuid: 'mine' } }, fails('TypeError'), ours],
    ['put_instance', {}, fails('TypeError'), ours],
    ['clear_instance_password', { uuid: uuidOf.web }, null, ours],
    ['clear_instance_password', { uuid: 'mine' }, fails('TypeError'), ours],
    bootWeb,
    [
      'delete_instance',
      { uuid: uuidOf.web },
      fails('InstanceInUse', { instance_id: uuidOf.web, held: '10.0.0.9', code: 409 }),
      ours,
    ],
    ['deallocate_for_instance', { instance: { uuid: uuidOf.web } }, null],
    ['delete_instance', { uuid: uuidOf.web }, null, ours],
    ['delete_instance', { uuid: 'mine' }, fails('TypeError'), ours],
    [
      'get_instance_nw_info',
      { instance_id: uuidOf.web },
      fails('InstanceNotFound', { instance_id: uuidOf.web, code: 404 }),
    ],
  ],
};

const hosts: Story = {
  about: 'an administrator changes who serves a network',
  rows: [
    createPrivate,
    createWide,
    bootWeb,
    bootDb,
    [
      'convert_network',
      { network_uuid: uuidOf.private, multi_host: true },
      networkRow({ multi_host: true, host: null, updated_at: aTime }),
      ours,
    ],
    [
      'convert_network',
      { network_uuid: uuidOf.private, multi_host: false, host: 'h1' },
      networkRow({ multi_host: false, host: 'h1', updated_at: aTime }),
      ours,
    ],
    [
      'convert_network',
      { network_uuid: uuidOf.private, multi_host: false, host: 'h9' },
      fails('NetworkHostUnavailable', { host: 'h9', reason: 'down', code: 503 }),
      ours,
    ],
    [
      'convert_network',
      { network_uuid: uuidOf.nobody, multi_host: true },
      fails('NetworkNotFoundForUUID', { uuid: uuidOf.nobody, code: 404 }),
      ours,
    ],
    ['convert_network', { network_uuid: uuidOf.private }, fails('TypeError'), ours],
    forAdministrators('convert_network', { network_uuid: uuidOf.private, multi_host: true }),
    [
      'remove_host',
      { host: 'h2' },
      {
        host: 'h2',
        addresses: [],
        networks: [],
        floating_ips_moved: [],
        floating_ips_left: [],
        instances: [],
        problems: [],
      },
      ours,
    ],
    ['remove_host', { host: 'h1' }, invalid, ours],
    ['remove_host', { host: '-bad-' }, invalid, ours],
    [
      'remove_host',
      { host: 'h2', heir: 'h9' },
      fails('NetworkHostUnavailable', { host: 'h9', reason: 'down', code: 503 }),
      ours,
    ],
    ['remove_host', {}, fails('TypeError'), ours],
    forAdministrators('remove_host', { host: 'h2' }),
    [
      'drain_host',
      { host: 'h9' },
      fails('NetworkHostUnavailable', { host: 'h9', reason: 'down', code: 503 }),
      ours,
    ],
    ['drain_host', { host: 'h1', heir: 'h1' }, invalid, ours],
    ['drain_host', { host: '-bad-' }, invalid, ours],
    ['drain_host', {}, fails('TypeError'), ours],
    forAdministrators('drain_host', { host: 'h1' }),
    [
      'convert_network',
      { network_uuid: uuidOf.private, multi_host: true },
      networkRow({ multi_host: true, host: null, updated_at: aTime }),
      ours,
    ],
    ['drain_host', { host: 'h1' }, expect.objectContaining({ host: 'h1', networks: [], problems: [] }), ours],
  ],
};

const inUse = { address: '10.0.0.9', instance_uuid: uuidOf.web, code: 500 };
const unknownAddress = fails('FixedIpNotFoundForAddress', { address: '192.0.2.1', code: 404 });
const malformedAddress = fails('FixedIpInvalid', { address: 'bogus', code: 400 });

const reservations: Story = {
  about: 'an administrator keeps addresses back, and gives them free',
  rows: [
    createPrivate,
    bootWeb,
    ['reserve_fixed_ip', { address: '10.0.0.2' }, null, ours],
    ['reserve_fixed_ip', { address: '10.0.0.2' }, null, ours],
    ['reserve_fixed_ip', { address: '10.0.0.1' }, null, ours],
    ['reserve_fixed_ip', { address: '10.0.0.9' }, fails('FixedIpAlreadyInUse', inUse), ours],
    ['reserve_fixed_ip', { address: '192.0.2.1' }, unknownAddress, ours],
    ['reserve_fixed_ip', { address: 'bogus' }, malformedAddress, ours],
    ['reserve_fixed_ip', {}, fails('TypeError'), ours],
    ['unreserve_fixed_ip', { address: '10.0.0.2' }, null, ours],
    ['unreserve_fixed_ip', { address: '10.0.0.2' }, null, ours],
    ['unreserve_fixed_ip', { address: '10.0.0.9' }, null, ours],
    ['unreserve_fixed_ip', { address: '10.0.0.1' }, invalid, ours],
    ['unreserve_fixed_ip', { address: '192.0.2.1' }, unknownAddress, ours],
    ['unreserve_fixed_ip', { address: 'bogus' }, malformedAddress, ours],
    ['unreserve_fixed_ip', {}, fails('TypeError'), ours],
    forAdministrators('reserve_fixed_ip', { address: '10.0.0.2' }),
    forAdministrators('unreserve_fixed_ip', { address: '10.0.0.2' }),
  ],
};

export const ourStories: readonly Story[] = [instances, hosts, reservations];
