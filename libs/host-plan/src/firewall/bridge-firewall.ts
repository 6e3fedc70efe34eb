import { Ipv6, type DeviceName } from '@novanet/net-address';
import { memberOf } from '../bridges/bridge-members.js';
import type { NetworkIntent } from '../host-intent.js';
import type { FirewallPlan } from '../host-plan.js';
import { chain } from './chain.js';

/** What must not cross the interface of a bridge. Nothing of the kind: no rules. */
export function planBridgeRules(networks: readonly NetworkIntent[]): FirewallPlan {
  const shared = networks.flatMap((network) => {
    const port = memberOf(network);
    return network.sharesAddress && port !== undefined ? [{ network, port }] : [];
  });
  if (shared.length === 0) return { tables: [] };
  const ports = [...new Set(shared.map(({ port }) => port))];
  return {
    tables: [
      {
        name: 'filter',
        chains: [
          chain(
            'nova-network-FORWARD',
            ports.flatMap((port) => [...refusals('-i', port), ...refusals('-o', port)]),
          ),
          chain(
            'nova-network-INPUT',
            shared.flatMap(({ network, port }) => unasked(port, network)),
          ),
          chain(
            'nova-network-OUTPUT',
            shared.flatMap(({ network, port }) => untold(port, network)),
          ),
        ],
        sharedChains: [],
        jumps: [
          { from: 'INPUT', to: 'nova-network-INPUT', position: 'first' },
          { from: 'FORWARD', to: 'nova-network-FORWARD', position: 'first' },
          { from: 'OUTPUT', to: 'nova-network-OUTPUT', position: 'first' },
        ],
      },
    ],
  };
}

/** Each host serves its own instances: what they ask, and what it answers, stays on it; IPv6 as well (nova: IPv4 alone). */
function refusals(way: '-i' | '-o', port: DeviceName): string[] {
  return [
    `-p IPv4 ${way} ${port} --ip-proto udp --ip-dport 67:68 -j DROP`,
    `-p IPv6 ${way} ${port} --ip6-proto udp --ip6-dport 546:547 -j DROP`,
    `-p IPv6 ${way} ${port} --ip6-proto ipv6-icmp --ip6-icmp-type router-solicitation -j DROP`,
    `-p IPv6 ${way} ${port} --ip6-proto ipv6-icmp --ip6-icmp-type router-advertisement -j DROP`,
  ];
}

/** Every host has these addresses: no other host hears who asks for them. */
function unasked(port: DeviceName, { v4, v6 }: NetworkIntent): string[] {
  return [
    ...(v4 ? [`-p ARP -i ${port} --arp-ip-dst ${v4.dhcpServer.toString()} -j DROP`] : []),
    ...(v6?.gateway ? [`-p IPv6 -i ${port} --ip6-dst ${solicitedNode(v6.gateway).toString()} -j DROP`] : []),
  ];
}

/** And no other host is told of them. */
function untold(port: DeviceName, { v4, v6 }: NetworkIntent): string[] {
  const advertisement = '--ip6-proto ipv6-icmp --ip6-icmp-type neighbour-advertisement';
  return [
    ...(v4 ? [`-p ARP -o ${port} --arp-ip-src ${v4.dhcpServer.toString()} -j DROP`] : []),
    ...(v6?.gateway
      ? [`-p IPv6 -o ${port} --ip6-src ${v6.gateway.toString()} ${advertisement} -j DROP`]
      : []),
  ];
}

/** Where those ask who look for the address (RFC 4291, section 2.7.1). */
function solicitedNode({ value }: Ipv6): Ipv6 {
  return Ipv6.parse('ff02::1:ff00:0').plus(value & 0xff_ffffn);
}
