import type { EntityManager } from 'typeorm';
import { REMEMBERED_DELETION } from '../instances/deleted-instances.js';

/**
 * Instances that were deleted and have NICs all the same: a request that had waited somewhere came after the deletion.
 * What compute services delete never comes back under its uuid; but a lease, a registration or an observation since then
 * says that somebody lives there, and is believed. Of this uuid alone when one is given.
 */
export async function findDeletedHolders(
  manager: EntityManager,
  before: Date,
  uuid?: string,
): Promise<string[]> {
  const rows = await manager.query<{ uuid: string }[]>(
    `SELECT i.uuid FROM (${REMEMBERED_DELETION}) d
       JOIN instances i ON i.uuid = d.uuid
      WHERE i.uuid = COALESCE(?, i.uuid) AND i.is_registered = 0 AND i.observed_at IS NULL
        AND EXISTS (SELECT 1 FROM virtual_interfaces v WHERE v.instance_uuid = i.uuid)
        AND NOT EXISTS (SELECT 1 FROM virtual_interfaces v WHERE v.instance_uuid = i.uuid AND v.created_at >= ?)
        AND NOT EXISTS (SELECT 1 FROM fixed_ips f WHERE f.instance_uuid = i.uuid AND f.leased = 1)
      ORDER BY i.id`,
    [before, uuid ?? null, before],
  );
  return rows.map((row) => row.uuid);
}
