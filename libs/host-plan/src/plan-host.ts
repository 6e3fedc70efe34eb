import { Ipv4, parseDeviceName } from '@novanet/net-address';
import type { HostIntent } from './host-intent.js';
import type { AddressPlan, HostPlan, SysctlPlan } from './host-plan.js';
import { bridgeProblems, planBridges } from './bridges/plan-bridges.js';
import { planDhcpServers } from './dhcp/plan-dhcp-servers.js';
import { planFirewall } from './firewall/plan-firewall.js';

const FORWARDING: SysctlPlan = { key: 'net.ipv4.ip_forward', value: '1' };

/** Makes the metadata address local, so that the kernel answers ARP for it and its own processes can use it. */
const METADATA_ADDRESS: AddressPlan = {
  device: parseDeviceName('lo'),
  address: Ipv4.parse('169.254.169.254'),
  prefixLength: 32,
  scope: 'link',
};

/** What this host's kernel and DHCP servers should look like. Pure, and independent of the order of the networks. */
export function planHost(intent: HostIntent): HostPlan {
  const { settings } = intent;
  const networks = [...intent.networks].sort((a, b) => a.id - b.id);
  return {
    sysctls: networks.length > 0 ? [FORWARDING] : [],
    bridges: planBridges(networks),
    addresses: [METADATA_ADDRESS],
    firewall: planFirewall(settings, networks),
    networksPath: settings.networksPath,
    dhcpServers: planDhcpServers(settings, networks),
    problems: bridgeProblems(networks),
  };
}
