import type { DeviceName } from '@novanet/net-address';
import type { HostSettings, NetworkIntent } from '../host-intent.js';
import type { FirewallPlan, FirewallTablePlan } from '../host-plan.js';
import type { PlacedFloatingIp } from '../floating-ips/plan-floating-ips.js';
import { dhcpNetworks, hasIpv4 } from '../network-role.js';
import { dhcpAccepts, dhcpChecksum, forwarding } from './filter-rules.js';
import { floatingRules, neighbourSources } from './floating-ip-rules.js';
import { metadataAccepts, metadataRedirect, tokenHopLimit } from './metadata-rules.js';
import { natExemptions, sourceNat } from './nat-rules.js';
import { vpnAccepts, vpnDestinations } from './vpn-rules.js';
import { chain, FILTER_JUMPS, looseChain } from './chain.js';

/**
 * nova's tables, chains and rules; docs/compatibility.md lists where we depart from them. A host that serves nothing has
 * none: one whose compute service alone is at work, say (FlatManager).
 */
export function planIpv4Rules(
  settings: HostSettings,
  networks: readonly NetworkIntent[],
  floatingIps: readonly PlacedFloatingIp[],
): FirewallPlan {
  if (networks.length === 0 && floatingIps.length === 0) return { tables: [] };
  const bridges = [...new Set(networks.filter(hasIpv4).map((network) => network.bridge))];
  return {
    tables: [
      mangleTable(settings, networks, bridges),
      filterTable(settings, networks, bridges),
      natTable(settings, networks, bridges, floatingIps),
    ],
  };
}

function mangleTable(
  settings: HostSettings,
  networks: readonly NetworkIntent[],
  bridges: readonly DeviceName[],
): FirewallTablePlan {
  return {
    name: 'mangle',
    chains: [
      chain('nova-network-POSTROUTING', [
        ...dhcpNetworks(networks).map(dhcpChecksum),
        ...tokenHopLimit(settings, bridges),
      ]),
    ],
    sharedChains: [],
    jumps: [{ from: 'POSTROUTING', to: 'nova-network-POSTROUTING', position: 'first' }],
  };
}

function filterTable(
  settings: HostSettings,
  networks: readonly NetworkIntent[],
  bridges: readonly DeviceName[],
): FirewallTablePlan {
  // On a bridge that networks with and without IPv4 share, the one without must not refuse for both.
  const withoutLast = [...networks.filter(hasIpv4), ...networks.filter((network) => !hasIpv4(network))];
  return {
    name: 'filter',
    chains: [
      chain('nova-network-FORWARD', [
        ...vpnAccepts(settings, networks),
        ...withoutLast.flatMap((network) => forwarding(settings, network)),
      ]),
      chain('nova-network-INPUT', [
        ...dhcpNetworks(networks).flatMap(dhcpAccepts),
        ...metadataAccepts(settings, bridges),
      ]),
      chain('nova-network-OUTPUT', []),
      chain('nova-network-local', []),
    ],
    sharedChains: ['nova-filter-top'],
    jumps: FILTER_JUMPS,
  };
}

function natTable(
  settings: HostSettings,
  networks: readonly NetworkIntent[],
  bridges: readonly DeviceName[],
  floatingIps: readonly PlacedFloatingIp[],
): FirewallTablePlan {
  const served = dhcpNetworks(networks);
  const vpns = vpnDestinations(settings, networks);
  const floating = floatingRules(floatingIps);
  const destinations = floating.map((rules) => rules.destinations);
  return {
    name: 'nat',
    chains: [
      looseChain('nova-network-OUTPUT', vpns, destinations),
      looseChain(
        'nova-network-POSTROUTING',
        served.flatMap((network) => natExemptions(settings, network)),
        floating.map(({ reflections }) => reflections),
      ),
      looseChain('nova-network-PREROUTING', [...metadataRedirect(settings, bridges), ...vpns], destinations),
      looseChain(
        'nova-network-float-snat',
        [],
        floating.map(({ sources }) => sources),
      ),
      chain('nova-network-snat', [
        '-j nova-network-float-snat',
        ...neighbourSources(settings, networks, floatingIps),
        ...served.flatMap((network) => sourceNat(settings, network)),
      ]),
    ],
    sharedChains: ['nova-postrouting-bottom'],
    jumps: [
      { from: 'PREROUTING', to: 'nova-network-PREROUTING', position: 'first' },
      { from: 'OUTPUT', to: 'nova-network-OUTPUT', position: 'first' },
      { from: 'POSTROUTING', to: 'nova-network-POSTROUTING', position: 'first' },
      { from: 'POSTROUTING', to: 'nova-postrouting-bottom', position: 'last' },
      { from: 'nova-postrouting-bottom', to: 'nova-network-snat', position: 'first' },
    ],
  };
}
