import type { EntityManager } from 'typeorm';
import { lockProjectQuota } from '../fixed-ips/quota-queries.js';

/** nova's name of the resource in `quotas`. */
const RESOURCE = 'floating_ips';

/** The project's own limit; a row without one is only a place to wait at. */
export async function floatingIpLimitOf(
  manager: EntityManager,
  projectId: string,
): Promise<number | undefined> {
  const [row] = await manager.query<{ limit: number | null }[]>(
    'SELECT hard_limit AS `limit` FROM quotas WHERE project_id = ? AND resource = ?',
    [projectId, RESOURCE],
  );
  return row?.limit ?? undefined;
}

/** Counts what the project asked for, one caller at a time: the others wait at the project's row until we end. */
export async function countFloatingIpsLocked(manager: EntityManager, projectId: string): Promise<number> {
  await lockProjectQuota(manager, projectId, RESOURCE);
  const [row] = await manager.query<{ held: number }[]>(
    'SELECT COUNT(*) AS held FROM floating_ips WHERE project_id = ? AND auto_assigned = 0',
    [projectId],
  );
  return row?.held ?? 0;
}
