import { parseIp } from '@novanet/net-address';
import type { EntityManager } from 'typeorm';
import { addressColumns } from '../fixed-ips/fixed-ip-rows.js';
import { networkRow, subnetRow } from '../networks/network-rows.js';
import { NetworkEntity, SubnetEntity } from '../schema/network.entity.js';
import { trafficValues } from '../security-groups/security-group-rows.js';
import { keyOf, type AddressKey, type GroupKey, type ImportPlan, type NetworkImport } from './import-rows.js';
import { RowWriter } from './row-writer.js';

/** Writes all of the plan; `onWritten` is told how many rows of which table there are so far. */
export async function writePlan(
  manager: EntityManager,
  plan: ImportPlan,
  onWritten: (table: string, rows: number) => void,
): Promise<void> {
  const writer = new RowWriter(manager, onWritten);
  await writeNetworks(manager, writer, plan.networks);
  await writeInstances(writer, plan);
  await writeNics(manager, writer, plan);
  await writeFixedIps(manager, writer, plan);
  await writeFloatingIps(manager, writer, plan);
  await writeGroups(manager, writer, plan);
  await writeOthers(writer, plan);
}

async function writeNetworks(
  manager: EntityManager,
  writer: RowWriter,
  networks: readonly NetworkImport[],
): Promise<void> {
  const isFree = await writer.freeNumbers('networks', networks);
  const numberedFirst = networks.toSorted(
    (one, other) => Number(isFree(other.novaId)) - Number(isFree(one.novaId)),
  );
  for (const { novaId, draft, host, createdAt, nextOffset } of numberedFirst) {
    const row = { ...networkRow(draft), host, ...(createdAt && { createdAt }) };
    await manager.insert(NetworkEntity, isFree(novaId) ? { ...row, id: novaId } : row);
    const networkId = (
      await idsByName(manager, 'SELECT uuid AS name, id FROM networks WHERE uuid = ?', [draft.uuid])
    )(draft.uuid);
    await manager.insert(
      SubnetEntity,
      draft.subnets.map((subnet) => subnetRow(networkId, subnet)),
    );
    await manager.query(
      `INSERT INTO subnet_cursors (subnet_id, next_offset)
       SELECT id, IF(version = 4, ?, 0) FROM subnets WHERE network_id = ?`,
      [nextOffset, networkId],
    );
  }
}

const INSTANCE_COLUMNS =
  'uuid compute_id project_id user_id host display_name hostname availability_zone launch_index reservation_id ' +
  'instance_type ami_id kernel_id ramdisk_id key_name public_key user_data meta security_groups groups_listed created_at';

/** Nobody registered them: they go when their addresses do, like those that ask for some. */
async function writeInstances(writer: RowWriter, { instances }: ImportPlan): Promise<void> {
  const rows = instances.map(({ values: instance, createdAt }) => [
    instance.uuid,
    instance.computeId,
    instance.projectId,
    instance.userId,
    instance.host,
    instance.displayName,
    instance.hostname,
    instance.availabilityZone,
    instance.launchIndex,
    instance.reservationId,
    instance.instanceType,
    instance.amiId,
    instance.kernelId,
    instance.ramdiskId,
    instance.keyName,
    instance.publicKey,
    instance.userData,
    instance.meta,
    instance.securityGroups,
    // nova knows no instance that is in "default" because nobody said anything
    1,
    createdAt ?? new Date(),
  ]);
  await writer.insert('instances', INSTANCE_COLUMNS.split(' '), rows);
}

async function writeNics(manager: EntityManager, writer: RowWriter, { nics }: ImportPlan): Promise<void> {
  const networkId = await idsByName(manager, 'SELECT uuid AS name, id FROM networks');
  const columns = ['uuid', 'mac', 'network_id', 'instance_uuid', 'confirmed', 'created_at'];
  const rows = nics.map(({ values: { uuid, mac, networkUuid, instanceUuid }, createdAt }) => [
    uuid,
    mac,
    networkId(networkUuid),
    instanceUuid,
    1,
    createdAt ?? new Date(),
  ]);
  await writer.insert('virtual_interfaces', columns, rows);
}

async function writeFixedIps(
  manager: EntityManager,
  writer: RowWriter,
  { fixedIps }: ImportPlan,
): Promise<void> {
  const nicId = await idsByName(manager, 'SELECT uuid AS name, id FROM virtual_interfaces');
  const subnetId = await idsByName(
    manager,
    "SELECT CONCAT(n.uuid, ' ', s.version) AS name, s.id FROM subnets s JOIN networks n ON n.id = s.network_id",
  );
  const columns =
    'subnet_id address number role vif_id instance_uuid host allocated leased lease_mac lease_host'.split(
      ' ',
    );
  const rows = fixedIps.map(({ values, lease }) => {
    const address = parseIp(values.address);
    const own = addressColumns(address);
    return [
      subnetId(`${values.networkUuid} ${address.version}`),
      own.address,
      own.number,
      values.role,
      values.nicUuid === null ? null : nicId(values.nicUuid),
      values.instanceUuid,
      values.host,
      values.isAllocated ? 1 : 0,
      lease ? 1 : 0,
      lease?.mac ?? null,
      lease?.host ?? null,
    ];
  });
  await writer.insert('fixed_ips', columns, rows);
}

