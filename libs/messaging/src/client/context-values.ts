import { randomUUID } from 'node:crypto';

import type { ContextValues } from '../wire/request.js';

/** The context of what a service does on its own account: an administrator without a project. */
export function serviceContext(requestId = `req-${randomUUID()}`): ContextValues {
  return {
    user_id: null,
    project_id: null,
    is_admin: true,
    roles: ['admin'],
    request_id: requestId,
    read_deleted: 'no',
    // Exactly this form: an old Python service fails on a trailing Z, or without a fraction.
    timestamp: `${new Date().toISOString().slice(0, -1)}000`,
  };
}

/** A received context for calling onward: unchanged, so that the request id goes on, but without its secrets. */
export function withoutSecrets(context: ContextValues): ContextValues {
  return {
    ...context,
    ...('auth_token' in context && { auth_token: null }),
    ...('service_catalog' in context && { service_catalog: [] }),
  };
}
