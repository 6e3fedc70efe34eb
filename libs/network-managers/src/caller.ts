import type { Network } from '@novanet/ipam';

/** On whose behalf a request is made. */
export interface Caller {
  readonly projectId: string | null;
  readonly userId: string | null;
  readonly isAdmin: boolean;
}

/** nova's rule of the flat managers: an ordinary user sees the networks of the project and those of nobody. */
export function isVisible(network: Network, caller: Caller): boolean {
  const isUser = !caller.isAdmin && caller.userId !== null && caller.projectId !== null;
  return !isUser || network.projectId === null || network.projectId === caller.projectId;
}
