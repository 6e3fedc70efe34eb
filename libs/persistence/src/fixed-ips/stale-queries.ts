import type { HostName } from '@novanet/net-address';
import type { EntityManager } from 'typeorm';
import type { Database } from '../database/database.js';
import type { WriteResult } from '../database/write-result.js';
import { detachFloatingIps } from './detach-floating-ips.js';

// All look first and delete then row by row, by key, with the conditions that may have changed meanwhile. A DELETE with a
// join or with a list of keys (for which the whole table may be read) locks every row it reads until it ends, and runs into
// a deadlock with each allocation that writes such a row meanwhile.

/** What was never changed has the time of its making alone. Written so that the index on it can be used. */
const UNTOUCHED_SINCE = '(updated_at < ? OR (updated_at IS NULL AND created_at < ?))';

interface UnallocatedRow {
  readonly id: number;
  readonly leased: number;
}

/**
 * What nobody is allocated: leases that were never given back, and rows without even that, which no request leaves behind
 * and nobody could be given for ever. A lease of a single-host network is its owner's business alone, wherever the
 * instance is: the owner's dnsmasq may still hold it. Of a multi-host network each host frees its own. What has no host,
 * or one that was removed, is anybody's: nova asks for the instance's host alone, and keeps for ever what belongs to an
 * instance that is on none.
 */
export async function deleteUnallocated(
  manager: EntityManager,
  host: HostName,
  before: Date,
): Promise<{ unreleased: number; forgotten: number }> {
  const stale = await manager.query<UnallocatedRow[]>(
    `SELECT f.id, f.leased
       FROM (SELECT * FROM fixed_ips WHERE allocated = 0 AND ${UNTOUCHED_SINCE}) f
       JOIN subnets s ON s.id = f.subnet_id
       JOIN networks n ON n.id = s.network_id
       LEFT JOIN instances i ON i.uuid = f.instance_uuid
      WHERE (f.role = 'instance' OR (f.role = 'vpn' AND (f.leased = 1 OR f.instance_uuid IS NOT NULL)))
        AND (f.leased = 0
          OR (n.multi_host = 0 AND (n.host = ? OR n.host IS NULL))
          OR (n.multi_host = 1 AND (i.host IS NULL OR i.host = ? OR f.lease_host = ?
                                     OR i.host NOT IN (SELECT host FROM services))))`,
    [before, before, host, host, host],
  );
  const counts = { unreleased: 0, forgotten: 0 };
  for (const row of stale) {
    counts[row.leased === 1 ? 'unreleased' : 'forgotten'] += await freeUnallocated(manager, row, before);
  }
  return counts;
}

async function freeUnallocated(
  manager: EntityManager,
  { id, leased }: UnallocatedRow,
  before: Date,
): Promise<number> {
  const isUnchanged = `id = ? AND allocated = 0 AND leased = ? AND ${UNTOUCHED_SINCE}`;
  const parameters = [id, leased, before, before];
  const deleted = await affected(
    manager,
    `DELETE FROM fixed_ips WHERE ${isUnchanged} AND role = 'instance'`,
    parameters,
  );
  if (deleted > 0) return deleted;
  return affected(
    manager,
    `UPDATE fixed_ips SET leased = 0, lease_mac = NULL, lease_host = NULL, lease_expires_at = NULL, instance_uuid = NULL
      WHERE ${isUnchanged} AND role = 'vpn' AND (leased = 1 OR instance_uuid IS NOT NULL)`,
    parameters,
  );
}

/** Allocated, but without a NIC nobody is told of it, and there is no instance either that could be missing it. */
const ORPHANS = `
  SELECT id, leased FROM fixed_ips
   WHERE allocated = 1 AND vif_id IS NULL AND role IN ('instance', 'vpn') AND ${UNTOUCHED_SINCE}
     AND NOT EXISTS (SELECT 1 FROM instances i WHERE i.uuid = fixed_ips.instance_uuid)`;

/** One that is leased drains from now on, like one that was deallocated: its lease is given up first. */
export async function freeOrphans(database: Database, before: Date): Promise<number> {
  const orphans = await database.run((manager) => manager.query<{ id: number }[]>(ORPHANS, [before, before]));
  let freed = 0;
  for (const { id } of orphans) {
    freed += await database.transaction((manager) => freeOrphan(manager, id, before));
  }
  return freed;
}

async function freeOrphan(manager: EntityManager, id: number, before: Date): Promise<number> {
  const [orphan] = await manager.query<UnallocatedRow[]>(`${ORPHANS} AND id = ? FOR UPDATE`, [
    before,
    before,
    id,
  ]);
  if (!orphan) return 0;
  await detachFloatingIps(manager, [id]);
  await affected(
    manager,
    'UPDATE fixed_ips SET allocated = 0, instance_uuid = IF(leased = 1, instance_uuid, NULL) WHERE id = ?',
    [id],
  );
  await affected(manager, "DELETE FROM fixed_ips WHERE id = ? AND role = 'instance' AND leased = 0", [id]);
  return 1;
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
