import { DuplicateVlan, type Network, type NetworkChanges, type NetworkKeys } from '@novanet/ipam';
import type { EntityManager } from 'typeorm';
import { duplicateKeyOf } from '../database/driver-error.js';
import { NetworkEntity } from '../schema/network.entity.js';
import { NETWORK_COLUMNS, networksIn, textsOf, type NetworkRow } from './network-rows.js';

/** Networks by id, subnets by version, all in one query; those where the column has one of the values, or all. */
export async function findNetworks(
  manager: EntityManager,
  where?: {
    readonly column: 'id' | 'uuid' | 'project_id' | 'host' | 'vlan';
    readonly values: readonly unknown[];
  },
): Promise<Network[]> {
  if (where?.values.length === 0) return [];
  const rows = await manager.query<NetworkRow[]>(
    `SELECT ${NETWORK_COLUMNS}
       FROM networks n LEFT JOIN subnets s ON s.network_id = n.id
       ${where ? `WHERE n.${where.column} IN (?)` : ''}
      ORDER BY n.id, s.version, s.id`,
    where && [where.values],
  );
  return networksIn(rows);
}

export async function findNetworksBy(manager: EntityManager, keys: NetworkKeys): Promise<Network[]> {
  if ('ids' in keys) return findNetworks(manager, { column: 'id', values: keys.ids });
  if ('uuids' in keys) return findNetworks(manager, { column: 'uuid', values: keys.uuids });
  if ('projectId' in keys) return findNetworks(manager, { column: 'project_id', values: [keys.projectId] });
  if ('host' in keys) return findNetworks(manager, { column: 'host', values: [keys.host] });
  const withCidr = await manager.find(NetworkEntity, {
    where: { subnets: { cidr: keys.cidr } },
    select: { id: true },
  });
  return findNetworksBy(manager, { ids: withCidr.map(({ id }) => id) });
}

/** Throws DuplicateVlan. */
export async function updateNetwork(
  manager: EntityManager,
  networkId: number,
  { vpnPublicAddress, dns1, dns2, ...plain }: NetworkChanges,
): Promise<void> {
  const changes = { ...plain, ...textsOf({ vpnPublicAddress, dns1, dns2 }) };
  if (Object.keys(changes).length === 0) return;
  try {
    await manager.update(NetworkEntity, { id: networkId }, changes);
  } catch (error) {
    if (duplicateKeyOf(error) !== 'uniq_networks_vlan') throw error;
    throw new DuplicateVlan(plain.vlan ?? 0);
  }
}
