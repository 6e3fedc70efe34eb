import type { EntityManager } from 'typeorm';

// Deletions are remembered like the requests that were carried out, under the instance's own uuid and for as long: what
// was seen of an instance and comes late, comes within minutes.

const DONE = '{"deleted":true}';

/** The uuids of the instances that were deleted before a date: the only parameter. */
export const REMEMBERED_DELETION = `
  SELECT CONCAT_WS('-', SUBSTR(unique_id, 1, 8), SUBSTR(unique_id, 9, 4), SUBSTR(unique_id, 13, 4),
                   SUBSTR(unique_id, 17, 4), SUBSTR(unique_id, 21, 12)) AS uuid
    FROM processed_requests WHERE reply = '${DONE}' AND created_at < ?`;

export async function rememberDeletion(manager: EntityManager, instanceUuid: string): Promise<void> {
  await manager.query(
    `INSERT INTO processed_requests (unique_id, reply) VALUES (?, ?)
     ON DUPLICATE KEY UPDATE created_at = CURRENT_TIMESTAMP(6)`,
    [keyOf(instanceUuid), DONE],
  );
}

export async function forgetDeletion(manager: EntityManager, instanceUuid: string): Promise<void> {
  await manager.query('DELETE FROM processed_requests WHERE unique_id = ?', [keyOf(instanceUuid)]);
}

/** Waits for whoever is deleting the instance now. */
export async function isDeletionRemembered(manager: EntityManager, instanceUuid: string): Promise<boolean> {
  const rows = await manager.query<object[]>(
    'SELECT unique_id FROM processed_requests WHERE unique_id = ? LOCK IN SHARE MODE',
    [keyOf(instanceUuid)],
  );
  return rows.length > 0;
}

/** 32 characters, like those of requests: both are random, so they never meet. */
function keyOf(instanceUuid: string): string {
  return instanceUuid.toLowerCase().replaceAll('-', '').slice(0, 32);
}
