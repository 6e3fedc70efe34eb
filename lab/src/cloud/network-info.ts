import type { GuestVif } from '@novanet/contracts';

/** The parts of nova's network_info that a compute service needs to plug a NIC. */
export interface VifInfo extends GuestVif {
  readonly network: GuestVif['network'] & {
    readonly label: string;
    readonly bridge: string | null;
    readonly meta: {
      readonly should_create_bridge?: boolean;
      readonly should_create_vlan?: boolean;
      readonly vlan?: number | null;
      readonly bridge_interface?: string;
      readonly multi_host?: boolean;
    };
  };
}

/** The name that nova gives the host's end of a NIC. */
export function tapName(vif: VifInfo): string {
  return `tap${vif.id.slice(0, 11)}`;
}

/** The IPv4 side of a NIC; undefined when it has none. */
export function ipv4Of(vif: VifInfo): Ipv4Side | undefined {
  const subnet = vif.network.subnets.find(({ version }) => version === 4);
  const address = subnet?.ips[0]?.address;
  if (!subnet?.cidr || !address) return undefined;
  return {
    address,
    isServedByDhcp: Boolean(subnet.meta.dhcp_server),
  };
}

export interface Ipv4Side {
  readonly address: string;
  readonly isServedByDhcp: boolean;
}
