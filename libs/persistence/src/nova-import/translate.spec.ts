import { describe, expect, it } from 'vitest';
import { NOTHING } from './known-rows.js';
import type { KnownRows } from './import-rows.js';
import type {
  NovaFixedIp,
  NovaFloatingIp,
  NovaInstance,
  NovaNetwork,
  NovaNic,
  NovaRecords,
} from './nova-records.js';
import { translate } from './translate.js';

const uuid = (kind: string, number = 1) =>
  `${kind.repeat(8)}-0000-4000-8000-${String(number).padStart(12, '0')}`;

const network: NovaNetwork = {
  id: 1,
  uuid: uuid('a'),
  label: 'private',
  injected: 0,
  cidr: '10.0.0.0/24',
  cidr_v6: null,
  multi_host: 0,
  gateway: '10.0.0.1',
  gateway_v6: null,
  dns1: null,
  dns2: null,
  bridge: 'br100',
  bridge_interface: 'eth1',
  vlan: null,
  vpn_public_address: null,
  vpn_public_port: null,
  vpn_private_address: null,
  dhcp_start: '10.0.0.2',
  project_id: null,
  priority: null,
  host: 'h1',
  mtu: null,
  dhcp_server: null,
  enable_dhcp: null,
  share_address: null,
  created_at: null,
  addresses: { span: { first: '10.0.0.2', last: '10.0.0.254' }, withheld: [], lastReleased: null },
};

const instance: NovaInstance = {
  id: 11,
  uuid: uuid('b'),
  deleted: 0,
  project_id: 'p1',
  user_id: 'u1',
  host: 'h1',
  hostname: 'web',
  display_name: 'Web',
  availability_zone: 'nova',
  launch_index: 0,
  reservation_id: null,
  key_name: null,
  key_data: null,
  user_data: null,
  created_at: null,
  instance_type: null,
  image_number: null,
  kernel_number: null,
  ramdisk_number: null,
  meta: {},
};

const nic: NovaNic = {
  id: 21,
  deleted: 0,
  uuid: uuid('c'),
  address: 'fa:16:3e:00:00:01',
  network_id: 1,
  instance_uuid: instance.uuid,
  created_at: null,
};

const fixedIp: NovaFixedIp = {
  id: 31,
  address: '10.0.0.5',
  network_id: 1,
  virtual_interface_id: 21,
  instance_uuid: instance.uuid,
  allocated: 1,
  leased: 0,
  reserved: 0,
  host: null,
};

const floatingIp: NovaFloatingIp = {
  id: 41,
  address: '203.0.113.5',
  fixed_ip_id: 31,
  project_id: 'p1',
  host: 'h1',
  auto_assigned: 0,
  pool: 'nova',
  interface: 'eth0',
  updated_at: null,
};

const rule = { id: 61, protocol: 'tcp', from_port: 22, to_port: 22, cidr: '10.0.0.0/8' };
const group = { id: 51, project_id: 'p1', user_id: 'u1', name: 'web', description: 'web' };
const member = { id: 71, security_group_id: 51, instance_uuid: instance.uuid, instance_deleted: 0 };
const quota = { id: 81, kind: 'quotas', owner: 'p1', resource: 'fixed_ips', hard_limit: 5 } as const;
const domain = { domain: 'example.org', scope: 'public', availability_zone: null, project_id: 'p1' };

/** One instance with one address and a floating IP, and whatever else the test says. */
function cloud(over: Partial<NovaRecords> = {}): NovaRecords {
  return {
    networks: [network],
    instances: [instance],
    nics: [nic],
    fixedIps: [fixedIp],
    orphanedReservations: [],
    floatingIps: [floatingIp],
    groups: [group],
    rules: [],
    members: [member],
    defaultRules: [],
    providerRules: [],
    quotas: [],
    dnsDomains: [],
    ...over,
  };
}

function problemsOf(over: Partial<NovaRecords>, known: KnownRows = NOTHING): string[] {
  const { problems } = translate(cloud(over), known).report;
  return problems.map(
    ({ table, row, reason, losesAddress }) => `${losesAddress ? '! ' : ''}${table} ${row}: ${reason}`,
  );
}

it('a cloud in order has no problems', () => {
  expect(problemsOf({})).toEqual([]);
});

