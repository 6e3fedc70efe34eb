import type { DeviceName } from '@novanet/net-address';
import type { HostSettings, NetworkIntent } from '../host-intent.js';
import type { Ipv4Network } from '../network-role.js';
import { metadataForwards } from './metadata-rules.js';
import { from, rule, toPort } from './rule.js';

/**
 * Who may forward IPv4 over the bridge: everybody, or the listed interfaces, or nobody (an isolated network, or one
 * without IPv4).
 */
export function forwarding(settings: HostSettings, { bridge, v4 }: NetworkIntent): string[] {
  const hasRouter = v4?.gateway !== undefined;
  const isOpen = hasRouter && settings.forwardBridgeInterfaces === undefined;
  return [
    ...(v4 && !isOpen ? metadataForwards(settings, bridge) : []),
    ...forwardingOver(bridge, hasRouter, settings, 'icmp-port-unreachable'),
  ];
}

/** @param rejection what the kernel's REJECT answers in this family */
export function forwardingOver(
  bridge: DeviceName,
  hasRouter: boolean,
  settings: HostSettings,
  rejection: string,
): string[] {
  const refusal = refusalTarget(settings.dropAction, rejection);
  const refusals = [`-i ${bridge} ${refusal}`, `-o ${bridge} ${refusal}`];
  const inside = `-i ${bridge} -o ${bridge} -j ACCEPT`;
  // where bridged packets pass through iptables, those between instances do, too
  if (!hasRouter) return [inside, ...refusals];
  const partners = settings.forwardBridgeInterfaces;
  if (!partners) return [`-i ${bridge} -j ACCEPT`, `-o ${bridge} -j ACCEPT`];
  return [
    ...partners.flatMap((partner) => [
      `-i ${bridge} -o ${partner} -j ACCEPT`,
      `-i ${partner} -o ${bridge} -j ACCEPT`,
    ]),
    inside,
    ...refusals,
  ];
}

/** The kernel lists REJECT with the answer it sends. */
function refusalTarget(dropAction: string, rejection: string): string {
  return dropAction === 'REJECT' ? `-j REJECT --reject-with ${rejection}` : `-j ${dropAction}`;
}

/**
 * Lets instances reach this host's dnsmasq. A DHCP client has no address yet, so its requests match from anywhere; DNS
 * answers only the network itself. nova also opened TCP 67, which DHCP does not use, and DNS to every source.
 */
export function dhcpAccepts({ bridge, v4 }: Ipv4Network): string[] {
  return [
    rule(`-i ${bridge}`, toPort('udp', 67), '-j ACCEPT'),
    rule(from(v4.cidr), `-i ${bridge}`, toPort('udp', 53), '-j ACCEPT'),
    rule(from(v4.cidr), `-i ${bridge}`, toPort('tcp', 53), '-j ACCEPT'),
  ];
}

/** Fills the checksum that offloading leaves empty: old DHCP clients on virtio refuse the answer otherwise. */
export function dhcpChecksum({ bridge }: Ipv4Network): string {
  return rule(`-o ${bridge}`, toPort('udp', 68), '-j CHECKSUM --checksum-fill');
}
