import type { Ipv4 } from '@novanet/net-address';
import type { Ipv4Intent, NetworkIntent } from './host-intent.js';

/** A network with an IPv4 side. */
export type Ipv4Network = NetworkIntent & { readonly v4: Ipv4Intent };

export function hasIpv4(network: NetworkIntent): network is Ipv4Network {
  return network.v4 !== undefined;
}

/** The networks whose instances this host serves by DHCP. */
export function dhcpNetworks(networks: readonly NetworkIntent[]): Ipv4Network[] {
  return networks.filter(hasIpv4).filter((network) => network.enableDhcp);
}

/**
 * The address instances are told to use as their router; undefined on an isolated network.
 * In a multi-host network whose hosts have an address each, every instance's router is its own host.
 */
export function routerOf({ v4, isMultiHost, sharesAddress }: Ipv4Network): Ipv4 | undefined {
  if (!v4.gateway) return undefined;
  return isMultiHost && !sharesAddress ? v4.dhcpServer : v4.gateway;
}

/**
 * Whether somebody else routes for this network. nova compared the DHCP server with the gateway instead, and left
 * multi-host networks that were first set up on a running worker without SNAT.
 */
export function hasExternalGateway(network: Ipv4Network): boolean {
  const router = routerOf(network);
  return router !== undefined && !router.equals(network.v4.dhcpServer);
}
