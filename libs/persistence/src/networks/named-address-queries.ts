import type { FixedIp, NamedAddress } from '@novanet/ipam';
import type { IpAddress } from '@novanet/net-address';
import type { EntityManager } from 'typeorm';
import type { WriteResult } from '../database/write-result.js';
import { findFixedIpInSubnet } from '../fixed-ips/fixed-ip-queries.js';
import { addressColumns } from '../fixed-ips/fixed-ip-rows.js';

/** MariaDB's count for an INSERT that changed the row it met; 1: it made one, or left the one it met as it was. */
const CHANGED = 2;

/** The unique key decides who is first. */
export async function nameAddress(
  manager: EntityManager,
  subnetId: number,
  { address, role }: NamedAddress,
): Promise<{ readonly row: FixedIp | undefined; readonly wasKept: boolean }> {
  const columns = addressColumns(address);
  const { affectedRows } = await manager.query<WriteResult>(
    `INSERT INTO fixed_ips (subnet_id, address, number, role) VALUES (?, ?, ?, ?)
     ON DUPLICATE KEY UPDATE
       role = IF(role IN ('gateway', 'dhcp', 'reserved') AND host IS NULL, ?, role)`,
    [subnetId, columns.address, columns.number, role, role],
  );
  return { row: await findFixedIpInSubnet(manager, subnetId, address), wasKept: affectedRows === CHANGED };
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
