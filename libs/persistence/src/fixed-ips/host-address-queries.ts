import type { HostAddressOutcome } from '@novanet/ipam';
import { parseIp, type HostName, type IpAddress } from '@novanet/net-address';
import type { EntityManager } from 'typeorm';
import { duplicateKeyOf } from '../database/driver-error.js';
import type { WriteResult } from '../database/write-result.js';
import { addressColumns } from './fixed-ip-rows.js';

/**
 * The unique keys decide who is first. The network's row is locked, so that one that is converted at the same time gets
 * no address which nobody would give back.
 */
export async function insertHostAddress(
  manager: EntityManager,
  { subnetId, address, host }: { subnetId: number; address: IpAddress; host: HostName },
): Promise<HostAddressOutcome> {
  const columns = addressColumns(address);
  try {
    const result = await manager.query<WriteResult>(
      `INSERT INTO fixed_ips (subnet_id, address, number, role, host)
       SELECT s.id, ?, ?, 'dhcp', ? FROM subnets s JOIN networks n ON n.id = s.network_id
        WHERE s.id = ? AND n.multi_host = 1 AND n.share_address = 0
         LOCK IN SHARE MODE`,
      [columns.address, columns.number, host, subnetId],
    );
    return result.affectedRows === 1 ? 'given' : 'not-needed';
  } catch (error) {
    if (duplicateKeyOf(error) === undefined) throw error;
    return 'taken';
  }
}

/** Of one host or of all, in one network or in all. */
export async function deleteHostAddresses(
  manager: EntityManager,
  { host, networkId }: { readonly host?: HostName; readonly networkId?: number | undefined },
): Promise<IpAddress[]> {
  const conditions = [
    ['f.host = ?', host],
    ['s.network_id = ?', networkId],
  ].filter(([, value]) => value !== undefined);
  const rows = await manager.query<{ id: number; address: string }[]>(
    `SELECT f.id, f.address FROM fixed_ips f JOIN subnets s ON s.id = f.subnet_id
      WHERE f.host IS NOT NULL AND ${conditions.map(([condition]) => condition).join(' AND ')}
      ORDER BY f.id`,
    conditions.map(([, value]) => value),
  );
  if (rows.length === 0) return [];
  await manager.query<WriteResult>('DELETE FROM fixed_ips WHERE id IN (?) AND host IS NOT NULL', [
    rows.map(({ id }) => id),
  ]);
  return rows.map(({ address }) => parseIp(address));
}