const second: NovaNetwork = { ...network, id: 2, uuid: uuid('a', 2), cidr: '10.1.0.0/24' };

describe('a problem', () => {
  it.each<[name: string, over: Partial<NovaRecords>, problems: string[]]>([
    [
      'networks that overlap',
      { networks: [network, { ...second, cidr: '10.0.0.128/25' }] },
      [`networks 2: 10.0.0.128/25 overlaps 10.0.0.0/24 of network ${uuid('a')}`],
    ],
    [
      'one VLAN for two networks',
      {
        networks: [
          { ...network, vlan: 100 },
          { ...second, vlan: 100 },
        ],
      },
      [`networks 2: has VLAN 100, which network ${uuid('a')} has`],
    ],
    [
      'one uuid for two networks',
      { networks: [network, { ...second, uuid: network.uuid }] },
      [`networks 2: has the uuid ${uuid('a')} of another network`],
    ],
    [
      'a network without uuid',
      { networks: [network, { ...second, uuid: null }] },
      ['networks 2: has no uuid'],
    ],
    [
      'a network without a block',
      { networks: [network, { ...second, cidr: null }] },
      ['networks 2: has neither cidr nor cidr_v6'],
    ],
    [
      'a network that cannot be, and what it takes along',
      { networks: [{ ...network, bridge: 'a bridge' }] },
      [
        'networks 1: "a bridge" is not a network device name (1 to 15 of A-Z a-z 0-9 . _ -)',
        'virtual_interfaces 21: its network 1 is not there, or cannot be imported',
        '! fixed_ips 31: its network 1 is not there, or cannot be imported',
        '! floating_ips 41: 203.0.113.5 leads to fixed IP 31, which no imported instance has',
      ],
    ],
    [
      'a virtual interface of no instance',
      { nics: [nic, { ...nic, id: 22, instance_uuid: uuid('b', 9) }] },
      [`virtual_interfaces 22: belongs to no instance (${uuid('b', 9)})`],
    ],
    [
      'two virtual interfaces with one MAC',
      {
        instances: [instance, { ...instance, id: 12, uuid: uuid('b', 2) }],
        nics: [nic, { ...nic, id: 22, uuid: uuid('c', 2), instance_uuid: uuid('b', 2) }],
      },
      [`virtual_interfaces 22: has the MAC fa:16:3e:00:00:01 of ${uuid('c')}`],
    ],
    [
      'two virtual interfaces of an instance in one network',
      { nics: [nic, { ...nic, id: 22, uuid: uuid('c', 2), address: 'fa:16:3e:00:00:02' }] },
      [`virtual_interfaces 22: instance ${instance.uuid} has another in network ${uuid('a')}: ${uuid('c')}`],
    ],
    [
      'an address outside of its network',
      { fixedIps: [{ ...fixedIp, address: '10.7.0.5' }], floatingIps: [] },
      [`! fixed_ips 31: 10.7.0.5 lies outside of its network ${uuid('a')}`],
    ],
    [
      'an instance with an address and no virtual interface',
      { nics: [], floatingIps: [] },
      [`! fixed_ips 31: 10.0.0.5 of instance ${instance.uuid} has no virtual interface that can be imported`],
    ],
    [
      'an address that is there twice',
      { fixedIps: [fixedIp, { ...fixedIp, id: 32 }] },
      ['! fixed_ips 32: 10.0.0.5 has another row in the same network'],
    ],
    [
      'an address of a deleted instance',
      { instances: [{ ...instance, deleted: 11 }], floatingIps: [], members: [] },
      [
        `virtual_interfaces 21: belongs to instance ${instance.uuid}, which was deleted`,
        `fixed_ips 31: 10.0.0.5 is allocated to instance ${instance.uuid}, which is gone: it becomes free`,
      ],
    ],
    [
      'an address that is allocated to nobody',
      { fixedIps: [fixedIp, { ...fixedIp, id: 32, address: '10.0.0.6', instance_uuid: null }] },
      ['fixed_ips 32: 10.0.0.6 is allocated to no instance: it becomes free'],
    ],
    [
      'an address that is held and reserved',
      { fixedIps: [{ ...fixedIp, reserved: 1 }] },
      ['fixed_ips 31: 10.0.0.5 is reserved beside being allocated: given back, it will be free'],
    ],
    [
      "a host's address where hosts have none",
      { fixedIps: [fixedIp, { ...fixedIp, id: 32, address: '10.0.0.6', instance_uuid: null, host: 'h1' }] },
      ["fixed_ips 32: 10.0.0.6 is host h1's own, in a network whose hosts have none"],
    ],
    [
      'reserved addresses of a network that is gone',
      { orphanedReservations: [{ id: 3, network_id: 9, count: 4 }] },
      ['fixed_ips 3: 4 reserved addresses of network 9, which is not there'],
    ],
    [
      'a floating IP that leads to an address nobody has',
      { floatingIps: [{ ...floatingIp, fixed_ip_id: 99 }] },
      ['floating_ips 41: 203.0.113.5 leads to fixed IP 99, which no imported instance has'],
    ],
    [
      'a floating IP that is no IPv4 address',
      { floatingIps: [{ ...floatingIp, address: 'fd00::1' }] },
      ['! floating_ips 41: "fd00::1" is not an IPv4 address'],
    ],
    [
      'a host whose name cannot be',
      { instances: [{ ...instance, host: 'h 1' }] },
      ['instances 11: "h 1" cannot be the name of a host'],
    ],
    [
      'a group without project',
      { groups: [group, { ...group, id: 52, project_id: null }] },
      ['security_groups 52: has no project or no name'],
    ],
    [
      'rules of a missing group, from a missing group, twice, and of no kind of traffic',
      {
        rules: [
          { ...rule, parent_group_id: 9, group_id: null },
          { ...rule, id: 62, parent_group_id: 51, group_id: 9 },
          { ...rule, id: 63, parent_group_id: 51, group_id: null },
          { ...rule, id: 64, parent_group_id: 51, group_id: null },
          { ...rule, id: 65, parent_group_id: 51, group_id: null, protocol: 'sctp' },
        ],
      },
      [
        'security_group_rules 61: belongs to group 9, which is not there',
        'security_group_rules 62: admits group 9, which is not there',
        'security_group_rules 64: its group has the same rule twice',
        'security_group_rules 65: Invalid IP protocol sctp.',
      ],
    ],
    [
      'members of a missing group, and instances that are gone',
      {
        members: [
          member,
          { ...member, id: 72, security_group_id: 9 },
          { ...member, id: 73, instance_uuid: uuid('b', 9), instance_deleted: null },
        ],
      },
      [
        'security_group_instance_association 72: group 9 is not there',
        `security_group_instance_association 73: instance ${uuid('b', 9)} is gone`,
      ],
    ],
    [
      'a rule of the provider with ports that cannot be',
      { providerRules: [{ ...rule, from_port: 70_000 }] },
      ['provider_fw_rules 61: Invalid port range 70000:22. Former value cannot be greater than the later'],
    ],
    [
      'limits of users and classes',
      {
        quotas: [
          { ...quota, kind: 'project_user_quotas' },
          { ...quota, id: 82, kind: 'quota_classes', owner: 'default' },
        ],
      },
      [
        "project_user_quotas 81: a user of project p1 has a limit of 5 fixed_ips: limits are a project's here",
        'quota_classes 82: class default has a limit of 5 fixed_ips: set quota_fixed_ips in the configuration',
      ],
    ],
    [
      'a domain of no scope',
      { dnsDomains: [{ ...domain, scope: null }] },
      ['dns_domains example.org: has the scope ""'],
    ],
  ])('is told of %s', (_, over, problems) => {
    expect(problemsOf(over)).toEqual(problems);
  });

  it('is told of what is here already with another owner', () => {
    const [held] = translate(cloud(), NOTHING).plan.fixedIps;
    if (!held) throw new Error('nothing is planned');
    const values = { ...held.values, instanceUuid: uuid('b', 9) };
    expect(problemsOf({}, { ...NOTHING, fixedIps: [values] })).toEqual([
      `! fixed_ips 31: is here already, with other values: instanceUuid ${uuid('b', 9)} (nova: ${uuid('b')})`,
      '! floating_ips 41: 203.0.113.5 leads to fixed IP 31, which no imported instance has',
    ]);
  });
});

