import { serviceContext } from '@novanet/messaging';
import { currentRequestId } from '@novanet/observability';

/** Who asks, as his token says. */
export interface Requester {
  readonly userId: string | null;
  readonly projectId: string | null;
  readonly roles: readonly string[];
  /** nova's `context_is_admin`: he may see and change what is of other projects. */
  readonly isAdmin: boolean;
}

/** What a message on the bus says of him: nova's request context, without his token. */
export function contextOf({
  userId,
  projectId,
  roles,
  isAdmin,
}: Requester): ReturnType<typeof serviceContext> {
  const own = { user_id: userId, project_id: projectId, roles: [...roles], is_admin: isAdmin };
  return { ...serviceContext(currentRequestId()), ...own };
}
