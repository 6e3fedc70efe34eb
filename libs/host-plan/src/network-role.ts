import type { Ipv4 } from '@novanet/net-address';
import type { NetworkIntent } from './host-intent.js';

/**
 * The address instances are told to use as their router; undefined on an isolated network.
 * In a multi-host network whose hosts have an address each, every instance's router is its own host.
 */
export function routerOf(network: NetworkIntent): Ipv4 | undefined {
  if (!network.gateway) return undefined;
  return network.isMultiHost && !network.sharesAddress ? network.dhcpServer : network.gateway;
}

/**
 * Whether somebody else routes for this network. nova compared the DHCP server with the gateway instead, and left
 * multi-host networks that were first set up on a running worker without SNAT.
 */
export function hasExternalGateway(network: NetworkIntent): boolean {
  const router = routerOf(network);
  return router !== undefined && !router.equals(network.dhcpServer);
}
