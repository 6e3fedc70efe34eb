import type { Instance } from '@novanet/ipam';

/** A compute service tells of an instance about when it asks for its addresses. */
const SETTLING_MS = 30_000;

/**
 * Whether an instance has its addresses, and its compute service may be about to tell the rest: keys and user data. Who
 * is told now that there are none boots without them.
 */
export function isSettling({ isRegistered, createdAt }: Instance, now = Date.now()): boolean {
  const age = now - createdAt.getTime();
  // In the future: the clocks of this machine and the database's differ, and nobody knows how old it is.
  return !isRegistered && age >= 0 && age < SETTLING_MS;
}
