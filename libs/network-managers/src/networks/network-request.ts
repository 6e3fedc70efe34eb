import { RpcValueError, type CreateNetworksArguments } from '@novanet/contracts';
import { InvalidInput, LabelTooLong, NetworkNotCreated } from '@novanet/ipam';
import type { DeviceName, IpAddress, Ipv4Cidr, Ipv6Cidr } from '@novanet/net-address';
import type { ManagerTraits } from '../managers/manager-traits.js';
import {
  addressArgument,
  booleanArgument,
  deviceArgument,
  intArgument,
  ipv4CidrArgument,
  ipv6CidrArgument,
  isAbsent,
  textArgument,
  uuidArgument,
} from './argument-values.js';
import type { NetworkDefaults } from './network-defaults.js';

/** `create_networks` with every value parsed and every default filled in. */
export interface NetworkRequest {
  readonly label: string;
  readonly cidr: Ipv4Cidr | undefined;
  readonly cidrV6: Ipv6Cidr | undefined;
  readonly numNetworks: number;
  /** Addresses per network. */
  readonly networkSize: number;
  readonly isMultiHost: boolean;
  readonly bridge: DeviceName | undefined;
  readonly bridgeInterface: DeviceName | undefined;
  readonly gateway: IpAddress | undefined;
  readonly gatewayV6: IpAddress | undefined;
  readonly dhcpServer: IpAddress | undefined;
  readonly dns1: IpAddress | undefined;
  readonly dns2: IpAddress | undefined;
  readonly fixedCidr: Ipv4Cidr | undefined;
  readonly allowedStart: IpAddress | undefined;
  readonly allowedEnd: IpAddress | undefined;
  readonly mtu: number | undefined;
  readonly enableDhcp: boolean;
  readonly shareAddress: boolean;
  readonly isInjected: boolean;
  /** Without effect, kept as it was given. */
  readonly priority: number | undefined;
  readonly projectId: string | undefined;
  readonly uuid: string | undefined;
  /** The ranges are taken as they are instead of being cut into blocks. */
  readonly takesWholeRanges: boolean;
  /** Absent where networks have no VLAN. */
  readonly vlan: VlanRequest | undefined;
}

/** Which VLANs and VPN ports the networks get: the lowest free numbers from the given ones on. */
export interface VlanRequest {
  /** The VLAN of the one network. */
  readonly vlan: number | undefined;
  readonly vlanStart: number;
  readonly vpnStart: number;
}

export const HIGHEST_VLAN = 4094;
export const HIGHEST_PORT = 65_535;

/** The column that keeps it takes no larger ones. */
const HIGHEST_PRIORITY = 0x7fff_ffff;

/** All of them are made in one transaction. A /8 has as many /24s. */
const MOST_NETWORKS = 65_536;

/**
 * Checks in nova's order, so that a caller with several mistakes is told of the same one.
 * Throws InvalidIntValue, NetworkNotCreated, LabelTooLong, InvalidCidr, InvalidAddress, InvalidUUID, InvalidInput,
 * RpcValueError.
 */
export function parseNetworkRequest(
  args: CreateNetworksArguments,
  defaults: NetworkDefaults,
  traits: ManagerTraits,
): NetworkRequest {
  const wantedSize = intArgument('network_size', args.network_size);
  const numNetworks = intArgument('num_networks', args.num_networks) ?? defaults.numNetworks;
  const vlan = traits.isPerProject ? vlanRequest(args, defaults, numNetworks) : undefined;
  const label = labelOf(args.label);
  if (isAbsent(args.cidr) && isAbsent(args.cidr_v6)) throw new NetworkNotCreated('cidr or cidr_v6');
  const devices = devicesOf(args, defaults, traits);
  const cidrV6 = ipv6CidrArgument(args.cidr_v6);
  const cidr = ipv4CidrArgument(args.cidr);
  if (numNetworks < 1) throw new RpcValueError('num_networks must be at least 1');
  if (numNetworks > MOST_NETWORKS) throw new RpcValueError(`num_networks must be at most ${MOST_NETWORKS}`);
  if (wantedSize !== undefined && wantedSize < 1) throw new RpcValueError('network_size must be at least 1');
  const request: NetworkRequest = {
    label,
    cidr,
    cidrV6,
    numNetworks,
    networkSize: wantedSize ?? sizeOfEach(cidr, numNetworks, defaults.networkSize),
    isMultiHost: booleanArgument(args.multi_host) ?? defaults.multiHost,
    ...devices,
    ...addressesOf(args, defaults),
    mtu: mtuOf(args.mtu) ?? defaults.networkDeviceMtu ?? undefined,
    enableDhcp: booleanArgument(args.enable_dhcp) ?? true,
    shareAddress: booleanArgument(args.share_address) ?? defaults.shareDhcpAddress,
    isInjected: !traits.servesNetworks && defaults.flatInjected,
    priority: priorityOf(args.priority),
    projectId: textArgument('project_id', args.project_id, 255),
    uuid: uuidArgument(args.uuid),
    takesWholeRanges: booleanArgument(args.ipam) ?? false,
    vlan,
  };
  if (numNetworks > 1) refuseWhatFitsOneNetworkOnly(request);
  return request;
}

