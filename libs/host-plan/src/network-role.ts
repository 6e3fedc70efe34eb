import type { Ipv4 } from '@novanet/net-address';
import type { HostSettings, Ipv4Intent, Ipv6Intent, NetworkIntent } from './host-intent.js';

/** A network with an IPv4 side. */
export type Ipv4Network = NetworkIntent & { readonly v4: Ipv4Intent };

/** A network with an IPv6 side that this host serves. */
export type Ipv6Network = NetworkIntent & { readonly v6: Ipv6Intent };

/** The network as it is here: on another interface, maybe, than on the host where it was created. */
export function onThisHost(settings: HostSettings, network: NetworkIntent): NetworkIntent {
  const own = network.vlan === undefined ? settings.flatInterface : settings.vlanInterface;
  return {
    ...network,
    bridgeInterface: own ?? network.bridgeInterface,
    v6: settings.usesIpv6 || !network.v4 ? network.v6 : undefined,
  };
}

export function hasIpv4(network: NetworkIntent): network is Ipv4Network {
  return network.v4 !== undefined;
}

export function hasIpv6(network: NetworkIntent): network is Ipv6Network {
  return network.v6 !== undefined;
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
