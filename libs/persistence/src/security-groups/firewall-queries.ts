import type { FilteredInstanceRow, FirewallRows, GroupRuleRow, SourceNicRow } from '@novanet/ipam';
import { Ipv6Cidr, Mac, parseIp } from '@novanet/net-address';
import type { EntityManager } from 'typeorm';
import { findListedRules } from './group-queries.js';
import { MEMBERS_OF_GROUPS } from './membership-queries.js';
import { toGroupRule, TRAFFIC_COLUMNS, type RuleRow } from './security-group-rows.js';

/** In five queries at most. */
export async function findFirewallRows(
  manager: EntityManager,
  instanceUuids: readonly string[],
): Promise<FirewallRows> {
  const instances = await findFiltered(manager, instanceUuids);
  const rules = await findRules(manager, [...new Set(instances.flatMap(({ groupIds }) => groupIds))]);
  const sourceIds = rules.flatMap(({ source }) => ('groupId' in source ? [source.groupId] : []));
  const isDefaultAwaited = instances.some(({ awaitsDefaultGroup }) => awaitsDefaultGroup);
  return {
    instances,
    rules,
    sources: await findSources(manager, [...new Set(sourceIds)]),
    providerRules: await findListedRules(manager, 'provider'),
    defaultRules: isDefaultAwaited ? await findListedRules(manager, 'default') : [],
  };
}

async function findFiltered(
  manager: EntityManager,
  instanceUuids: readonly string[],
): Promise<FilteredInstanceRow[]> {
  if (instanceUuids.length === 0) return [];
  const rows = await manager.query<FilteredRow[]>(
    `SELECT i.id, i.uuid, i.groups_listed AS isListed, i.project_id AS projectId,
            COALESCE(m.security_group_id, d.id) AS groupId
       FROM instances i
       LEFT JOIN security_group_members m ON m.instance_uuid = i.uuid
       LEFT JOIN security_groups d ON i.groups_listed = 0 AND d.project_id = i.project_id AND d.name = 'default'
      WHERE i.uuid IN (?) ORDER BY i.id, groupId`,
    [instanceUuids],
  );
  return [...Map.groupBy(rows, ({ uuid }) => uuid).values()].flatMap((own) => {
    const [first] = own;
    if (!first) return [];
    const { id, uuid, isListed, projectId } = first;
    const groupIds = own.flatMap(({ groupId }) => groupId ?? []);
    const awaitsDefaultGroup = isListed === 0 && projectId !== null && groupIds.length === 0;
    return [{ id, uuid, groupIds, awaitsDefaultGroup }];
  });
}

interface FilteredRow {
  readonly id: number;
  readonly uuid: string;
  readonly isListed: number;
  readonly projectId: string | null;
  readonly groupId: number | null;
}

async function findRules(manager: EntityManager, groupIds: readonly number[]): Promise<GroupRuleRow[]> {
  if (groupIds.length === 0) return [];
  const rows = await manager.query<Omit<RuleRow, 'groupName' | 'groupProjectId'>[]>(
    `SELECT id, parent_group_id AS parentGroupId, group_id AS groupId, ${TRAFFIC_COLUMNS}
       FROM security_group_rules WHERE parent_group_id IN (?) ORDER BY id`,
    [groupIds],
  );
  return rows.map(toGroupRule);
}

/** One row per NIC, address it is seen under and IPv6 block of its network. */
interface SourceRow {
  readonly groupId: number;
  readonly vifId: number;
  readonly mac: string;
  readonly address: string | null;
  readonly floatingAddress: string | null;
  readonly prefix: string | null;
  readonly networkProjectId: string | null;
}

async function findSources(manager: EntityManager, groupIds: readonly number[]): Promise<SourceNicRow[]> {
  if (groupIds.length === 0) return [];
  const rows = await manager.query<SourceRow[]>(
    `SELECT e.group_id AS groupId, v.id AS vifId, v.mac, f.address, fl.address AS floatingAddress,
            s.cidr AS prefix, n.project_id AS networkProjectId
       FROM (${MEMBERS_OF_GROUPS}) e
       JOIN virtual_interfaces v ON v.instance_uuid = e.instance_uuid
       JOIN networks n ON n.id = v.network_id
       LEFT JOIN fixed_ips f ON f.vif_id = v.id AND f.allocated = 1
       LEFT JOIN floating_ips fl ON fl.fixed_ip_id = f.id
       LEFT JOIN subnets s ON s.network_id = v.network_id AND s.version = 6`,
    [groupIds, groupIds],
  );
  const nics = Map.groupBy(rows, ({ groupId, vifId }) => `${groupId} ${vifId}`);
  return [...nics.values()].flatMap((own) => {
    const [first] = own;
    if (!first) return [];
    const addresses = new Set(own.flatMap((row) => [row.address ?? [], row.floatingAddress ?? []].flat()));
    const prefixes = new Set(own.flatMap(({ prefix }) => prefix ?? []));
    return [
      {
        groupId: first.groupId,
        mac: Mac.parse(first.mac),
        addresses: [...addresses].map(parseIp),
        prefixes: [...prefixes].map((text) => Ipv6Cidr.parse(text)),
        networkProjectId: first.networkProjectId,
      },
    ];
  });
}
