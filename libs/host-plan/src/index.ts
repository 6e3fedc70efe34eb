// Pure: the desired state of one host from its intent rows. The only place where a rule string is written.
export type * from './host-intent.js';
export type * from './host-plan.js';
export { renderLeases } from './dhcp/plan-dhcp-servers.js';
export { withFilters } from './instance-filters/with-filters.js';
export { planHost } from './plan-host.js';
export { renderPlan } from './render-plan.js';
