import type { FixedIp, NamedAddress } from '@novanet/ipam';
import type { IpAddress } from '@novanet/net-address';
import type { EntityManager } from 'typeorm';
import { findFixedIpInSubnet } from '../fixed-ips/fixed-ip-queries.js';
import { addressColumns } from '../fixed-ips/fixed-ip-rows.js';

/** The unique key decides who is first. Answers the row that the address has then. */
export async function nameAddress(
  manager: EntityManager,
  subnetId: number,
  { address, role }: NamedAddress,
): Promise<FixedIp | undefined> {
  const columns = addressColumns(address);
  await manager.query(
    `INSERT INTO fixed_ips (subnet_id, address, number, role) VALUES (?, ?, ?, ?)
     ON DUPLICATE KEY UPDATE
       role = IF(role IN ('gateway', 'dhcp', 'reserved') AND host IS NULL, ?, role)`,
    [subnetId, columns.address, columns.number, role, role],
  );
  return findFixedIpInSubnet(manager, subnetId, address);
}

/** One that a host took for itself stays the host's. */
export async function freeAddress(
  manager: EntityManager,
  subnetId: number,
  address: IpAddress,
): Promise<void> {
  await manager.query(
    "DELETE FROM fixed_ips WHERE subnet_id = ? AND number = ? AND role IN ('gateway', 'dhcp') AND host IS NULL",
    [subnetId, addressColumns(address).number],
  );
}
