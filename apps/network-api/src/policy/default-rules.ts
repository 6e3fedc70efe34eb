const OWNER = 'rule:admin_or_owner';
const ADMIN = 'rule:admin_api';

/** Who may do what, unless policy.yaml says otherwise: nova's rules by nova's names, then ours. */
export const DEFAULT_RULES = {
  context_is_admin: 'role:admin',
  admin_or_owner: 'is_admin:True or project_id:%(project_id)s',
  admin_api: 'is_admin:True',
  'os_compute_api:os-networks': ADMIN,
  'os_compute_api:os-networks:view': OWNER,
  'os_compute_api:os-networks-associate': ADMIN,
  // nova let every member of a project make networks, and delete those of others.
  'os_compute_api:os-tenant-networks': OWNER,
  'os_compute_api:os-tenant-networks:write': ADMIN,
  'os_compute_api:os-floating-ips': OWNER,
  'os_compute_api:os-floating-ip-pools': OWNER,
  'os_compute_api:os-floating-ips-bulk': ADMIN,
  'os_compute_api:os-floating-ip-dns': OWNER,
  'os_compute_api:os-floating-ip-dns:domain:update': ADMIN,
  'os_compute_api:os-floating-ip-dns:domain:delete': ADMIN,
  'os_compute_api:os-fixed-ips': ADMIN,
  'os_compute_api:os-security-groups': OWNER,
  'os_compute_api:os-security-group-default-rules': ADMIN,
  'os_compute_api:os-virtual-interfaces': OWNER,
  'os_compute_api:os-multinic': OWNER,
  'os_compute_api:os-cloudpipe': ADMIN,
  'os_compute_api:os-hosts': ADMIN,
  'os_compute_api:os-services': ADMIN,
  'os_compute_api:servers:index': OWNER,
  'os_compute_api:servers:show': OWNER,
  'os_compute_api:limits': OWNER,
  'os_compute_api:os-used-limits': ADMIN,
  'os_compute_api:os-quota-sets:show': OWNER,
  'os_compute_api:os-quota-sets:defaults': '@',
  'os_compute_api:os-quota-sets:update': ADMIN,
  'os_compute_api:os-quota-sets:delete': ADMIN,
  'os_compute_api:os-quota-sets:detail': ADMIN,
  'os_compute_api:os-quota-class-sets:show': ADMIN,
  'os_compute_api:os-quota-class-sets:update': ADMIN,
  'os_compute_api:extensions': '@',
  'os_compute_api:os-novanet-networks': ADMIN,
  'os_compute_api:os-novanet-doctor': ADMIN,
  'os_compute_api:os-novanet-fixed-ips': ADMIN,
  'os_compute_api:os-novanet-hosts': ADMIN,
  'os_compute_api:os-novanet-pools': ADMIN,
  'novanet:instances': ADMIN,
  'novanet:networks': ADMIN,
} as const;

/** What a route may ask for. */
export type RuleName = keyof typeof DEFAULT_RULES;
