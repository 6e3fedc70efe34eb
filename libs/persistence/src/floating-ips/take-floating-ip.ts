import type { EntityManager } from 'typeorm';

// Both orders are the index's own, which ends with the id. A sort would read, and lock, every free address of the pool.
const FREE = `
  SELECT id FROM floating_ips FORCE INDEX (ix_floating_ips_pool_id_project_id_released_at)
   WHERE pool_id = ? AND project_id IS NULL AND released_at`;
const NEVER_USED = `${FREE} IS NULL ORDER BY id LIMIT 1 FOR UPDATE`;
const RESTED = `${FREE} <= CURRENT_TIMESTAMP(6) - INTERVAL ? SECOND ORDER BY released_at, id LIMIT 1 FOR UPDATE`;

/**
 * Locks a free floating IP and answers its id. First without waiting, so that a crowd takes different ones; when nothing
 * is left but what others are about to take, it waits for them, because they may fail.
 */
export async function takeFloatingIp(
  manager: EntityManager,
  poolId: number,
  restSeconds: number,
): Promise<number | undefined> {
  const first = async (query: string, parameters: number[]) => {
    const [row] = await manager.query<{ id: number }[]>(query, parameters);
    return row?.id;
  };
  return (
    (await first(`${NEVER_USED} SKIP LOCKED`, [poolId])) ??
    (await first(`${RESTED} SKIP LOCKED`, [poolId, restSeconds])) ??
    (await first(NEVER_USED, [poolId])) ??
    (await first(RESTED, [poolId, restSeconds]))
  );
}
