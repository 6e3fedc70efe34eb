import type { ModifyNetworkArguments } from '@novanet/contracts';
import { InvalidAddress, InvalidInput } from '@novanet/ipam';
import { Ipv4, type DeviceName, type IpAddress } from '@novanet/net-address';
import { addressArgument, deviceArgument, intArgument, isAbsent, textArgument } from './argument-values.js';
import { HIGHEST_PORT, labelOf, mtuOf, priorityOf, vlanArgument } from './network-request.js';

/** `modify_network` with every value parsed: undefined stays as it is, null is taken away. */
export interface NetworkEdit {
  readonly label: string | undefined;
  readonly projectId: string | null | undefined;
  readonly gateway: IpAddress | null | undefined;
  readonly gatewayV6: IpAddress | null | undefined;
  readonly dhcpServer: IpAddress | undefined;
  readonly dhcpStart: IpAddress | null | undefined;
  readonly dns1: IpAddress | null | undefined;
  readonly dns2: IpAddress | null | undefined;
  readonly bridge: DeviceName | undefined;
  readonly bridgeInterface: DeviceName | null | undefined;
  readonly vlan: number | null | undefined;
  readonly mtu: number | null | undefined;
  readonly priority: number | null | undefined;
  readonly vpnPublicAddress: Ipv4 | null | undefined;
  readonly vpnPublicPort: number | null | undefined;
}

/** Throws InvalidInput, LabelTooLong, InvalidAddress, InvalidIntValue, RpcValueError. */
export function parseNetworkEdit(args: ModifyNetworkArguments): NetworkEdit {
  return {
    label: kept('label', args.label, labelOf),
    projectId: edited(args.project_id, (value) => textArgument('project_id', value, 255)),
    gateway: edited(args.gateway, addressArgument),
    gatewayV6: edited(args.gateway_v6, addressArgument),
    dhcpServer: kept('dhcp_server', args.dhcp_server, addressArgument),
    dhcpStart: edited(args.dhcp_start, addressArgument),
    dns1: edited(args.dns1, addressArgument),
    dns2: edited(args.dns2, addressArgument),
    bridge: kept('bridge', args.bridge, (value) => deviceArgument('bridge', value)),
    bridgeInterface: edited(args.bridge_interface, (value) => deviceArgument('bridge_interface', value)),
    vlan: edited(args.vlan, vlanArgument),
    mtu: edited(args.mtu, mtuOf),
    priority: edited(args.priority, priorityOf),
    vpnPublicAddress: edited(args.vpn_public_address, ipv4Argument),
    vpnPublicPort: edited(args.vpn_public_port, portArgument),
  };
}

/** Whether it says anything that concerns those who serve the network. */
export function concernsHosts(edit: NetworkEdit): boolean {
  const shown = { ...edit, projectId: undefined, priority: undefined };
  return Object.values(shown).some((value) => value !== undefined);
}

/** An empty text takes away as null does. */
function edited<T>(value: unknown, parse: (value: unknown) => T | undefined): T | null | undefined {
  return value === undefined ? undefined : (parse(value) ?? null);
}

/** What no network is without. */
function kept<T>(name: string, value: unknown, parse: (value: unknown) => T | undefined): T | undefined {
  if (value === undefined) return undefined;
  if (isAbsent(value)) throw new InvalidInput(`${name} cannot be taken away`);
  return parse(value);
}

function ipv4Argument(value: unknown): Ipv4 | undefined {
  const address = addressArgument(value);
  const v4 = address && Ipv4.tryParse(address.toString());
  if (address && !v4) throw new InvalidAddress(address.toString());
  return v4;
}

function portArgument(value: unknown): number | undefined {
  const port = intArgument('vpn_public_port', value);
  if (port !== undefined && (port < 1 || port > HIGHEST_PORT)) {
    throw new InvalidInput(`vpn_public_port must be between 1 and ${HIGHEST_PORT}`);
  }
  return port;
}
