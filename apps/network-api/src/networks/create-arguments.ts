import { Ipv4Cidr } from '@novanet/net-address';

/** How much of a range becomes networks. */
interface RangeWish {
  readonly cidr?: string | null;
  readonly num_networks?: number | string | null;
  readonly network_size?: number | string | null;
}

/**
 * The arguments of `create_networks`: one network that fills the range, as nova-api sends them, unless told. nova: an
 * IPv6 range has no size of its own here, the network becomes its first /64.
 */
export function createNetworksArguments(network: RangeWish): Record<string, unknown> {
  const given = Object.entries(network).filter(([, value]) => value !== null && value !== undefined);
  const cidr = network.cidr && !network.num_networks ? Ipv4Cidr.parse(network.cidr) : undefined;
  return { num_networks: 1, ...(cidr && { network_size: Number(cidr.size) }), ...Object.fromEntries(given) };
}
