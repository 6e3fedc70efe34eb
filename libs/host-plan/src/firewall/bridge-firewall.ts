import { Ipv6, type DeviceName } from '@novanet/net-address';
import { memberOf } from '../bridges/bridge-members.js';
import type { PlacedFloatingIp } from '../floating-ips/plan-floating-ips.js';
import type { HostSettings, NetworkIntent } from '../host-intent.js';
import type { FirewallPlan, FirewallTablePlan } from '../host-plan.js';
import { METADATA_IPV6 } from '../metadata-place.js';
import { planRedirects } from './bridge-redirects.js';
import { chain } from './chain.js';

const ROUTER_ADVERTISEMENT = '--ip6-proto ipv6-icmp --ip6-icmp-type router-advertisement';

/** A network that several hosts serve, and the interface over which they hear each other. */
interface SharedSegment {
  readonly network: NetworkIntent;
  readonly port: DeviceName;
}

/** What becomes of frames on the bridges. Nothing special: no rules. */
export function planBridgeRules(
  settings: HostSettings,
  networks: readonly NetworkIntent[],
  floatingIps: readonly PlacedFloatingIp[],
): FirewallPlan {
  return { tables: [...planRefusals(networks), ...planRedirects(settings, networks, floatingIps)] };
}

/** What must not cross the interface of a bridge. */
function planRefusals(networks: readonly NetworkIntent[]): FirewallTablePlan[] {
  const segments = networks.filter(isServedElsewhere).flatMap((network) => {
    const port = memberOf(network);
    return port === undefined ? [] : [{ network, port }];
  });
  if (segments.length === 0) return [];
  return [
    {
      name: 'filter',
      chains: [
        chain('nova-network-FORWARD', [
          ...segments.filter(({ network }) => network.sharesAddress).flatMap(dhcpRefusals),
          ...segments.flatMap(routerRefusals),
        ]),
        chain('nova-network-INPUT', segments.flatMap(unasked)),
        chain('nova-network-OUTPUT', segments.flatMap(untold)),
      ],
      sharedChains: [],
      jumps: [
        { from: 'INPUT', to: 'nova-network-INPUT', position: 'first' },
        { from: 'FORWARD', to: 'nova-network-FORWARD', position: 'first' },
        { from: 'OUTPUT', to: 'nova-network-OUTPUT', position: 'first' },
      ],
    },
  ];
}

/** Over IPv6 all hosts of a multi-host network have the same address and advertise themselves, whatever they do over IPv4. */
function isServedElsewhere({ sharesAddress, isMultiHost, v6 }: NetworkIntent): boolean {
  return sharesAddress || (isMultiHost && v6 !== undefined);
}

/** Each host serves its own instances: what they ask, and what it answers, stays on it. */
function dhcpRefusals({ port }: SharedSegment): string[] {
  return ['-i', '-o'].flatMap((way) => [
    `-p IPv4 ${way} ${port} --ip-proto udp --ip-dport 67:68 -j DROP`,
    `-p IPv6 ${way} ${port} --ip6-proto udp --ip6-dport 546:547 -j DROP`,
  ]);
}

/** The same for routers (nova: for DHCP over IPv4 alone). */
function routerRefusals({ port }: SharedSegment): string[] {
  return ['-i', '-o'].flatMap((way) => [
    `-p IPv6 ${way} ${port} --ip6-proto ipv6-icmp --ip6-icmp-type router-solicitation -j DROP`,
    `-p IPv6 ${way} ${port} ${ROUTER_ADVERTISEMENT} -j DROP`,
  ]);
}

/** Every host has these addresses: no other host hears who asks for them. */
function unasked({ port, network }: SharedSegment): string[] {
  const { v4, sharesAddress } = network;
  return [
    ...(v4 && sharesAddress ? [`-p ARP -i ${port} --arp-ip-dst ${v4.dhcpServer.toString()} -j DROP`] : []),
    ...sharedIpv6(network).map(
      (address) => `-p IPv6 -i ${port} --ip6-dst ${solicitedNode(address).toString()} -j DROP`,
    ),
  ];
}

/** And no other host is told of them, nor of this router. */
function untold({ port, network }: SharedSegment): string[] {
  const { v4, v6, sharesAddress } = network;
  const ofNeighbour = '--ip6-proto ipv6-icmp --ip6-icmp-type neighbour-advertisement';
  return [
    ...(v4 && sharesAddress ? [`-p ARP -o ${port} --arp-ip-src ${v4.dhcpServer.toString()} -j DROP`] : []),
    ...sharedIpv6(network).map(
      (address) => `-p IPv6 -o ${port} --ip6-src ${address.toString()} ${ofNeighbour} -j DROP`,
    ),
    ...(v6 ? [`-p IPv6 -o ${port} ${ROUTER_ADVERTISEMENT} -j DROP`] : []),
  ];
}

/** Those that each host of the network has, if it is one for metadata. */
function sharedIpv6({ v6 }: NetworkIntent): Ipv6[] {
  if (!v6) return [];
  return v6.gateway ? [v6.gateway, METADATA_IPV6] : [METADATA_IPV6];
}

/** Where those ask who look for the address (RFC 4291, section 2.7.1). */
function solicitedNode({ value }: Ipv6): Ipv6 {
  return Ipv6.parse('ff02::1:ff00:0').plus(value & 0xff_ffffn);
}
