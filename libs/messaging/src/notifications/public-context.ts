import type { ContextValues } from '../wire/request.js';

/** Who asked for what, and nothing that lets a listener ask for more. */
const publicKeys: ReadonlySet<string> = new Set([
  'user_id',
  'project_id',
  'user',
  'tenant',
  'user_name',
  'project_name',
  'user_identity',
  'domain',
  'domain_id',
  'user_domain',
  'user_domain_id',
  'project_domain',
  'project_domain_id',
  'system_scope',
  'is_admin',
  'roles',
  'request_id',
  'global_request_id',
  'remote_address',
  'timestamp',
  'read_deleted',
]);

/**
 * The context as it may be told to everybody who listens. Mitaka sends all of it, with the caller's token; since
 * oslo.messaging 14.4 only known keys go out.
 */
export function publicContext(context: ContextValues): ContextValues {
  return Object.fromEntries(Object.entries(context).filter(([key]) => publicKeys.has(key)));
}
