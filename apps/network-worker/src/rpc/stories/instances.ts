import { expect } from 'vitest';
import { fails, userOf, type Story } from '../../testing/both-clients.js';
import { fixedAddress, instanceObject, nic, requestedNetworks, uuidOf } from './shapes.js';
import { bootArguments, bootDb, bootWeb, createPrivate, createWide, wideNic } from './setting.js';

const ofWeb = { instance_id: uuidOf.web, rxtx_factor: 1, host: 'h1' };
const ofNobody = { ...ofWeb, instance_id: uuidOf.nobody };
const noSuchInstance = fails('InstanceNotFound', { instance_id: uuidOf.nobody, code: 404 });

const booted: Story = {
  about: 'instances are given NICs and addresses, change them, and give them back',
  rows: [
    createPrivate,
    createWide,
    bootWeb,
    bootDb,
    // Repeated, by a client of before 1.9, whose number is the compute service's.
    [
      'allocate_for_instance',
      { ...bootArguments, instance_id: 7, instance_uuid: uuidOf.web, requested_networks: null },
      [nic({ ips: { '10.0.0.9': [] } })],
      { version: '1.8' },
    ],
    [
      'get_instance_nw_info',
      { ...ofWeb, project_id: 'p' },
      [nic({ ips: { '10.0.0.9': [] } })],
      { version: '1.9' },
    ],
    [
      'get_instance_nw_info',
      { instance_id: uuidOf.db, host: null, rxtx_factor: null },
      [wideNic([fixedAddress('10.1.0.9')])],
    ],
    ['get_instance_nw_info', { ...ofNobody, project_id: 'p' }, noSuchInstance],
    [
      'get_instance_nw_info',
      { ...ofWeb, instance_id: 'mine' },
      fails('InvalidUUID', { uuid: 'mine', code: 400 }),
    ],
    // The network by uuid, and by number.
    [
      'add_fixed_ip_to_instance',
      { ...ofWeb, network_id: uuidOf.private },
      [nic({ ips: { '10.0.0.9': [], '10.0.0.2': [] } })],
      { version: '1.9' },
    ],
    [
      'add_fixed_ip_to_instance',
      { ...ofWeb, network_id: 1 },
      [nic({ ips: { '10.0.0.9': [], '10.0.0.2': [], '10.0.0.3': [] } })],
    ],
    [
      'remove_fixed_ip_from_instance',
      { ...ofWeb, address: '10.0.0.2' },
      [nic({ ips: { '10.0.0.9': [], '10.0.0.3': [] } })],
      { version: '1.9' },
    ],
    [
      'deallocate_for_instance',
      { instance: instanceObject(uuidOf.web), requested_networks: requestedNetworks([uuidOf.private, null]) },
      null,
      { version: '1.11', server: 'h1' },
    ],
    ['get_instance_nw_info', ofWeb, []],
    ['deallocate_for_instance', { instance: instanceObject(uuidOf.web), requested_networks: null }, null],
    // Before 1.11.
    ['deallocate_for_instance', { instance_id: uuidOf.db, project_id: 'p', host: 'h1' }, null],
    ['get_instance_nw_info', { instance_id: uuidOf.db }, []],
    [
      'deallocate_for_instance',
      { instance_id: 99, host: 'h1' },
      fails('InstanceNotFound', { instance_id: '99', code: 404 }),
    ],
  ],
};

const wish = (...pairs: readonly (readonly [string, string | null])[]) => ({
  ...bootArguments,
  instance_id: uuidOf.db,
  macs: null,
  requested_networks: requestedNetworks(...pairs),
});

