import type { DeviceName } from '@novanet/net-address';
import type { HostIntent, HostSettings, NetworkIntent } from '../host-intent.js';
import type { BridgePlan, SysctlPlan } from '../host-plan.js';
import { hasIpv4, hasIpv6 } from '../network-role.js';

const IPV4_FORWARDING: SysctlPlan = { key: 'net.ipv4.ip_forward', value: '1', isVital: true };

/** What instances of one bridge send each other passes through iptables as well. */
const BRIDGED_PACKETS: readonly SysctlPlan[] = ['iptables', 'ip6tables'].map((program) => ({
  key: `net.bridge.bridge-nf-call-${program}`,
  value: '1',
  module: 'br_netfilter',
  isVital: true,
}));

/** What forwarding needs, and what keeps instances from configuring the host. In the order in which it is set. */
export function planSysctls(
  { settings, networks, filters }: Pick<HostIntent, 'settings' | 'networks' | 'filters'>,
  bridges: readonly BridgePlan[],
): SysctlPlan[] {
  const uplink = uplinkOf(settings, bridges);
  return [
    ...(networks.some(hasIpv4) ? [IPV4_FORWARDING] : []),
    ...(filters && filters.instances.length > 0 ? BRIDGED_PACKETS : []),
    ...ipv6Forwarding(networks, uplink),
    ...bridges.filter(({ name }) => name !== uplink).flatMap(({ name }) => bridgeSysctls(name, networks)),
  ];
}

/** Where the host's own IPv6 comes from: a public interface that is in one of our bridges has given that its addresses. */
function uplinkOf({ publicInterface }: HostSettings, bridges: readonly BridgePlan[]): DeviceName | undefined {
  const over = bridges.find(({ member }) => member !== undefined && member === publicInterface);
  return over?.name ?? publicInterface;
}

/** nova left this to the operator. */
function ipv6Forwarding(networks: readonly NetworkIntent[], uplink: DeviceName | undefined): SysctlPlan[] {
  if (!networks.some(({ v6 }) => v6?.gateway)) return [];
  const forwarding = {
    key: 'net.ipv6.conf.all.forwarding',
    value: '1',
    isVital: !networks.some(hasIpv4),
  };
  if (uplink === undefined) return [forwarding];
  // A host that forwards heeds other routers only if told so, and forgets its default route at once: so this comes first.
  const heeding = {
    key: keyOf(uplink, 'accept_ra'),
    value: '2',
    device: uplink,
    replaces: '1',
    isVital: false,
  };
  return [heeding, forwarding];
}

/**
 * No instance makes itself the host's router. Nor can one stop the bridge's link-local address by claiming it, which
 * exists from the moment a port is up: without waiting, the first instance is answered at once.
 */
function bridgeSysctls(bridge: DeviceName, networks: readonly NetworkIntent[]): SysctlPlan[] {
  const hasRouter = networks.some((network) => network.bridge === bridge && hasIpv6(network));
  return ['accept_ra', ...(hasRouter ? ['accept_dad'] : [])].map((name) => ({
    key: keyOf(bridge, name),
    value: '0',
    device: bridge,
    isVital: false,
  }));
}

/** A dot in a device's name is a slash in a key. */
function keyOf(device: DeviceName, name: string): string {
  return `net.ipv6.conf.${device.replaceAll('.', '/')}.${name}`;
}
