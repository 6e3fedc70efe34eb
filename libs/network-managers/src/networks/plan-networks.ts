import { RpcValueError } from '@novanet/contracts';
import {
  AddressOutOfRange,
  InvalidInput,
  type AddressPool,
  type Network,
  type NetworkDraft,
  type SubnetDraft,
} from '@novanet/ipam';
import {
  parseDeviceName,
  type Cidr,
  type IpAddress,
  type IpVersion,
  type Ipv4,
  type Ipv4Cidr,
  type Ipv6Cidr,
} from '@novanet/net-address';
import type { ManagerTraits } from '../managers/manager-traits.js';
import { assignVlans } from './assign-vlans.js';
import { carveRanges } from './carve-ranges.js';
import type { NetworkRequest } from './network-request.js';

/**
 * Decides what `create_networks` makes, all of it or nothing. Pure.
 * @param newUuid gives each network its identity, unless the request names it
 */
export function planNetworks(
  request: NetworkRequest,
  traits: ManagerTraits,
  existing: readonly Network[],
  newUuid: () => string,
): NetworkDraft[] {
  const ranges = carveRanges(request, existing);
  const vlans = request.vlan && assignVlans(request.vlan, existing, ranges.length);
  return ranges.map((own, index) => {
    const vlan = vlans?.[index];
    const v4 = own.v4 && v4Subnet(request, traits, own.v4);
    const v6 = own.v6 && v6Subnet(request, own.v6);
    return {
      uuid: request.uuid ?? newUuid(),
      label: ranges.length > 1 ? `${request.label}_${index}` : request.label,
      projectId: request.projectId ?? null,
      isMultiHost: request.isMultiHost,
      isInjected: request.isInjected,
      bridge: vlan ? parseDeviceName(`br${vlan.vlan}`) : (request.bridge ?? null),
      bridgeInterface: request.bridgeInterface ?? null,
      vlan: vlan?.vlan ?? null,
      vpnPublicAddress: null,
      vpnPublicPort: (v4 && vlan?.vpnPort) ?? null,
      vpnPrivateAddress: (vlan && v4?.vpnAddress) ?? null,
      dns1: request.dns1 ?? null,
      dns2: request.dns2 ?? null,
      mtu: request.mtu ?? null,
      priority: request.priority ?? null,
      enableDhcp: request.enableDhcp,
      shareAddress: request.shareAddress,
      subnets: [...(v4 ? [v4.subnet] : []), ...(v6 ? [v6] : [])],
    };
  });
}

/** Its own address, the router, one instance, and the last address. */
const SMALLEST_V6 = 4n;

/** The subnet, and the first address behind gateway and DHCP server, which is the VPN server's where there is one. */
function v4Subnet(
  request: NetworkRequest,
  traits: ManagerTraits,
  cidr: Ipv4Cidr,
): { readonly subnet: SubnetDraft<4>; readonly vpnAddress: Ipv4 } {
  const { reservedAtBottom, reservedAtTop } = traits;
  if (cidr.size <= BigInt(reservedAtBottom + reservedAtTop)) {
    throw new RpcValueError(`${cidr.toString()} leaves no address for instances`);
  }
  const givenGateway = usable('gateway', request.gateway, cidr);
  const start = usable('allowed_start', request.allowedStart, cidr) ?? cidr.at(1);
  const gateway = givenGateway ?? start;
  const dhcpServer = usable('dhcp_server', request.dhcpServer, cidr) ?? gateway;
  const afterGateway = givenGateway ? start : start.plus(1);
  const next = afterGateway.equals(dhcpServer) ? afterGateway.plus(1) : afterGateway;
  const pool = poolOf(request, traits, cidr);
  const dhcpStart = request.vlan ? next.plus(1) : next;
  refuseFull(pool, [gateway, dhcpServer, ...(request.vlan ? [next] : [])]);
  return {
    subnet: { version: 4, cidr, gateway, dhcpServer, dhcpStart, pool, reserved: [] },
    vpnAddress: next,
  };
}

/** What instances get: the range without its reserved ends, or what fixed_cidr or allowed_start and _end say. */
function poolOf(request: NetworkRequest, traits: ManagerTraits, cidr: Ipv4Cidr): AddressPool<4> {
  const { fixedCidr } = request;
  if (fixedCidr && !cidr.contains(fixedCidr))
    throw new AddressOutOfRange(fixedCidr.toString(), cidr.toString());
  const usual = { first: cidr.at(traits.reservedAtBottom), last: cidr.last.plus(-traits.reservedAtTop) };
  const first = usable('allowed_start', request.allowedStart, cidr) ?? later(fixedCidr?.first, usual.first);
  const last = usable('allowed_end', request.allowedEnd, cidr) ?? earlier(fixedCidr?.last, usual.last);
  if (first.compare(last) > 0) {
    throw new InvalidInput(`no address lies between ${first.toString()} and ${last.toString()}`);
  }
  return { first, last };
}

/** A pool of which every address is gateway, DHCP or VPN server is of no use to anybody. */
export function refuseFull({ first, last }: AddressPool<4>, named: readonly Ipv4[]): void {
  const inPool = named.filter((address) => first.compare(address) <= 0 && last.compare(address) >= 0);
  if (BigInt(new Set(inPool.map(String)).size) <= last.value - first.value) return;
  throw new InvalidInput(`${first.toString()} to ${last.toString()} leaves no address for instances`);
}

function v6Subnet(request: NetworkRequest, cidr: Ipv6Cidr): SubnetDraft<6> {
  if (cidr.size < SMALLEST_V6) throw new RpcValueError(`${cidr.toString()} leaves no address for instances`);
  const gateway = inside(request.gatewayV6, cidr) ?? cidr.at(1);
  return { version: 6, cidr, gateway, dhcpServer: null, dhcpStart: null, pool: null, reserved: [] };
}

/** Neither the network's own address nor the broadcast address. Throws AddressOutOfRange, InvalidInput. */
export function usable(name: string, address: IpAddress | undefined, cidr: Ipv4Cidr): Ipv4 | undefined {
  const own = inside(address, cidr);
  if (own && (own.equals(cidr.first) || own.equals(cidr.last))) {
    throw new InvalidInput(
      `${name} ${own.toString()} is an end of ${cidr.toString()}, which no host can have`,
    );
  }
  return own;
}

/** The address as one of the range's own family. Throws AddressOutOfRange. */
export function inside<V extends IpVersion>(
  address: IpAddress | undefined,
  cidr: Cidr<V>,
): IpAddress<V> | undefined {
  if (!address) return undefined;
  if (!cidr.contains(address)) throw new AddressOutOfRange(address.toString(), cidr.toString());
  return cidr.at(address.value - cidr.first.value);
}

function later(address: Ipv4 | undefined, bound: Ipv4): Ipv4 {
  return address && address.compare(bound) > 0 ? address : bound;
}

function earlier(address: Ipv4 | undefined, bound: Ipv4): Ipv4 {
  return address && address.compare(bound) < 0 ? address : bound;
}
