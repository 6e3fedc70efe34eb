import { subnetOf, type Network } from '@novanet/ipam';

/** A network as os-tenant-networks shows it. */
export interface TenantNetworkView {
  readonly id: string;
  /** nova: the text "None" for a network of IPv6 alone. */
  readonly cidr: string | null;
  readonly label: string;
}

export function tenantNetworkView(network: Network): TenantNetworkView {
  const cidr = subnetOf(network, 4)?.cidr.toString() ?? null;
  return { id: network.uuid, cidr, label: network.label };
}
