import type { HostSettings, NetworkIntent } from '../host-intent.js';
import type { Ipv4Network } from '../network-role.js';
import { from, rule, toPort } from './rule.js';

/**
 * Who may forward IPv4 over the bridge: everybody, or the listed interfaces, or nobody (an isolated network, or one
 * without IPv4).
 */
export function forwarding(settings: HostSettings, network: NetworkIntent): string[] {
  const { bridge } = network;
  const refusal = refusalTarget(settings.dropAction);
  const refusals = [`-i ${bridge} ${refusal}`, `-o ${bridge} ${refusal}`];
  if (!network.v4?.gateway) return refusals;
  const partners = settings.forwardBridgeInterfaces;
  if (!partners) return [`-i ${bridge} -j ACCEPT`, `-o ${bridge} -j ACCEPT`];
  return [
    ...partners.flatMap((partner) => [
      `-i ${bridge} -o ${partner} -j ACCEPT`,
      `-i ${partner} -o ${bridge} -j ACCEPT`,
    ]),
    `-i ${bridge} -o ${bridge} -j ACCEPT`,
    ...refusals,
  ];
}

/** The kernel lists REJECT with the answer it sends. */
function refusalTarget(dropAction: string): string {
  return dropAction === 'REJECT' ? '-j REJECT --reject-with icmp-port-unreachable' : `-j ${dropAction}`;
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
