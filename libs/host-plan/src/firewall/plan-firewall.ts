import type { PlacedFloatingIp } from '../floating-ips/plan-floating-ips.js';
import type { HostSettings, NetworkIntent } from '../host-intent.js';
import type { FirewallPlan, HostPlan } from '../host-plan.js';
import { planBridgeRules } from './bridge-firewall.js';
import { planIpv4Rules } from './ipv4-firewall.js';
import { planIpv6Rules } from './ipv6-firewall.js';

/** The rules of all families. */
export function planFirewall(
  settings: HostSettings,
  networks: readonly NetworkIntent[],
  floatingIps: readonly PlacedFloatingIp[],
): HostPlan['firewall'] {
  const foreign = foreignRules(settings);
  return {
    ipv4: { ...planIpv4Rules(settings, networks, floatingIps), ...foreign },
    ipv6: { ...planIpv6Rules(settings, networks), ...foreign },
    bridge: planBridgeRules(settings, networks, floatingIps),
  };
}

function foreignRules({ rulesBefore, rulesBehind }: HostSettings): Pick<FirewallPlan, 'foreign'> {
  if (!rulesBefore && !rulesBehind) return {};
  return {
    foreign: { ...(rulesBefore && { before: rulesBefore }), ...(rulesBehind && { behind: rulesBehind }) },
  };
}
