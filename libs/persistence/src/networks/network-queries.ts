import type { Network, NetworkChanges, NetworkKeys } from '@novanet/ipam';
import { In, type EntityManager, type FindOptionsWhere } from 'typeorm';
import { NetworkEntity } from '../schema/network.entity.js';
import { toNetwork } from './network-rows.js';

/** Networks by id, subnets by version, all in one query. */
export async function findNetworks(
  manager: EntityManager,
  where: FindOptionsWhere<NetworkEntity> = {},
): Promise<Network[]> {
  const rows = await manager.find(NetworkEntity, {
    where,
    relations: { subnets: true },
    order: { id: 'ASC', subnets: { version: 'ASC', id: 'ASC' } },
  });
  return rows.map(toNetwork);
}

export async function findNetworksBy(manager: EntityManager, keys: NetworkKeys): Promise<Network[]> {
  if ('ids' in keys) return keys.ids.length > 0 ? findNetworks(manager, { id: In(keys.ids) }) : [];
  if ('uuids' in keys) return keys.uuids.length > 0 ? findNetworks(manager, { uuid: In(keys.uuids) }) : [];
  if ('projectId' in keys) return findNetworks(manager, { projectId: keys.projectId });
  if ('host' in keys) return findNetworks(manager, { host: keys.host });
  const withCidr = await manager.find(NetworkEntity, {
    where: { subnets: { cidr: keys.cidr } },
    select: { id: true },
  });
  return findNetworksBy(manager, { ids: withCidr.map(({ id }) => id) });
}

export async function updateNetwork(
  manager: EntityManager,
  networkId: number,
  { vpnPublicAddress, ...plain }: NetworkChanges,
): Promise<void> {
  const changes = {
    ...plain,
    ...(vpnPublicAddress !== undefined && { vpnPublicAddress: vpnPublicAddress?.toString() ?? null }),
  };
  if (Object.keys(changes).length > 0) await manager.update(NetworkEntity, { id: networkId }, changes);
}
