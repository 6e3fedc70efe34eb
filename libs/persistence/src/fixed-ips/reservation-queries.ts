import type { FixedIp } from '@novanet/ipam';
import type { IpAddress } from '@novanet/net-address';
import type { EntityManager } from 'typeorm';
import { findFixedIpInSubnet } from './fixed-ip-queries.js';
import { addressColumns } from './fixed-ip-rows.js';

/** The unique key decides who is first. Answers the row that the address has then. */
export async function reserveAddress(
  manager: EntityManager,
  subnetId: number,
  address: IpAddress,
): Promise<FixedIp | undefined> {
  const columns = addressColumns(address);
  await manager.query(
    `INSERT INTO fixed_ips (subnet_id, address, number, role)
     SELECT s.id, ?, ?, 'reserved' FROM subnets s WHERE s.id = ?
     ON DUPLICATE KEY UPDATE fixed_ips.id = fixed_ips.id`,
    [columns.address, columns.number, subnetId],
  );
  return findFixedIpInSubnet(manager, subnetId, address);
}

/** Answers the row that the address has then. */
export async function unreserveAddress(
  manager: EntityManager,
  subnetId: number,
  address: IpAddress,
): Promise<FixedIp | undefined> {
  await manager.query("DELETE FROM fixed_ips WHERE subnet_id = ? AND number = ? AND role = 'reserved'", [
    subnetId,
    addressColumns(address).number,
  ]);
  return findFixedIpInSubnet(manager, subnetId, address);
}
