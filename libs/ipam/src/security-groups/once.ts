import type { SecurityGroupStore, SecurityGroupTransaction } from './security-group-store.port.js';

export interface WriteOptions {
  /** 32 characters, oslo's `_unique_id`: a request that comes again changes nothing and gets the first answer. */
  readonly requestId?: string;
}

/**
 * Does the work in one transaction, and once for each request: it answers the ids that the first time made. Also a commit
 * whose answer was lost is recognised by that, when the transaction runs again.
 */
export function once(
  store: SecurityGroupStore,
  { requestId = crypto.randomUUID().replaceAll('-', '') }: WriteOptions,
  work: (transaction: SecurityGroupTransaction) => Promise<readonly number[]>,
): Promise<readonly number[]> {
  return store.transaction(async (transaction) => {
    const made = await transaction.claim(requestId);
    if (made) return made;
    const ids = await work(transaction);
    await transaction.complete(requestId, ids);
    return ids;
  });
}