/** "address role" of what is written. */
function addressesOf(over: Partial<NovaRecords>): string[] {
  return translate(cloud(over), NOTHING).plan.fixedIps.map(
    ({ values: { address, role, isAllocated }, lease }) =>
      `${address} ${role}${isAllocated ? ' allocated' : ''}${lease ? ` leased to ${lease.mac} by ${lease.host}` : ''}`,
  );
}

describe('an address', () => {
  const free = { ...fixedIp, allocated: 0 };
  it.each<[name: string, over: Partial<NovaRecords>, rows: string[]]>([
    ['that is held', {}, ['10.0.0.5 instance allocated', '10.0.0.1 gateway']],
    [
      'with a lease',
      { fixedIps: [{ ...fixedIp, leased: 1 }] },
      ['10.0.0.5 instance allocated leased to fa:16:3e:00:00:01 by h1', '10.0.0.1 gateway'],
    ],
    ['that rests', { fixedIps: [free] }, ['10.0.0.1 gateway']],
    [
      'that drains, whose virtual interface is deleted',
      { fixedIps: [{ ...free, leased: 1 }], nics: [{ ...nic, deleted: 21 }] },
      ['10.0.0.5 instance leased to fa:16:3e:00:00:01 by h1', '10.0.0.1 gateway'],
    ],
    [
      'with a lease of a host whose name cannot be one: nobody could read that',
      {
        networks: [{ ...network, multi_host: 1 }],
        instances: [{ ...instance, host: 'rack 1!' }],
        fixedIps: [{ ...fixedIp, leased: 1 }],
      },
      ['10.0.0.5 instance allocated leased to fa:16:3e:00:00:01 by null', '10.0.0.1 gateway'],
    ],
    [
      'of a host in a multi-host network',
      {
        networks: [{ ...network, multi_host: 1 }],
        fixedIps: [{ ...free, instance_uuid: null, host: 'h2' }],
      },
      ['10.0.0.5 dhcp', '10.0.0.1 gateway'],
    ],
    [
      'of the VPN',
      { networks: [{ ...network, vpn_private_address: '10.0.0.5' }] },
      ['10.0.0.5 vpn allocated', '10.0.0.1 gateway'],
    ],
    [
      'of a DHCP server of its own, and one that is reserved',
      {
        networks: [
          {
            ...network,
            dhcp_server: '10.0.0.9',
            addresses: { ...network.addresses, withheld: ['10.0.0.8'] },
          },
        ],
        fixedIps: [],
      },
      ['10.0.0.1 gateway', '10.0.0.8 reserved', '10.0.0.9 dhcp'],
    ],
  ])('%s', (_, over, rows) => {
    expect(addressesOf({ floatingIps: [], ...over })).toEqual(rows);
  });

  it('of an instance whose row names no virtual interface is that of the one in its network', () => {
    const { plan } = translate(cloud({ fixedIps: [{ ...fixedIp, virtual_interface_id: null }] }), NOTHING);
    expect(plan.fixedIps[0]?.values.nicUuid).toBe(nic.uuid);
  });
});

describe('the ring of free addresses goes on', () => {
  it.each([
    { lastReleased: null, nextOffset: 0 },
    { lastReleased: '10.0.0.30', nextOffset: 29 },
    { lastReleased: '10.0.0.254', nextOffset: 0 },
  ])('behind $lastReleased', ({ lastReleased, nextOffset }) => {
    const networks = [{ ...network, addresses: { ...network.addresses, lastReleased } }];
    expect(translate(cloud({ networks }), NOTHING).plan.networks[0]?.nextOffset).toBe(nextOffset);
  });
});

it('instances that hold nothing are not imported, nor are their memberships', () => {
  const idle = { ...instance, id: 12, uuid: uuid('b', 2) };
  const { plan, report } = translate(
    cloud({
      instances: [instance, idle],
      members: [member, { ...member, id: 72, instance_uuid: idle.uuid }],
    }),
    NOTHING,
  );
  expect(plan.instances.map(({ values }) => values.uuid)).toEqual([instance.uuid]);
  expect(plan.members).toHaveLength(1);
  expect(report.problems).toEqual([]);
});
