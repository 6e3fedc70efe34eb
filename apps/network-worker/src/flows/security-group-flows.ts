import {
  CloudRules,
  ForgetInstance,
  RefreshSecurityGroups,
  RegisterInstance,
  SecurityGroups,
} from '@novanet/network-managers';
import type { FlowParts } from './flow-parts.js';

/** The flows about security groups and who is in them. */
export function securityGroupFlows({
  settings,
  ipam,
  computeHosts,
  log,
}: Pick<FlowParts, 'settings' | 'ipam' | 'computeHosts' | 'log'>) {
  const { instances, securityGroups: book } = ipam;
  const refresh = new RefreshSecurityGroups(book, computeHosts, (err, host) => {
    log.warn({ host, err }, 'host was not told of changed security groups');
  });
  const forget = new ForgetInstance(instances, refresh);
  const groups = new SecurityGroups(book, instances, refresh, {
    groups: settings.quotaSecurityGroups,
    rulesOfGroup: settings.quotaSecurityGroupRules,
  });
  const register = new RegisterInstance(instances, book, refresh);
  return { refresh, forget, provided: [groups, new CloudRules(book, refresh), register, forget] };
}
