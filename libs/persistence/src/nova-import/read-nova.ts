import { readAddresses } from './read-addresses.js';
import { INSTANCE_UUID, type NovaDatabase } from './nova-database.js';
import type {
  NovaDnsDomain,
  NovaFixedIp,
  NovaFloatingIp,
  NovaGroup,
  NovaInstance,
  NovaMember,
  NovaNetwork,
  NovaNic,
  NovaQuota,
  NovaQuotaKind,
  NovaRecords,
  NovaRule,
  NovaTraffic,
  OrphanedReservations,
} from './nova-records.js';

const NETWORK = (
  'id uuid label injected cidr cidr_v6 multi_host gateway gateway_v6 dns1 dns2 bridge bridge_interface vlan ' +
  'vpn_public_address vpn_public_port vpn_private_address dhcp_start project_id priority host mtu dhcp_server ' +
  'enable_dhcp share_address created_at'
).split(' ');
const NIC = ['id', 'deleted', 'uuid', 'address', 'network_id', INSTANCE_UUID, 'created_at'];
const FIXED_IP = `id address network_id virtual_interface_id ${INSTANCE_UUID} allocated leased reserved host`;
const FLOATING_IP = 'id address fixed_ip_id project_id host auto_assigned pool interface updated_at';
const INSTANCE = (
  'id uuid deleted project_id user_id host hostname display_name availability_zone launch_index reservation_id ' +
  'key_name key_data user_data created_at instance_type image_number kernel_number ramdisk_number'
).split(' ');
const TRAFFIC = ['id', 'protocol', 'from_port', 'to_port', 'cidr'];

/** What says of an address more than that it exists; a network of 65,536 addresses has a row for each. */
const IN_USE = 't.allocated = 1 OR t.leased = 1 OR t.host IS NOT NULL OR t.';

/** Everything that an import needs: the size of what is used, not of the networks. */
export async function readNova(nova: NovaDatabase): Promise<NovaRecords> {
  const networks = await readNetworks(nova);
  const fixedIps = await nova.select<NovaFixedIp>({
    table: 'fixed_ips',
    columns: FIXED_IP.split(' '),
    condition:
      IN_USE + (nova.has('fixed_ips', INSTANCE_UUID) ? INSTANCE_UUID : 'instance_id') + ' IS NOT NULL',
  });
  const nics = await readNics(nova, fixedIps);
  return {
    networks,
    nics,
    fixedIps,
    instances: await readInstances(nova, nics, fixedIps),
    orphanedReservations: await readOrphanedReservations(nova),
    floatingIps: await nova.select<NovaFloatingIp>({
      table: 'floating_ips',
      columns: FLOATING_IP.split(' '),
    }),
    ...(await readGroups(nova)),
    quotas: await readQuotas(nova),
    dnsDomains: await nova.selectAll<NovaDnsDomain>({
      table: 'dns_domains',
      columns: ['domain', 'scope', 'availability_zone', 'project_id'],
    }),
  };
}

async function readNetworks(nova: NovaDatabase): Promise<NovaNetwork[]> {
  const rows = await nova.select<Omit<NovaNetwork, 'addresses'>>({ table: 'networks', columns: NETWORK });
  const networks: NovaNetwork[] = [];
  for (const row of rows) networks.push({ ...row, addresses: await readAddresses(nova, row.id) });
  return networks;
}

/** The live ones, and those that were deleted while dnsmasq still had a lease for them. */
async function readNics(nova: NovaDatabase, fixedIps: readonly NovaFixedIp[]): Promise<NovaNic[]> {
  const selection = { table: 'virtual_interfaces', columns: NIC };
  const live = await nova.select<NovaNic>(selection);
  const known = new Set(live.map(({ id }) => id));
  const others = fixedIps.flatMap(({ virtual_interface_id: id }) => (id === null || known.has(id) ? [] : id));
  const gone = await nova.selectEach<NovaNic>({ ...selection, withDeleted: true }, 'id', [
    ...new Set(others),
  ]);
  return [...live, ...gone];
}

type InstanceRow = Omit<NovaInstance, 'meta'>;

