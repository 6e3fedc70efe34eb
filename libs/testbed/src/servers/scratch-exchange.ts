import { randomBytes } from 'node:crypto';

/**
 * A name for a control exchange (and, as a prefix, for topics) that no other test uses: keeps tests apart
 * on one broker.
 */
export function uniqueExchange(): string {
  return `test-${randomBytes(6).toString('hex')}`;
}