const refused: Story = {
  about: 'instances are refused what they cannot have',
  options: { quota_fixed_ips: '2' },
  rows: [
    ['allocate_for_instance', { ...bootArguments, requested_networks: null }, []],
    createPrivate,
    bootWeb,
    [
      'create_networks',
      { label: 'theirs', uuid: uuidOf.wide, cidr: '10.1.0.0/24', project_id: 'other' },
      [expect.objectContaining({ project_id: 'other' })],
    ],
    ['allocate_for_instance', wish([uuidOf.nobody, null]), fails('NoNetworksFound', { code: 404 })],
    [
      'allocate_for_instance',
      wish([uuidOf.private, null], [uuidOf.nobody, null]),
      fails('NetworkNotFoundForProject', { network_uuid: uuidOf.nobody, project_id: 'ops', code: 404 }),
    ],
    [
      'allocate_for_instance',
      wish([uuidOf.private, '10.0.0.9']),
      fails('FixedIpAlreadyInUse', { address: '10.0.0.9', instance_uuid: uuidOf.web, code: 500 }),
    ],
    [
      'allocate_for_instance',
      wish([uuidOf.private, '10.9.0.9']),
      fails('FixedIpNotFoundForNetwork', { address: '10.9.0.9', network_uuid: uuidOf.private, code: 404 }),
    ],
    [
      'allocate_for_instance',
      wish([uuidOf.private, 'bogus']),
      fails('FixedIpInvalid', { address: 'bogus', code: 400 }),
    ],
    [
      'allocate_for_instance',
      { ...wish([uuidOf.private, null]), macs: [] },
      fails('VirtualInterfaceCreateException', { code: 500 }),
    ],
    [
      'allocate_for_instance',
      { ...wish([uuidOf.private, null]), macs: bootArguments.macs },
      fails('VirtualInterfaceMacAddressException', { code: 500 }),
    ],
    [
      'allocate_for_instance',
      { ...wish([uuidOf.private, null]), macs: 'fa:16:3e:00:00:09' },
      fails('TypeError'),
    ],
    [
      'allocate_for_instance',
      { ...wish(), instance_id: 'mine' },
      fails('InvalidUUID', { uuid: 'mine', code: 400 }),
    ],
    [
      'get_instance_nw_info',
      { instance_id: uuidOf.db },
      fails('InstanceNotFound', { instance_id: uuidOf.db, code: 404 }),
    ],
    ['add_fixed_ip_to_instance', { ...ofNobody, network_id: 1 }, noSuchInstance],
    [
      'add_fixed_ip_to_instance',
      { ...ofWeb, network_id: 99 },
      fails('NetworkNotFound', { network_id: 99, code: 404 }),
    ],
    [
      'add_fixed_ip_to_instance',
      { ...ofWeb, network_id: uuidOf.nobody },
      fails('NetworkNotFound', { network_id: uuidOf.nobody, code: 404 }),
    ],
    ['add_fixed_ip_to_instance', { ...ofWeb, network_id: uuidOf.wide }, fails('Forbidden', { code: 403 })],
    ['add_fixed_ip_to_instance', { ...ofWeb }, fails('TypeError')],
    [
      'add_fixed_ip_to_instance',
      { ...ofWeb, network_id: 1 },
      [nic({ ips: { '10.0.0.9': [], '10.0.0.3': [] } })],
    ],
    ['add_fixed_ip_to_instance', { ...ofWeb, network_id: 1 }, fails('FixedIpLimitExceeded', { code: 413 })],
    [
      'remove_fixed_ip_from_instance',
      { ...ofWeb, address: '10.0.0.77' },
      fails('FixedIpNotFoundForSpecificInstance', { instance_uuid: uuidOf.web, ip: '10.0.0.77', code: 404 }),
    ],
    [
      'remove_fixed_ip_from_instance',
      { ...ofWeb, address: 'bogus' },
      fails('FixedIpInvalid', { address: 'bogus', code: 400 }),
    ],
    ['remove_fixed_ip_from_instance', { ...ofNobody, address: '10.0.0.9' }, noSuchInstance],
    ['deallocate_for_instance', { instance: instanceObject(uuidOf.web) }, null],
    [
      'remove_fixed_ip_from_instance',
      { ...ofWeb, address: '10.0.0.9' },
      fails('FixedIpNotFoundForInstance', { instance_uuid: uuidOf.web, code: 404 }),
    ],
  ],
};

const full: Story = {
  about: 'a network has only so many addresses',
  rows: [
    [
      'create_networks',
      { label: 'tiny', uuid: uuidOf.private, cidr: '10.0.0.0/30' },
      [expect.objectContaining({ label: 'tiny' })],
    ],
    ['allocate_for_instance', { ...bootArguments, requested_networks: null }, [expect.anything()]],
    [
      'allocate_for_instance',
      { ...bootArguments, instance_id: uuidOf.db, macs: null, requested_networks: null },
      fails('NoMoreFixedIps', { net: uuidOf.private, code: 500 }),
    ],
  ],
};

const inFrom = (uuid: string, address: string | null) => ({ networks: [[uuid, address]] });

const validated: Story = {
  about: 'networks and addresses are looked at before an instance is made',
  rows: [
    createPrivate,
    createWide,
    bootWeb,
    ['validate_networks', { networks: null }, null],
    ['validate_networks', { networks: [] }, null],
    ['validate_networks', inFrom(uuidOf.private, null), null],
    ['validate_networks', inFrom(uuidOf.private, '10.0.0.10'), null, { context: userOf('p') }],
    [
      'validate_networks',
      inFrom(uuidOf.private, 'bogus'),
      fails('FixedIpInvalid', { address: 'bogus', code: 400 }),
    ],
    [
      'validate_networks',
      inFrom(uuidOf.private, '10.9.0.9'),
      fails('FixedIpNotFoundForAddress', { address: '10.9.0.9', code: 404 }),
    ],
    [
      'validate_networks',
      inFrom(uuidOf.private, '10.1.0.9'),
      fails('FixedIpNotFoundForNetwork', { address: '10.1.0.9', network_uuid: uuidOf.private, code: 404 }),
    ],
    [
      'validate_networks',
      inFrom(uuidOf.private, '10.0.0.9'),
      fails('FixedIpAlreadyInUse', { address: '10.0.0.9', instance_uuid: uuidOf.web, code: 500 }),
    ],
    [
      'validate_networks',
      inFrom(uuidOf.nobody, null),
      fails('NetworkNotFoundForProject', { network_uuid: uuidOf.nobody, project_id: 'p', code: 404 }),
      { context: userOf('p') },
    ],
    ['validate_networks', { networks: 'all' }, fails('TypeError')],
  ],
};

export const instanceStories: readonly Story[] = [booted, refused, full, validated];
