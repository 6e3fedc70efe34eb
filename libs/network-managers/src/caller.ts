/** On whose behalf a request is made. */
export interface Caller {
  readonly projectId: string | null;
  readonly userId: string | null;
  readonly isAdmin: boolean;
}

/** nova's rule of the flat managers: an ordinary user sees what belongs to the project, or to nobody. */
export function isVisible(thing: { readonly projectId: string | null }, caller: Caller): boolean {
  const isUser = !caller.isAdmin && caller.userId !== null && caller.projectId !== null;
  return !isUser || thing.projectId === null || thing.projectId === caller.projectId;
}
