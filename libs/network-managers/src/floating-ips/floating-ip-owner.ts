import { Forbidden, InvalidIpAddressError, type FloatingIp } from '@novanet/ipam';
import { Ipv4 } from '@novanet/net-address';
import type { Caller } from '../caller.js';

/** On whose behalf the service acts when it does so by itself. */
export const serviceCaller: Caller = { projectId: null, userId: null, isAdmin: true };

/** nova: an administrator passes; everybody else must hold it, and nobody holds a free one. Throws Forbidden. */
export function requireOwner({ projectId }: FloatingIp, caller: Caller): void {
  if (caller.isAdmin) return;
  if (projectId === null || projectId !== caller.projectId) throw new Forbidden();
}

/** Throws InvalidIpAddressError. */
export function parseFloatingAddress(text: string): Ipv4 {
  const address = Ipv4.tryParse(text);
  if (!address) throw new InvalidIpAddressError(text);
  return address;
}
