import { networkDict, type NetworkDict } from '@novanet/contracts';
import type { Network, SubnetUsage } from '@novanet/ipam';

/** A network as administrators are shown it: nova's row, with the uuid as its id. */
type FullNetworkView = Omit<NetworkDict, 'id' | 'uuid'> & { readonly id: string };

/** What everybody is shown of it. */
type PublicNetworkView = Pick<
  FullNetworkView,
  | 'id'
  | 'label'
  | 'cidr'
  | 'netmask'
  | 'gateway'
  | 'broadcast'
  | 'dns1'
  | 'dns2'
  | 'cidr_v6'
  | 'gateway_v6'
  | 'netmask_v6'
>;

export type NetworkView = FullNetworkView | PublicNetworkView;

export function networkView(network: Network, viewer: { readonly isAdmin: boolean }): NetworkView {
  const { uuid, ...row } = networkDict(network);
  const full = { ...row, id: uuid };
  if (viewer.isAdmin) return full;
  const { id, label, cidr, netmask, gateway, broadcast, dns1, dns2, cidr_v6, gateway_v6, netmask_v6 } = full;
  return { id, label, cidr, netmask, gateway, broadcast, dns1, dns2, cidr_v6, gateway_v6, netmask_v6 };
}

export type SubnetUsageView = Omit<SubnetUsage, 'subnet'> & {
  readonly cidr: string;
  readonly version: number;
};

export function subnetUsageView({ subnet, ...counts }: SubnetUsage): SubnetUsageView {
  return { cidr: subnet.cidr.toString(), version: subnet.version, ...counts };
}
