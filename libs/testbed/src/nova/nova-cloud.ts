import type { NovaTestDatabase } from './nova-database.js';

const uuid = (kind: string, number: number) =>
  `${kind.repeat(8)}-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** Who and what is in {@link fillNova}'s cloud. */
export const novaCloud = {
  flat: uuid('a', 1),
  vlan: uuid('a', 2),
  multiHost: uuid('a', 3),
  web: uuid('b', 11),
  db: uuid('b', 12),
  far: uuid('b', 13),
  gone: uuid('b', 14),
  vpn: uuid('b', 15),
  nic: (number: number) => uuid('c', number),
} as const;

const born = new Date('2016-05-04T10:00:00Z');

/**
 * A cloud of everything: a flat network with IPv6 on h1, a project's VLAN with its VPN, a multi-host network of h1 and h2;
 * instances with one NIC and with two, an address that drains, floating IPs, groups, limits, names, and what was deleted.
 */
export async function fillNova(nova: NovaTestDatabase): Promise<void> {
  await fillInstances(nova);
  await fillNetworks(nova);
  await fillAddresses(nova);
  await fillGroups(nova);
  await nova.insert(
    'quotas',
    { id: 1, project_id: 'p1', resource: 'floating_ips', hard_limit: 20 },
    { id: 2, project_id: 'p1', resource: 'cores', hard_limit: 50 },
    { id: 3, project_id: 'p2', resource: 'fixed_ips', hard_limit: null },
  );
  await nova.insert(
    'dns_domains',
    { domain: 'example.org', scope: 'public', availability_zone: null, project_id: 'p1' },
    { domain: 'cloud.internal', scope: 'private', availability_zone: 'nova', project_id: null },
  );
}

async function fillInstances(nova: NovaTestDatabase): Promise<void> {
  const { web, db, far, gone, vpn } = novaCloud;
  await nova.insert('instance_types', { id: 2, name: 'm1.small' });
  await nova.insert('s3_images', { id: 26, uuid: uuid('d', 1) });
  const own = {
    project_id: 'p1',
    user_id: 'u1',
    availability_zone: 'nova',
    instance_type_id: 2,
    created_at: born,
  };
  const image = {
    image_ref: uuid('d', 1),
    key_name: 'mykey',
    key_data: 'ssh-rsa AAAA',
    user_data: 'IyEvYmluL3NoCg==',
  };
  const named = (id: number, name: string, host: string) => ({
    id,
    hostname: name,
    display_name: name.toUpperCase(),
    host,
    launch_index: 0,
    reservation_id: 'r-abcd1234',
  });
  await nova.insert(
    'instances',
    { ...own, ...image, uuid: web, ...named(11, 'web', 'h1'), deleted: 0 },
    { ...own, ...image, uuid: db, ...named(12, 'db', 'h1'), deleted: 0 },
    { ...own, ...image, uuid: far, ...named(13, 'far', 'h2'), deleted: 0 },
    { ...own, ...image, uuid: gone, ...named(14, 'gone', 'h1'), deleted: 14 },
    { ...own, ...image, uuid: vpn, ...named(15, 'vpn', 'h1'), deleted: 0 },
  );
  await nova.insert(
    'instance_metadata',
    { id: 1, key: 'role', value: 'web', instance_uuid: web, deleted: 0 },
    { id: 2, key: 'old', value: 'x', instance_uuid: web, deleted: 2 },
  );
}

async function fillNetworks(nova: NovaTestDatabase): Promise<void> {
  const plain = {
    injected: 0,
    multi_host: 0,
    bridge_interface: 'eth1',
    dns1: '8.8.4.4',
    enable_dhcp: 1,
    share_address: 0,
    created_at: born,
    cidr_v6: null,
    gateway_v6: null,
    vlan: null,
    project_id: null,
    vpn_private_address: null,
    vpn_public_address: null,
    vpn_public_port: null,
  };
  const range = (block: string, start: number) => ({
    gateway: `${block}.1`,
    dhcp_server: `${block}.1`,
    dhcp_start: `${block}.${start}`,
  });
  const flat = { ...plain, ...range('10.0.0', 2), cidr: '10.0.0.0/24', bridge: 'br100', host: 'h1' };
  const six = { cidr_v6: 'fd00:0:0:1::/64', gateway_v6: 'fd00:0:0:1::1' };
  const vlan = { ...plain, ...range('10.1.0', 3), cidr: '10.1.0.0/28', bridge: 'br200', host: 'h1' };
  const vpn = { vpn_private_address: '10.1.0.2', vpn_public_address: '192.0.2.11', vpn_public_port: 1000 };
  const many = { ...plain, ...range('10.2.0', 2), cidr: '10.2.0.0/24', bridge: 'br300', host: null };
  const old = { ...plain, ...range('10.9.0', 2), cidr: '10.9.0.0/24', bridge: 'br900', host: 'h1' };
  await nova.insert(
    'networks',
    { ...flat, ...six, id: 4, uuid: novaCloud.flat, label: 'private', deleted: 0 },
    { ...vlan, ...vpn, id: 5, uuid: novaCloud.vlan, label: 'p1', vlan: 200, project_id: 'p1', deleted: 0 },
    {
      ...many,
      id: 6,
      uuid: novaCloud.multiHost,
      label: 'many',
      multi_host: 1,
      bridge_interface: 'eth2',
      deleted: 0,
    },
    { ...old, id: 7, uuid: uuid('a', 7), label: 'old', deleted: 7 },
  );
  await addressesOf(nova, 4, '10.0.0', 256, [0, 1, 77, 255]);
  await addressesOf(nova, 5, '10.1.0', 16, [0, 1, 2, 15]);
  await addressesOf(nova, 6, '10.2.0', 256, [0, 1, 255]);
}

/** A row for each, as nova makes them. */
async function addressesOf(
  nova: NovaTestDatabase,
  networkId: number,
  block: string,
  count: number,
  reserved: readonly number[],
): Promise<void> {
  const rows = Array.from({ length: count }, (_, number) => ({
    address: `${block}.${number}`,
    network_id: networkId,
    allocated: 0,
    leased: 0,
    reserved: reserved.includes(number) ? 1 : 0,
  }));
  await nova.insert('fixed_ips', ...rows);
}

async function fillAddresses(nova: NovaTestDatabase): Promise<void> {
  const { web, db, far, gone, vpn, nic } = novaCloud;
  const vif = (id: number, mac: number, networkId: number, instance: string) => ({
    id,
    uuid: nic(id),
    address: `fa:16:3e:00:00:${mac}`,
    network_id: networkId,
    instance_uuid: instance,
    created_at: born,
    deleted: 0,
  });
  await nova.insert(
    'virtual_interfaces',
    vif(31, 31, 4, web),
    vif(32, 32, 4, db),
    vif(33, 33, 5, db),
    vif(34, 34, 6, far),
    { ...vif(35, 35, 4, gone), deleted: 35 },
    vif(36, 36, 5, vpn),
  );
  const held = (address: string, instance: string, nicId: number, leased = 1) =>
    nova.run(
      'UPDATE fixed_ips SET instance_uuid = ?, virtual_interface_id = ?, allocated = 1, leased = ? WHERE address = ?',
      [instance, nicId, leased, address],
    );
  await held('10.0.0.10', web, 31);
  await held('10.0.0.11', db, 32, 0);
  await held('10.1.0.4', db, 33);
  await held('10.2.0.5', far, 34);
  await held('10.1.0.2', vpn, 36);
  await held('10.0.0.20', gone, 35);
  await nova.run("UPDATE fixed_ips SET allocated = 0 WHERE address = '10.0.0.20'");
  await nova.run("UPDATE fixed_ips SET host = 'h1' WHERE address = '10.2.0.2'");
  await nova.run("UPDATE fixed_ips SET host = 'h2' WHERE address = '10.2.0.3'");
  await nova.run("UPDATE fixed_ips SET updated_at = '2016-06-01 00:00:00' WHERE address = '10.0.0.30'");
  await nova.run("UPDATE fixed_ips SET updated_at = '2016-05-01 00:00:00' WHERE address = '10.0.0.40'");
  const [web4] = await nova.run("SELECT id FROM fixed_ips WHERE address = '10.0.0.10'");
  const unused = {
    project_id: null,
    fixed_ip_id: null,
    host: null,
    auto_assigned: 0,
    pool: 'nova',
    interface: 'eth0',
  };
  await nova.insert(
    'floating_ips',
    {
      ...unused,
      id: 41,
      address: '203.0.113.10',
      project_id: 'p1',
      fixed_ip_id: web4?.['id'],
      host: 'h1',
      deleted: 0,
    },
    { ...unused, id: 42, address: '203.0.113.11', project_id: 'p1', deleted: 0 },
    { ...unused, id: 43, address: '203.0.113.12', deleted: 0 },
    { ...unused, id: 44, address: '203.0.113.13', deleted: 44 },
  );
}

async function fillGroups(nova: NovaTestDatabase): Promise<void> {
  const { web, db, far, vpn } = novaCloud;
  await nova.insert(
    'security_groups',
    { id: 5, project_id: 'p1', user_id: 'u1', name: 'default', description: 'default', deleted: 0 },
    { id: 7, project_id: 'p1', user_id: 'u1', name: 'web', description: 'Web servers', deleted: 0 },
    { id: 8, project_id: 'p1', user_id: 'u1', name: 'old', description: 'old', deleted: 8 },
  );
  const from = { protocol: 'tcp', from_port: 80, to_port: 80, cidr: null, group_id: null };
  await nova.insert(
    'security_group_rules',
    { ...from, id: 21, parent_group_id: 7, cidr: '0.0.0.0/0', deleted: 0 },
    {
      ...from,
      id: 22,
      parent_group_id: 5,
      protocol: null,
      from_port: null,
      to_port: null,
      group_id: 5,
      deleted: 0,
    },
    { ...from, id: 23, parent_group_id: 5, from_port: 3306, to_port: 3306, group_id: 7, deleted: 0 },
    { ...from, id: 24, parent_group_id: 7, cidr: '10.0.0.0/8', deleted: 24 },
  );
  const members = [
    [5, web],
    [7, web],
    [5, db],
    [5, far],
    [5, vpn],
  ] as const;
  await nova.insert(
    'security_group_instance_association',
    ...members.map(([group, instance]) => ({ security_group_id: group, instance_uuid: instance })),
  );
  const ssh = { protocol: 'tcp', from_port: 22, to_port: 22 };
  await nova.insert('security_group_default_rules', { ...ssh, cidr: '10.0.0.0/8' });
  await nova.insert('provider_fw_rules', { ...ssh, cidr: '198.51.100.0/24' });
}
