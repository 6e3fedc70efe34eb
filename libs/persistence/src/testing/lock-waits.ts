import type { Database } from '../database/database.js';

/** Transactions of this schema that stand still. Looked at every 100 ms or more often, the view never changes. */
export async function waitingForLocks({ database }: { readonly database: Database }): Promise<number> {
  const rows = await database.run((manager) =>
    manager.query<object[]>(
      `SELECT t.trx_id FROM information_schema.innodb_trx t
         JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
        WHERE p.db = DATABASE() AND t.trx_state = 'LOCK WAIT'`,
    ),
  );
  return rows.length;
}
