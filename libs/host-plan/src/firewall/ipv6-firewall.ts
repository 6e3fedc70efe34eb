import type { HostSettings, NetworkIntent } from '../host-intent.js';
import type { FirewallPlan, FirewallTablePlan } from '../host-plan.js';
import { hasIpv6, type Ipv6Network } from '../network-role.js';
import { chain, FILTER_JUMPS } from './chain.js';
import { forwardingOver } from './filter-rules.js';
import { metadataAccepts6, metadataRedirect6 } from './metadata-rules.js';

/** What hosts and routers of a link say to each other, never forwarded: the hop limit proves where it is from (RFC 4861). */
const NEIGHBOUR_DISCOVERY = [133, 135, 136];

/** The same for IPv6, which nova forwards only where the operator lets everything through. No such network: no rules. */
export function planIpv6Rules(settings: HostSettings, networks: readonly NetworkIntent[]): FirewallPlan {
  const served = networks.filter(hasIpv6);
  if (served.length === 0) return { tables: [] };
  return {
    tables: [
      {
        name: 'filter',
        chains: [
          chain(
            'nova-network-FORWARD',
            served.flatMap(({ bridge, v6 }) =>
              forwardingOver(bridge, v6.gateway !== undefined, settings, 'icmp6-port-unreachable'),
            ),
          ),
          chain('nova-network-INPUT', [
            ...served.flatMap(linkAccepts),
            ...metadataAccepts6(settings, served),
          ]),
          chain('nova-network-OUTPUT', []),
          chain('nova-network-local', []),
        ],
        sharedChains: ['nova-filter-top'],
        jumps: FILTER_JUMPS,
      },
      ...natTables(settings, served),
    ],
  };
}

/** Instances have addresses of their own everywhere: only the way to their metadata is another. */
function natTables(settings: HostSettings, served: readonly Ipv6Network[]): FirewallTablePlan[] {
  const redirects = metadataRedirect6(settings, served);
  if (redirects.length === 0) return [];
  return [
    {
      name: 'nat',
      chains: [chain('nova-network-PREROUTING', redirects)],
      sharedChains: [],
      jumps: [{ from: 'PREROUTING', to: 'nova-network-PREROUTING', position: 'first' }],
    },
  ];
}

/** Instances look for their router, and for each other's MACs. */
function linkAccepts({ bridge }: Ipv6Network): string[] {
  return NEIGHBOUR_DISCOVERY.map(
    (type) => `-i ${bridge} -p ipv6-icmp -m icmp6 --icmpv6-type ${type} -m hl --hl-eq 255 -j ACCEPT`,
  );
}