async function writeFloatingIps(
  manager: EntityManager,
  writer: RowWriter,
  { pools, floatingIps }: ImportPlan,
): Promise<void> {
  await writer.insert(
    'floating_ip_pools',
    ['name'],
    pools.map((name) => [name]),
  );
  if (floatingIps.length === 0) return;
  const poolId = await idsByName(manager, 'SELECT name, id FROM floating_ip_pools');
  const fixedIpId = await idsByName(
    manager,
    `SELECT CONCAT(n.uuid, ' ', f.address) AS name, f.id
       FROM fixed_ips f JOIN subnets s ON s.id = f.subnet_id JOIN networks n ON n.id = s.network_id
      WHERE f.allocated = 1`,
  );
  const columns = 'pool_id address number fixed_ip_id project_id host auto_assigned interface released_at';
  await writer.insertNumbered('floating_ips', columns.split(' '), floatingIps, ({ values, releasedAt }) => {
    const { address, number } = addressColumns(parseIp(values.address));
    const { fixedIp } = values;
    return [
      poolId(values.pool),
      address,
      number,
      fixedIp && fixedIpId(nameOf(fixedIp)),
      values.projectId,
      values.host,
      values.isAutoAssigned ? 1 : 0,
      values.interface,
      releasedAt,
    ];
  });
}

function nameOf({ networkUuid, address }: AddressKey): string {
  return `${networkUuid} ${address}`;
}

async function writeGroups(
  manager: EntityManager,
  writer: RowWriter,
  { groups, rules, members }: ImportPlan,
): Promise<void> {
  const columns = ['project_id', 'name', 'user_id', 'description'];
  await writer.insertNumbered('security_groups', columns, groups, ({ values }) => [
    values.projectId,
    values.name,
    values.userId,
    values.description,
  ]);
  const found = await manager.query<(GroupKey & { id: number })[]>(
    'SELECT project_id AS projectId, name, id FROM security_groups',
  );
  const ids = new Map(found.map(({ id, projectId, name }) => [keyOf(projectId, name), id]));
  const groupId = ({ projectId, name }: GroupKey) => ids.get(keyOf(projectId, name));
  const ruleColumns = ['parent_group_id', 'protocol', 'from_port', 'to_port', 'cidr', 'group_id'];
  await writer.insertNumbered('security_group_rules', ruleColumns, rules, ({ values }) => [
    groupId(values.parent),
    values.protocol,
    values.fromPort,
    values.toPort,
    values.cidr,
    values.source && groupId(values.source),
  ]);
  await writer.insert(
    'security_group_members',
    ['security_group_id', 'instance_uuid'],
    members.map(({ group, instanceUuid }) => [groupId(group), instanceUuid]),
  );
}

async function writeOthers(writer: RowWriter, plan: ImportPlan): Promise<void> {
  const traffic = ['protocol', 'from_port', 'to_port', 'cidr'];
  await writer.insert('security_group_default_rules', traffic, plan.defaultRules.map(trafficValues));
  await writer.insert('provider_firewall_rules', traffic, plan.providerRules.map(trafficValues));
  await writer.insert(
    'quotas',
    ['project_id', 'resource', 'hard_limit'],
    plan.quotas.map(({ projectId, resource, limit }) => [projectId, resource, limit]),
    // a row without limit is there for others to wait at
    'ON DUPLICATE KEY UPDATE hard_limit = VALUES(hard_limit)',
  );
  await writer.insert(
    'dns_domains',
    ['domain', 'scope', 'availability_zone', 'project_id'],
    plan.dnsDomains.map(({ domain, scope, availabilityZone, projectId }) => [
      domain,
      scope,
      availabilityZone,
      projectId,
    ]),
  );
}

/** The id of each name. */
async function idsByName(
  manager: EntityManager,
  sql: string,
  parameters: readonly unknown[] = [],
): Promise<(name: string) => number> {
  const rows = await manager.query<{ name: string; id: number }[]>(sql, [...parameters]);
  const ids = new Map(rows.map(({ name, id }) => [name, id]));
  return (name) => {
    const id = ids.get(name);
    if (id === undefined) throw new Error(`${name} is named by an imported row, and is not there`);
    return id;
  };
}
