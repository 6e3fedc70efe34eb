import type { Ipv6Backend, NetworkInfoTraits } from '@novanet/contracts';

/** nova's three network managers, by the name of their class. */
export type ManagerName = 'FlatManager' | 'FlatDHCPManager' | 'VlanManager';

/** What tells one kind of network manager from another. */
export interface ManagerTraits extends NetworkInfoTraits {
  readonly name: ManagerName;
  /** The argument without which a network cannot be created, after configured defaults. */
  readonly requiredArgument: 'bridge' | 'bridge_interface';
  /** Addresses at the bottom of a range that are never handed out: network, gateway, VPN server. */
  readonly reservedAtBottom: number;
  /** Addresses at its top: broadcast, VPN clients. */
  readonly reservedAtTop: number;
  /** Hosts have work with its networks. False: the operator makes the bridges, instances are given their addresses. */
  readonly servesNetworks: boolean;
  /** Each network belongs to one project, and has a VLAN and a VPN address; false: whoever sees it may use it. */
  readonly isPerProject: boolean;
  /** `quota_fixed_ips` is kept. */
  readonly limitsFixedIps: boolean;
}

const flat: ManagerTraits = {
  name: 'FlatManager',
  requiredArgument: 'bridge',
  reservedAtBottom: 2,
  reservedAtTop: 1,
  createsBridge: false,
  createsVlan: false,
  servesDhcp: false,
  servesNetworks: false,
  isPerProject: false,
  limitsFixedIps: true,
  ipv6Backend: 'rfc2462',
};

const flatDhcp: ManagerTraits = {
  ...flat,
  name: 'FlatDHCPManager',
  createsBridge: true,
  servesDhcp: true,
  servesNetworks: true,
};

const vlan: ManagerTraits = {
  ...flatDhcp,
  name: 'VlanManager',
  requiredArgument: 'bridge_interface',
  reservedAtBottom: 3,
  createsVlan: true,
  isPerProject: true,
  limitsFixedIps: false,
};

export interface ManagerOptions {
  readonly networkManager: ManagerName;
  /** Addresses that VLAN networks keep for the clients of their VPN. */
  readonly cntVpnClients: number;
  readonly ipv6Backend: Ipv6Backend;
}

export function managerTraits({ networkManager, cntVpnClients, ipv6Backend }: ManagerOptions): ManagerTraits {
  const traits = { FlatManager: flat, FlatDHCPManager: flatDhcp, VlanManager: vlan }[networkManager];
  return { ...traits, ipv6Backend, ...(traits.isPerProject && { reservedAtTop: 1 + cntVpnClients }) };
}
