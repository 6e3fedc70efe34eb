import type { EntityManager } from 'typeorm';

/** nova's name of the resource in `quotas`. */
const RESOURCE = 'fixed_ips';

/** Project → its own limit; a row without one is only a place to wait at. */
export async function fixedIpLimitsOf(
  manager: EntityManager,
  projectIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await manager.query<{ projectId: string; limit: number | null }[]>(
    'SELECT project_id AS projectId, hard_limit AS `limit` FROM quotas WHERE project_id IN (?) AND resource = ?',
    [projectIds, RESOURCE],
  );
  return new Map(
    rows.flatMap(({ projectId, limit }) => (limit === null ? [] : [[projectId, limit] as const])),
  );
}

/** The project's own limit of this resource; a row without one is only a place to wait at. */
export async function limitOf(
  manager: EntityManager,
  projectId: string,
  resource: string,
): Promise<number | undefined> {
  const [row] = await manager.query<{ limit: number | null }[]>(
    'SELECT hard_limit AS `limit` FROM quotas WHERE project_id = ? AND resource = ?',
    [projectId, resource],
  );
  return row?.limit ?? undefined;
}

/** Counts the project's addresses, one caller at a time: the others wait at the project's row until we end. */
export async function countFixedIpsLocked(manager: EntityManager, projectId: string): Promise<number> {
  await lockProjectQuota(manager, projectId, RESOURCE);
  const [row] = await manager.query<{ held: number }[]>(
    `SELECT COUNT(*) AS held FROM instances i JOIN fixed_ips f ON f.instance_uuid = i.uuid
      WHERE i.project_id = ? AND f.allocated = 1`,
    [projectId],
  );
  return row?.held ?? 0;
}

/** The project's row of this resource, limit or not, is what its requests queue up at. */
export async function lockProjectQuota(
  manager: EntityManager,
  projectId: string,
  resource: string,
): Promise<void> {
  await manager.query(
    `INSERT INTO quotas (project_id, resource) VALUES (?, ?)
     ON DUPLICATE KEY UPDATE resource = VALUES(resource)`,
    [projectId, resource],
  );
}
