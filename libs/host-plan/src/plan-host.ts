import { parseDeviceName } from '@novanet/net-address';
import type { HostIntent, HostSettings } from './host-intent.js';
import type { AddressPlan, HostPlan } from './host-plan.js';
import { planBridges } from './bridges/plan-bridges.js';
import { planDhcpServers } from './dhcp/plan-dhcp-servers.js';
import { planNames } from './dns/plan-names.js';
import { planFirewall } from './firewall/plan-firewall.js';
import { planFloatingIps } from './floating-ips/plan-floating-ips.js';
import { planFilters } from './instance-filters/plan-filters.js';
import { METADATA_IPV4 } from './metadata-place.js';
import { onThisHost } from './network-role.js';
import { planRouterAdvertisements } from './router-advertisements/plan-router-advertisements.js';
import { planSysctls } from './sysctls/plan-sysctls.js';

/** Makes the metadata address local, so that the kernel answers ARP for it and its own processes can use it. */
const METADATA_ADDRESS: AddressPlan = {
  device: parseDeviceName('lo'),
  address: METADATA_IPV4,
  prefixLength: 32,
  scope: 'link',
};

/** What this host's kernel, DHCP servers and router advertisements should look like. Pure, and independent of the order of what it is given. */
export function planHost(intent: HostIntent): HostPlan {
  const { settings } = intent;
  const networks = intent.networks
    .map((network) => onThisHost(settings, network))
    .sort((a, b) => a.id - b.id);
  const { bridges, vlans, problems: bridgeProblems } = planBridges(settings, networks);
  const { floatingIps, problems: floatingIpProblems } = planFloatingIps(intent, bridges);
  const { names, problems: nameProblems } = planNames(intent);
  const { routerAdvertisements, problems: ipv6Problems } = planRouterAdvertisements(
    settings,
    networks,
    bridges,
  );
  return {
    sysctls: planSysctls({ ...intent, networks }, bridges),
    vlans,
    bridges,
    addresses: [METADATA_ADDRESS],
    floatingIps: floatingIps.map(({ address, fixedAddress, device }) => ({ address, fixedAddress, device })),
    announcements: announcements(settings),
    firewall: planFirewall(settings, networks, floatingIps),
    filters: planFilters(intent),
    networksPath: settings.networksPath,
    dhcpServers: planDhcpServers(settings, networks),
    routerAdvertisements,
    names,
    problems: [...bridgeProblems, ...floatingIpProblems, ...nameProblems, ...ipv6Problems],
  };
}

/** nova announced nothing unless it was told to, so that an address that moved was lost until caches expired. */
function announcements({ sendArpForHa, sendArpForHaCount }: HostSettings): number {
  return sendArpForHa ? Math.max(1, sendArpForHaCount) : 1;
}