/** Throws InvalidIntValue, RpcValueError. */
export function priorityOf(value: unknown): number | undefined {
  const priority = intArgument('priority', value);
  if (priority !== undefined && Math.abs(priority) > HIGHEST_PRIORITY) {
    throw new RpcValueError(`priority must be at most ${HIGHEST_PRIORITY}`);
  }
  return priority;
}

function devicesOf(
  args: CreateNetworksArguments,
  defaults: NetworkDefaults,
  traits: ManagerTraits,
): Pick<NetworkRequest, 'bridge' | 'bridgeInterface'> {
  const standard = traits.isPerProject ? defaults.vlanInterface : defaults.flatInterface;
  const bridge = deviceArgument('bridge', args.bridge) ?? defaults.flatNetworkBridge ?? undefined;
  const bridgeInterface = deviceArgument('bridge_interface', args.bridge_interface) ?? standard ?? undefined;
  const required = { bridge, bridge_interface: bridgeInterface }[traits.requiredArgument];
  if (!required) throw new NetworkNotCreated(traits.requiredArgument);
  return { bridge, bridgeInterface };
}

function addressesOf(args: CreateNetworksArguments, defaults: NetworkDefaults) {
  return {
    gateway: addressArgument(args.gateway),
    gatewayV6: addressArgument(args.gateway_v6),
    dhcpServer: addressArgument(args.dhcp_server),
    dns1: addressArgument(args.dns1) ?? defaults.flatNetworkDns ?? undefined,
    dns2: addressArgument(args.dns2),
    fixedCidr: ipv4CidrArgument(args.fixed_cidr),
    allowedStart: addressArgument(args.allowed_start),
    allowedEnd: addressArgument(args.allowed_end),
  };
}

/** nova's bounds; what it calls a wrong value is Python's ValueError. */
function vlanRequest(
  args: CreateNetworksArguments,
  defaults: NetworkDefaults,
  numNetworks: number,
): VlanRequest {
  const vlanStart = intArgument('vlan_start', args.vlan_start) ?? defaults.vlanStart;
  const vpnStart = intArgument('vpn_start', args.vpn_start) ?? defaults.vpnStart;
  if (numNetworks + vlanStart > HIGHEST_VLAN) {
    throw new RpcValueError(
      `The sum of the number of networks and the first VLAN (${numNetworks} + ${vlanStart}) is more than ${HIGHEST_VLAN}`,
    );
  }
  if (vlanStart < 1) throw new RpcValueError('vlan_start must be at least 1');
  if (vpnStart < 1 || vpnStart > HIGHEST_PORT) {
    throw new RpcValueError(`vpn_start must be between 1 and ${HIGHEST_PORT}`);
  }
  return { vlan: vlanArgument(args.vlan), vlanStart, vpnStart };
}

/** Throws RpcValueError. */
export function vlanArgument(value: unknown): number | undefined {
  if (isAbsent(value)) return undefined;
  const vlan = typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : value;
  if (typeof vlan !== 'number' || !Number.isInteger(vlan)) throw new RpcValueError('vlan must be an integer');
  if (vlan > HIGHEST_VLAN) throw new RpcValueError(`The vlan number cannot be greater than ${HIGHEST_VLAN}`);
  if (vlan < 1) throw new RpcValueError('The vlan number cannot be less than 1');
  return vlan;
}

/** Throws NetworkNotCreated, InvalidInput, LabelTooLong. */
export function labelOf(value: unknown): string {
  if (isAbsent(value)) throw new NetworkNotCreated('label');
  if (typeof value !== 'string') throw new InvalidInput('label must be a text');
  if (value.length > 255) throw new LabelTooLong();
  return value;
}

/** Ethernet's bounds for IPv4: less than 68 cannot carry it (RFC 791), more than 65535 is no MTU. Throws InvalidInput. */
export function mtuOf(value: unknown): number | undefined {
  const mtu = intArgument('mtu', value);
  if (mtu !== undefined && (mtu < 68 || mtu > 65_535))
    throw new InvalidInput('mtu must be between 68 and 65535');
  return mtu;
}

/** Without a size: an even share of the range, as a power of two, and not more than the option network_size. */
function sizeOfEach(cidr: Ipv4Cidr | undefined, numNetworks: number, optionSize: number): number {
  if (!cidr) return optionSize;
  const share = Number(cidr.size) / numNetworks;
  return Math.min(2 ** Math.floor(Math.log2(Math.max(1, share))), optionSize);
}

/** nova creates the first network and fails on the second, whose range does not hold the address. */
function refuseWhatFitsOneNetworkOnly(request: NetworkRequest): void {
  const { gateway, gatewayV6, dhcpServer, fixedCidr, allowedStart, allowedEnd, uuid, vlan } = request;
  const given = {
    gateway,
    gateway_v6: gatewayV6,
    dhcp_server: dhcpServer,
    fixed_cidr: fixedCidr,
    uuid,
    vlan: vlan?.vlan,
  };
  const names = Object.entries({ ...given, allowed_start: allowedStart, allowed_end: allowedEnd })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => name);
  if (names.length > 0) {
    throw new InvalidInput(
      `${names.join(', ')} can be given for one network only, not for ${request.numNetworks}`,
    );
  }
}
