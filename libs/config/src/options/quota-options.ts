import { option } from '../option.js';
import { boolean, quota } from '../option-types.js';

/** How much a project may hold, unless it has limits of its own. */
export const quotaOptions = {
  quotaFixedIps: option('quota_fixed_ips', quota, '-1', 'Fixed IPs a project may hold; -1: any number.'),
  quotaFloatingIps: option(
    'quota_floating_ips',
    quota,
    '10',
    'Floating IPs a project may hold; -1: any number.',
  ),
  quotaSecurityGroups: option(
    'quota_security_groups',
    quota,
    '10',
    'Security groups a project may have, its group "default" among them; -1: any number.',
  ),
  quotaSecurityGroupRules: option(
    'quota_security_group_rules',
    quota,
    '20',
    'Rules a security group may have; -1: any number.',
  ),
  enableNetworkQuota: option(
    'enable_network_quota',
    boolean,
    'false',
    'Networks that projects create for themselves are counted against quota_networks.',
  ),
  quotaNetworks: option(
    'quota_networks',
    quota,
    '3',
    'Networks a project may create for itself; -1: any number.',
  ),
};
