import type { Link } from './link.js';

/** Stands in the alias of a VLAN device that we made; others are used, and never changed or deleted. */
export const VLAN_MARK = 'novanet:created';

/** Whether we made this VLAN device. */
export function isOwnVlan({ kind, alias }: Link): boolean {
  return kind === 'vlan' && alias === VLAN_MARK;
}