async function readInstances(
  nova: NovaDatabase,
  nics: readonly NovaNic[],
  fixedIps: readonly NovaFixedIp[],
): Promise<NovaInstance[]> {
  const uuids = [...new Set([...nics, ...fixedIps].flatMap(({ instance_uuid: uuid }) => uuid ?? []))];
  const image = (column: string) =>
    nova.has('s3_images', 'uuid') && nova.has('instances', column)
      ? `(SELECT MIN(s.id) FROM s3_images s WHERE s.uuid = t.${column})`
      : 'NULL';
  const type =
    nova.has('instance_types', 'name') && nova.has('instances', 'instance_type_id')
      ? '(SELECT y.name FROM instance_types y WHERE y.id = t.instance_type_id)'
      : 'NULL';
  const expressions = {
    instance_type: type,
    image_number: image('image_ref'),
    kernel_number: image('kernel_id'),
    ramdisk_number: image('ramdisk_id'),
  };
  const rows = await nova.selectEach<InstanceRow>(
    { table: 'instances', columns: INSTANCE, expressions, withDeleted: true },
    'uuid',
    uuids,
  );
  const metadata = await readMetadata(nova, rows);
  return rows.map((row) => ({ ...row, meta: Object.fromEntries(metadata.get(row.uuid) ?? []) }));
}

interface MetadataRow {
  readonly id: number;
  readonly instance_uuid: string;
  readonly key: string;
  readonly value: string | null;
}

async function readMetadata(
  nova: NovaDatabase,
  instances: readonly InstanceRow[],
): Promise<Map<string, [string, string][]>> {
  const isByUuid = nova.has('instance_metadata', INSTANCE_UUID);
  const rows = await nova.selectEach<MetadataRow>(
    { table: 'instance_metadata', columns: ['id', INSTANCE_UUID, 'key', 'value'] },
    isByUuid ? INSTANCE_UUID : 'instance_id',
    instances.map(({ id, uuid }) => (isByUuid ? uuid : id)),
  );
  const metadata = new Map<string, [string, string][]>();
  for (const { instance_uuid: uuid, key, value } of rows) {
    metadata.set(uuid, [...(metadata.get(uuid) ?? []), [key, value ?? '']]);
  }
  return metadata;
}

async function readOrphanedReservations(nova: NovaDatabase): Promise<OrphanedReservations[]> {
  return nova.query<OrphanedReservations>(
    `SELECT MIN(t.id) AS id, t.network_id, COUNT(*) AS count
       FROM fixed_ips t LEFT JOIN networks n ON n.id = t.network_id AND n.deleted = 0
      WHERE t.deleted = 0 AND t.reserved = 1 AND t.allocated = 0 AND n.id IS NULL
      GROUP BY t.network_id`,
  );
}

async function readGroups(
  nova: NovaDatabase,
): Promise<Pick<NovaRecords, 'groups' | 'rules' | 'members' | 'defaultRules' | 'providerRules'>> {
  const members = 'security_group_instance_association';
  const isByUuid = nova.has(members, INSTANCE_UUID);
  const link = isByUuid ? 'i.uuid = t.instance_uuid' : 'i.id = t.instance_id';
  return {
    groups: await nova.select<NovaGroup>({
      table: 'security_groups',
      columns: ['id', 'project_id', 'user_id', 'name', 'description'],
    }),
    rules: await nova.select<NovaRule>({
      table: 'security_group_rules',
      columns: [...TRAFFIC, 'parent_group_id', 'group_id'],
    }),
    members: await nova.select<NovaMember>({
      table: members,
      columns: ['id', 'security_group_id', INSTANCE_UUID, 'instance_deleted'],
      expressions: { instance_deleted: `(SELECT i.deleted FROM instances i WHERE ${link})` },
    }),
    defaultRules: await nova.select<NovaTraffic>({
      table: 'security_group_default_rules',
      columns: TRAFFIC,
    }),
    providerRules: await nova.select<NovaTraffic>({ table: 'provider_fw_rules', columns: TRAFFIC }),
  };
}

async function readQuotas(nova: NovaDatabase): Promise<NovaQuota[]> {
  const read = (kind: NovaQuotaKind, owner: string) =>
    nova.select<NovaQuota>({
      table: kind,
      columns: ['id', 'kind', 'owner', 'resource', 'hard_limit'],
      expressions: { kind: `'${kind}'`, owner: `t.${owner}` },
    });
  return [
    ...(await read('quotas', 'project_id')),
    ...(await read('project_user_quotas', 'project_id')),
    ...(await read('quota_classes', 'class_name')),
  ];
}
