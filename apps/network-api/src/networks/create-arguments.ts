import { Ipv4Cidr } from '@novanet/net-address';
import type { CreateNetworkDto } from './create-network.dto.js';

/**
 * The arguments of `create_networks` for one network that fills the range, as nova-api sends them. nova: an IPv6 range
 * has no size of its own here, the network becomes its first /64.
 */
export function createNetworksArguments(network: CreateNetworkDto): Record<string, unknown> {
  const given = Object.entries(network).filter(([, value]) => value !== null && value !== undefined);
  const cidr = network.cidr ? Ipv4Cidr.parse(network.cidr) : undefined;
  return {
    ...Object.fromEntries(given),
    num_networks: 1,
    ...(cidr && { network_size: Number(cidr.size) }),
  };
}
