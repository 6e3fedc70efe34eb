import type { FixedIp, Holding, Nic } from '@novanet/ipam';
import type { IpAddress } from '@novanet/net-address';
import type { EntityManager } from 'typeorm';
import { FixedIpEntity, VirtualInterfaceEntity } from '../schema/fixed-ip.entity.js';
import { toFixedIp, toHolding, toNic } from './fixed-ip-rows.js';

/** NICs by age, addresses by age. */
export async function findHoldings(manager: EntityManager, instanceUuid: string): Promise<Holding[]> {
  const rows = await manager.find(VirtualInterfaceEntity, {
    where: { instanceUuid },
    relations: { fixedIps: true },
    order: { id: 'ASC', fixedIps: { id: 'ASC' } },
  });
  return rows.map(toHolding);
}

/** The same, with networks and subnets; still one query. */
export async function findNics(manager: EntityManager, instanceUuid: string): Promise<Nic[]> {
  const rows = await manager.find(VirtualInterfaceEntity, {
    where: { instanceUuid },
    relations: { fixedIps: true, network: { subnets: true } },
    order: { id: 'ASC', fixedIps: { id: 'ASC' }, network: { subnets: { version: 'ASC', id: 'ASC' } } },
  });
  return rows.map(toNic);
}

/** An address may exist in overlapping networks: an allocated one first. */
export function findFixedIpByAddress(
  manager: EntityManager,
  address: IpAddress,
): Promise<FixedIp | undefined> {
  return findFixedIp(manager, { address: address.toString() });
}

export function findFixedIpInSubnet(
  manager: EntityManager,
  subnetId: number,
  address: IpAddress,
): Promise<FixedIp | undefined> {
  return findFixedIp(manager, { subnetId, address: address.toString() });
}

async function findFixedIp(
  manager: EntityManager,
  where: { readonly address: string; readonly subnetId?: number },
): Promise<FixedIp | undefined> {
  // not findOne: with a relation it asks twice
  const [row] = await manager.find(FixedIpEntity, {
    where,
    relations: { subnet: true },
    order: { isAllocated: 'DESC', id: 'ASC' },
  });
  return row ? toFixedIp(row, row.subnet.networkId) : undefined;
}
