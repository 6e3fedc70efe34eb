import type { HostName } from '@novanet/net-address';
import type { EntityManager } from 'typeorm';
import type { WriteResult } from '../database/write-result.js';

// Both look first and delete then row by row, by key, with the conditions that may have changed meanwhile. A DELETE with a
// join or with a list of keys (for which the whole table may be read) locks every row it reads until it ends, and runs into
// a deadlock with each allocation that writes such a row meanwhile.

/**
 * A single-host network is its owner's business alone, wherever the instance is: the owner's dnsmasq may still lease the
 * address. Of a multi-host network each host frees its own. What has no host, or one that was removed, is anybody's: nova
 * asks for the instance's host alone, and keeps for ever what belongs to an instance that is on none.
 */
export async function deleteStaleAddresses(
  manager: EntityManager,
  host: HostName,
  before: Date,
): Promise<number> {
  const stale = await manager.query<{ id: number }[]>(
    `SELECT f.id FROM fixed_ips f
       JOIN subnets s ON s.id = f.subnet_id
       JOIN networks n ON n.id = s.network_id
       LEFT JOIN instances i ON i.uuid = f.instance_uuid
      WHERE f.instance_uuid IS NOT NULL AND f.allocated = 0 AND f.updated_at < ?
        AND ((n.multi_host = 0 AND (n.host = ? OR n.host IS NULL))
          OR (n.multi_host = 1 AND (i.host IS NULL OR i.host = ? OR f.lease_host = ?
                                     OR i.host NOT IN (SELECT host FROM services))))`,
    [before, host, host, host],
  );
  let freed = 0;
  for (const { id } of stale) {
    freed += await affected(
      manager,
      "DELETE FROM fixed_ips WHERE id = ? AND role = 'instance' AND allocated = 0 AND updated_at < ?",
      [id, before],
    );
    freed += await affected(
      manager,
      `UPDATE fixed_ips SET leased = 0, lease_mac = NULL, lease_host = NULL, lease_expires_at = NULL, instance_uuid = NULL
        WHERE id = ? AND role = 'vpn' AND allocated = 0 AND updated_at < ?`,
      [id, before],
    );
  }
  return freed;
}

/** Those that nobody registered, and that have no NIC any more. */
export async function deleteStaleInstances(manager: EntityManager, before: Date): Promise<number> {
  const stale = await manager.query<{ id: number }[]>(
    `SELECT i.id FROM instances i
      WHERE i.is_registered = 0 AND COALESCE(i.updated_at, i.created_at) < ?
        AND NOT EXISTS (SELECT 1 FROM virtual_interfaces v WHERE v.instance_uuid = i.uuid)`,
    [before],
  );
  let deleted = 0;
  for (const { id } of stale) {
    // IGNORE: one that gets a NIC in between is kept by the foreign key
    deleted += await affected(manager, 'DELETE IGNORE FROM instances WHERE id = ? AND is_registered = 0', [
      id,
    ]);
  }
  return deleted;
}

async function affected(
  manager: EntityManager,
  sql: string,
  parameters: readonly unknown[],
): Promise<number> {
  const result = await manager.query<WriteResult>(sql, [...parameters]);
  return result.affectedRows;
}
