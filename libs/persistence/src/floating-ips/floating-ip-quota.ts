import type { EntityManager } from 'typeorm';
import { limitOf, lockProjectQuota } from '../fixed-ips/quota-queries.js';

/** nova's name of the resource in `quotas`. */
const RESOURCE = 'floating_ips';

/** The project's own limit, if it has one. */
export function floatingIpLimitOf(manager: EntityManager, projectId: string): Promise<number | undefined> {
  return limitOf(manager, projectId, RESOURCE);
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
