import { subnetOf, type Network } from '@novanet/ipam';
import { objectDateTime, plainDateTime } from '../wire/date-time.js';
import { versionedObject, type VersionedObject } from '../wire/versioned-object.js';

/** A network as `create_networks` and `get_all_networks` answer it: nova's row, key for key. */
export interface NetworkDict {
  readonly id: number;
  readonly label: string;
  readonly injected: boolean;
  readonly cidr: string | null;
  readonly cidr_v6: string | null;
  readonly multi_host: boolean;
  readonly netmask: string | null;
  readonly gateway: string | null;
  readonly broadcast: string | null;
  readonly netmask_v6: string | null;
  readonly gateway_v6: string | null;
  readonly bridge: string | null;
  readonly bridge_interface: string | null;
  readonly dns1: string | null;
  readonly dns2: string | null;
  readonly vlan: number | null;
  readonly vpn_public_address: string | null;
  readonly vpn_public_port: number | null;
  readonly vpn_private_address: string | null;
  readonly dhcp_start: string | null;
  readonly rxtx_base: number | null;
  readonly project_id: string | null;
  readonly priority: number | null;
  readonly host: string | null;
  readonly uuid: string;
  readonly mtu: number | null;
  readonly dhcp_server: string | null;
  readonly enable_dhcp: boolean;
  readonly share_address: boolean;
  readonly created_at: string | null;
  readonly updated_at: string | null;
  readonly deleted_at: string | null;
  readonly deleted: boolean;
}

export function networkDict(network: Network): NetworkDict {
  return dictWith(network, plainDateTime);
}

/** A network as `get_network` answers it. */
export function networkObject(network: Network): VersionedObject<NetworkDict> {
  return versionedObject('Network', '1.2', dictWith(network, objectDateTime));
}

function dictWith(network: Network, dateTime: (date: Date | null) => string | null): NetworkDict {
  const v4 = subnetOf(network, 4);
  const v6 = subnetOf(network, 6);
  return {
    id: network.id,
    label: network.label,
    injected: network.isInjected,
    cidr: text(v4?.cidr),
    cidr_v6: text(v6?.cidr),
    multi_host: network.isMultiHost,
    netmask: text(v4?.cidr.netmask),
    gateway: text(v4?.gateway),
    broadcast: text(v4?.cidr.broadcast),
    netmask_v6: text(v6?.cidr.netmask),
    gateway_v6: text(v6?.gateway),
    bridge: network.bridge,
    bridge_interface: network.bridgeInterface,
    dns1: text(network.dns1),
    dns2: text(network.dns2),
    vlan: network.vlan,
    vpn_public_address: text(network.vpnPublicAddress),
    vpn_public_port: network.vpnPublicPort,
    vpn_private_address: text(network.vpnPrivateAddress),
    dhcp_start: text(v4?.dhcpStart),
    // A column nova has and never fills: no option and no argument sets it.
    rxtx_base: null,
    project_id: network.projectId,
    priority: network.priority,
    host: network.host,
    uuid: network.uuid,
    mtu: network.mtu,
    dhcp_server: text(v4?.dhcpServer),
    enable_dhcp: network.enableDhcp,
    share_address: network.shareAddress,
    created_at: dateTime(network.createdAt),
    updated_at: dateTime(network.updatedAt),
    deleted_at: null,
    deleted: false,
  };
}

function text(value: { toString(): string } | null | undefined): string | null {
  return value ? value.toString() : null;
}
