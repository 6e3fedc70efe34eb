/** On whose behalf a request is made. */
export interface Caller {
  readonly projectId: string | null;
  readonly userId: string | null;
  readonly isAdmin: boolean;
}

/** nova's distinction: administrators and services see everything, an ordinary user what is the project's. */
export function isUser(caller: Caller): boolean {
  return !caller.isAdmin && caller.userId !== null && caller.projectId !== null;
}

/**
 * An ordinary user sees what belongs to the project, or to nobody; where every network has its project, the former only.
 */
export function isVisible(
  thing: { readonly projectId: string | null },
  caller: Caller,
  { isPerProject }: { readonly isPerProject: boolean } = { isPerProject: false },
): boolean {
  if (!isUser(caller)) return true;
  return thing.projectId === caller.projectId || (thing.projectId === null && !isPerProject);
}
