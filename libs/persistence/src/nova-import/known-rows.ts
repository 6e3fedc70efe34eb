import type { CidrRuleDraft, FixedIpRole } from '@novanet/ipam';
import type { EntityManager } from 'typeorm';
import { findNetworks } from '../networks/network-queries.js';
import { TRAFFIC_COLUMNS, toCidrRule } from '../security-groups/security-group-rows.js';
import type {
  FloatingIpValues,
  GroupValues,
  InstanceValues,
  KnownRows,
  NicValues,
  QuotaImport,
  DnsDomainImport,
  RuleValues,
} from './import-rows.js';

/** What is here when nothing is. */
export const NOTHING: KnownRows = {
  networks: [],
  instances: [],
  nics: [],
  fixedIps: [],
  pools: [],
  floatingIps: [],
  groups: [],
  rules: [],
  members: [],
  defaultRules: [],
  providerRules: [],
  quotas: [],
  dnsDomains: [],
};

/** All rows that an import could meet. */
export async function knownRows(manager: EntityManager): Promise<KnownRows> {
  const query = <Row>(sql: string) => manager.query<Row[]>(sql);
  const pools = await query<{ name: string }>('SELECT name FROM floating_ip_pools');
  return {
    networks: await findNetworks(manager),
    instances: await query<InstanceValues>(
      `SELECT uuid, compute_id AS computeId, project_id AS projectId, user_id AS userId, host,
              display_name AS displayName, hostname, availability_zone AS availabilityZone,
              launch_index AS launchIndex, reservation_id AS reservationId, instance_type AS instanceType,
              ami_id AS amiId, kernel_id AS kernelId, ramdisk_id AS ramdiskId, key_name AS keyName,
              public_key AS publicKey, user_data AS userData, meta, security_groups AS securityGroups
         FROM instances`,
    ),
    nics: await query<NicValues>(
      `SELECT v.uuid, v.mac, n.uuid AS networkUuid, v.instance_uuid AS instanceUuid
         FROM virtual_interfaces v JOIN networks n ON n.id = v.network_id`,
    ),
    fixedIps: await knownFixedIps(manager),
    pools: pools.map(({ name }) => name),
    floatingIps: await knownFloatingIps(manager),
    groups: await query<GroupValues>(
      'SELECT project_id AS projectId, name, user_id AS userId, description FROM security_groups',
    ),
    rules: await knownRules(manager),
    members: await knownMembers(manager),
    defaultRules: await knownCidrRules(manager, 'security_group_default_rules'),
    providerRules: await knownCidrRules(manager, 'provider_firewall_rules'),
    quotas: await query<QuotaImport>(
      'SELECT project_id AS projectId, resource, hard_limit AS `limit` FROM quotas',
    ),
    dnsDomains: await query<DnsDomainImport>(
      `SELECT domain, scope, availability_zone AS availabilityZone, project_id AS projectId FROM dns_domains`,
    ),
  };
}

async function knownFixedIps(manager: EntityManager): Promise<KnownRows['fixedIps']> {
  const rows = await manager.query<FixedIpRow[]>(
    `SELECT n.uuid AS networkUuid, f.address, f.role, v.uuid AS nicUuid, f.instance_uuid AS instanceUuid, f.host,
            f.allocated
       FROM fixed_ips f
       JOIN subnets s ON s.id = f.subnet_id
       JOIN networks n ON n.id = s.network_id
       LEFT JOIN virtual_interfaces v ON v.id = f.vif_id`,
  );
  return rows.map(({ allocated, ...row }) => ({ ...row, isAllocated: allocated === 1 }));
}

interface FixedIpRow {
  readonly networkUuid: string;
  readonly address: string;
  readonly role: FixedIpRole;
  readonly nicUuid: string | null;
  readonly instanceUuid: string | null;
  readonly host: string | null;
  readonly allocated: number;
}

interface FloatingIpRow extends Omit<FloatingIpValues, 'isAutoAssigned' | 'fixedIp'> {
  readonly autoAssigned: number;
  readonly networkUuid: string | null;
  readonly fixedAddress: string | null;
}

async function knownFloatingIps(manager: EntityManager): Promise<FloatingIpValues[]> {
  const rows = await manager.query<FloatingIpRow[]>(
    `SELECT f.address, p.name AS pool, f.project_id AS projectId, f.host, f.auto_assigned AS autoAssigned,
            f.interface, n.uuid AS networkUuid, x.address AS fixedAddress
       FROM floating_ips f
       JOIN floating_ip_pools p ON p.id = f.pool_id
       LEFT JOIN fixed_ips x ON x.id = f.fixed_ip_id
       LEFT JOIN subnets s ON s.id = x.subnet_id
       LEFT JOIN networks n ON n.id = s.network_id`,
  );
  return rows.map(({ autoAssigned, networkUuid, fixedAddress, ...row }) => ({
    ...row,
    isAutoAssigned: autoAssigned === 1,
    fixedIp: networkUuid !== null && fixedAddress !== null ? { networkUuid, address: fixedAddress } : null,
  }));
}

interface RuleRow extends Omit<RuleValues, 'parent' | 'source'> {
  readonly parentProject: string;
  readonly parentName: string;
  readonly sourceProject: string | null;
  readonly sourceName: string | null;
}

async function knownRules(manager: EntityManager): Promise<RuleValues[]> {
  const rows = await manager.query<RuleRow[]>(
    `SELECT g.project_id AS parentProject, g.name AS parentName, r.protocol, r.from_port AS fromPort,
            r.to_port AS toPort, r.cidr, s.project_id AS sourceProject, s.name AS sourceName
       FROM security_group_rules r
       JOIN security_groups g ON g.id = r.parent_group_id
       LEFT JOIN security_groups s ON s.id = r.group_id`,
  );
  return rows.map(({ parentProject, parentName, sourceProject, sourceName, ...traffic }) => ({
    ...traffic,
    parent: { projectId: parentProject, name: parentName },
    source:
      sourceProject !== null && sourceName !== null ? { projectId: sourceProject, name: sourceName } : null,
  }));
}

async function knownMembers(manager: EntityManager): Promise<KnownRows['members']> {
  const rows = await manager.query<{ projectId: string; name: string; instanceUuid: string }[]>(
    `SELECT g.project_id AS projectId, g.name, m.instance_uuid AS instanceUuid
       FROM security_group_members m JOIN security_groups g ON g.id = m.security_group_id`,
  );
  return rows.map(({ projectId, name, instanceUuid }) => ({ group: { projectId, name }, instanceUuid }));
}

async function knownCidrRules(manager: EntityManager, table: string): Promise<CidrRuleDraft[]> {
  const rows = await manager.query<Parameters<typeof toCidrRule>[0][]>(
    `SELECT id, ${TRAFFIC_COLUMNS} FROM ${table}`,
  );
  return rows.map((row) => {
    const { id: _id, ...rule } = toCidrRule(row);
    return rule;
  });
}
