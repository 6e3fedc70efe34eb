import { type Cidr, type IpAddress, Ipv4Cidr, Ipv6Cidr } from '@novanet/net-address';
import type { GuestNetworkOptions, GuestNic, GuestRoute, GuestSubnet, GuestVif } from './guest-nics.js';
import { guestNics } from './guest-nics.js';

/** OpenStack's network_data.json: how an instance is to configure its NICs, whatever its system is. */
export interface NetworkData {
  readonly links: readonly NetworkDataLink[];
  readonly networks: readonly (StaticNetwork | ServedNetwork)[];
  readonly services: readonly NetworkDataService[];
}

interface NetworkDataLink {
  readonly id: string;
  readonly vif_id: string;
  /** nova: how the host connects the NIC. */
  readonly type: 'bridge';
  readonly mtu: number | null;
  readonly ethernet_mac_address: string;
}

interface NetworkPlace {
  readonly id: string;
  readonly link: string;
  readonly network_id: string;
}

interface ServedNetwork extends NetworkPlace {
  readonly type: 'ipv4_dhcp' | 'ipv6_slaac';
}

interface StaticNetwork extends NetworkPlace {
  readonly type: 'ipv4' | 'ipv6';
  readonly ip_address: string;
  readonly netmask: string;
  readonly routes: readonly NetworkDataRoute[];
  readonly services: readonly NetworkDataService[];
}

interface NetworkDataRoute {
  readonly network: string;
  readonly netmask: string;
  readonly gateway: string;
}

interface NetworkDataService {
  readonly type: 'dns';
  readonly address: string;
}

/**
 * The document for these NICs. Where the network service runs DHCP or advertises itself as a router, the instance is told
 * to listen (nova would have it ask a DHCPv6 server that nobody runs); a NIC's further addresses, which DHCP does not
 * give, are named. Elsewhere all of it is.
 */
export function networkData(networkInfo: readonly GuestVif[], options: GuestNetworkOptions): NetworkData {
  const nics = guestNics(networkInfo, options).filter(({ subnets }) => subnets.length > 0);
  const parts = nics.flatMap((nic) => nic.subnets.flatMap((subnet) => networksOf(nic, subnet)));
  const nameServers = nics.flatMap(({ subnets }) => subnets.flatMap((subnet) => subnet.nameServers));
  const services = new Map(nameServers.map((server) => [server.toString(), serviceOf(server)]));
  return {
    links: nics.map((nic) => ({
      id: linkOf(nic),
      vif_id: nic.vifId,
      type: 'bridge',
      mtu: nic.mtu ?? null,
      ethernet_mac_address: nic.mac.toString(),
    })),
    networks: parts.map((part, index) => ({ id: `network${index}`, ...part })),
    services: [...services.values()],
  };
}

function linkOf({ number }: GuestNic): string {
  return `interface${number}`;
}

function networksOf(
  nic: GuestNic,
  { cidr, isServed, addresses, nameServers, ...subnet }: GuestSubnet,
): (Omit<StaticNetwork, 'id'> | Omit<ServedNetwork, 'id'>)[] {
  const place = { link: linkOf(nic), network_id: nic.networkId };
  const isIpv4 = cidr.version === 4;
  const named = addresses.slice(isServed ? 1 : 0).map((address, index) => {
    const isFirst = index === 0 && !isServed;
    return {
      type: isIpv4 ? ('ipv4' as const) : ('ipv6' as const),
      link: place.link,
      ip_address: address.toString(),
      netmask: cidr.netmask.toString(),
      routes: isFirst ? routesOf(cidr, subnet) : [],
      network_id: place.network_id,
      services: isFirst ? nameServers.map(serviceOf) : [],
    };
  });
  return isServed ? [{ type: isIpv4 ? 'ipv4_dhcp' : 'ipv6_slaac', ...place }, ...named] : named;
}

function routesOf(
  cidr: Cidr,
  { gateway, routes }: Pick<GuestSubnet, 'gateway' | 'routes'>,
): NetworkDataRoute[] {
  const everywhere = cidr.version === 4 ? Ipv4Cidr.parse('0.0.0.0/0') : Ipv6Cidr.parse('::/0');
  const all: readonly GuestRoute[] = gateway ? [{ to: everywhere, via: gateway }, ...routes] : routes;
  return all.map(({ to, via }) => ({
    network: to.first.toString(),
    netmask: to.netmask.toString(),
    gateway: via.toString(),
  }));
}

function serviceOf(server: IpAddress): NetworkDataService {
  return { type: 'dns', address: server.toString() };
}
