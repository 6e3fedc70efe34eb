import { fails, userOf, type Story } from '../../testing/both-clients.js';
import { fixedIpObject, instanceObject, macOf, uuidOf, vifObject, vifRow } from './shapes.js';
import { bootDb, bootWeb, createPrivate, createWide } from './setting.js';

const gateway = {
  id: 1,
  address: '10.0.0.1',
  virtual_interface_id: null,
  instance_uuid: null,
  allocated: false,
  reserved: true,
};

const allocated: Story = {
  about: 'single addresses are given, shown and taken',
  rows: [
    createPrivate,
    createWide,
    bootWeb,
    ['get_fixed_ip', { id: 1 }, fixedIpObject(gateway)],
    ['get_fixed_ip', { id: 4 }, fixedIpObject({ id: 4, address: '10.0.0.9' })],
    ['get_fixed_ip', { id: 4 }, fails('Forbidden', { code: 403 }), { context: userOf('other') }],
    ['get_fixed_ip', { id: 99 }, fails('FixedIpNotFound', { id: 99, code: 404 })],
    ['get_fixed_ip', { id: 'first' }, fails('TypeError')],
    [
      'get_fixed_ip_by_address',
      { address: '10.0.0.9' },
      fixedIpObject({ id: 4, address: '10.0.0.9' }),
      { context: userOf('p') },
    ],
    [
      'get_fixed_ip_by_address',
      { address: '10.0.0.9' },
      fails('Forbidden', { code: 403 }),
      { context: userOf('other') },
    ],
    [
      'get_fixed_ip_by_address',
      { address: '10.0.0.77' },
      fails('FixedIpNotFoundForAddress', { address: '10.0.0.77', code: 404 }),
    ],
    [
      'get_fixed_ip_by_address',
      { address: 'bogus' },
      fails('FixedIpInvalid', { address: 'bogus', code: 400 }),
    ],
    // As a worker asks another one.
    [
      '_rpc_allocate_fixed_ip',
      { instance_id: uuidOf.db, network_id: 2, address: '10.1.0.9', vpn: false },
      '10.1.0.9',
      { server: 'h1' },
    ],
    [
      '_rpc_allocate_fixed_ip',
      { instance_id: uuidOf.db, network_id: 1, address: null, vpn: null },
      '10.0.0.2',
      { server: 'h1' },
    ],
    [
      '_rpc_allocate_fixed_ip',
      { instance_id: uuidOf.nobody, network_id: 1, address: '10.0.0.9' },
      fails('FixedIpAlreadyInUse', { address: '10.0.0.9', instance_uuid: uuidOf.web, code: 500 }),
    ],
    [
      '_rpc_allocate_fixed_ip',
      { instance_id: uuidOf.db, network_id: 99 },
      fails('NetworkNotFound', { network_id: 99, code: 404 }),
    ],
    [
      '_rpc_allocate_fixed_ip',
      { instance_id: 'mine', network_id: 1 },
      fails('InvalidUUID', { uuid: 'mine', code: 400 }),
    ],
    ['_rpc_allocate_fixed_ip', { instance_id: uuidOf.db }, fails('TypeError')],
    [
      'deallocate_fixed_ip',
      { address: '10.0.0.9', host: 'h1', instance: instanceObject(uuidOf.web) },
      null,
      { version: '1.12', server: 'h1' },
    ],
    // Once more; and of an instance that no longer has it.
    ['deallocate_fixed_ip', { address: '10.0.0.9', host: 'h1', teardown: true }, null],
    ['deallocate_fixed_ip', { address: '10.0.0.2', host: 'h1', instance: instanceObject(uuidOf.web) }, null],
    [
      'get_instance_uuids_by_ip_filter',
      { filters: { fixed_ip: '10.0.0.2' } },
      [{ instance_uuid: uuidOf.db, ip: '10.0.0.2' }],
    ],
    [
      'deallocate_fixed_ip',
      { address: '10.9.0.9' },
      fails('FixedIpNotFoundForAddress', { address: '10.9.0.9', code: 404 }),
    ],
    ['deallocate_fixed_ip', { address: 'bogus' }, fails('FixedIpInvalid', { address: 'bogus', code: 400 })],
    ['deallocate_fixed_ip', { host: 'h1' }, fails('TypeError')],
  ],
};

const foundWeb = { instance_uuid: uuidOf.web, ip: '10.0.0.9' };
const foundDb = { instance_uuid: uuidOf.db, ip: '10.1.0.9' };

const lookedUp: Story = {
  about: 'what clients of earlier releases ask about NICs',
  rows: [
    createPrivate,
    createWide,
    bootWeb,
    bootDb,
    ['get_vifs_by_instance', { instance_id: uuidOf.web }, [vifRow({ net_uuid: uuidOf.private })]],
    [
      'get_vifs_by_instance',
      { instance_id: 99 },
      fails('InstanceNotFound', { instance_id: '99', code: 404 }),
    ],
    ['get_vif_by_mac_address', { mac_address: macOf.web }, vifObject()],
    [
      'get_vif_by_mac_address',
      { mac_address: macOf.db.toUpperCase() },
      vifObject({ id: 2, address: macOf.db, network_id: 2, instance_uuid: uuidOf.db }),
    ],
    ['get_vif_by_mac_address', { mac_address: 'fa:16:3e:00:00:99' }, null],
    ['get_vif_by_mac_address', { mac_address: 'bogus' }, null],
    ['get_vif_by_mac_address', {}, fails('TypeError')],
    ['get_instance_uuids_by_ip_filter', { filters: { ip: '10\\.' } }, [foundWeb, foundDb]],
    ['get_instance_uuids_by_ip_filter', { filters: { ip: '10.1' } }, [foundDb]],
    ['get_instance_uuids_by_ip_filter', { filters: { fixed_ip: '10.0.0.9' } }, [foundWeb]],
    [
      'get_instance_uuids_by_ip_filter',
      { filters: { ip6: 'fd00:' } },
      [{ ...foundDb, ip: 'fd00::1:f816:3eff:fe00:2' }],
    ],
    ['get_instance_uuids_by_ip_filter', { filters: {} }, []],
    ['get_instance_uuids_by_ip_filter', { filters: 'all' }, fails('TypeError')],
  ],
};

export const fixedIpStories: readonly Story[] = [allocated, lookedUp];
