import { parseIp, type HostName, type IpAddress } from '@novanet/net-address';
import type { EntityManager } from 'typeorm';
import { duplicateKeyOf } from '../database/driver-error.js';
import type { WriteResult } from '../database/write-result.js';
import { addressColumns } from './fixed-ip-rows.js';

/** False when the host has an address in the subnet, or when somebody has this one: the unique keys decide. */
export async function insertHostAddress(
  manager: EntityManager,
  { subnetId, address, host }: { subnetId: number; address: IpAddress; host: HostName },
): Promise<boolean> {
  const columns = addressColumns(address);
  try {
    await manager.query<WriteResult>(
      "INSERT INTO fixed_ips (subnet_id, address, number, role, host) VALUES (?, ?, ?, 'dhcp', ?)",
      [subnetId, columns.address, columns.number, host],
    );
    return true;
  } catch (error) {
    if (duplicateKeyOf(error) === undefined) throw error;
    return false;
  }
}

/** In one network, or in all. */
export async function deleteHostAddresses(
  manager: EntityManager,
  host: HostName,
  networkId: number | undefined,
): Promise<IpAddress[]> {
  const rows = await manager.query<{ id: number; address: string }[]>(
    `SELECT f.id, f.address FROM fixed_ips f JOIN subnets s ON s.id = f.subnet_id
      WHERE f.host = ? AND (? IS NULL OR s.network_id = ?)`,
    [host, networkId ?? null, networkId ?? null],
  );
  if (rows.length === 0) return [];
  await manager.query<WriteResult>('DELETE FROM fixed_ips WHERE id IN (?) AND host = ?', [
    rows.map(({ id }) => id),
    host,
  ]);
  return rows.map(({ address }) => parseIp(address));
}
