import type { EntityManager } from 'typeorm';

/** What leads to these addresses leads nowhere from now on, and is nobody's if it came with the instance. */
export async function detachFloatingIps(
  manager: EntityManager,
  fixedIpIds: readonly number[],
): Promise<void> {
  // evaluated from left to right: what depends on auto_assigned stands before it
  await manager.query(
    `UPDATE floating_ips
        SET project_id = IF(auto_assigned = 1, NULL, project_id),
            released_at = IF(auto_assigned = 1, CURRENT_TIMESTAMP(6), released_at),
            auto_assigned = 0, fixed_ip_id = NULL, host = NULL
      WHERE fixed_ip_id IN (?)`,
    [fixedIpIds],
  );
}
