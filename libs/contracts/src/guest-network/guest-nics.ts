import {
  type Cidr,
  type IpAddress,
  type IpVersion,
  Ipv4Cidr,
  Ipv6Cidr,
  Mac,
  parseIp,
} from '@novanet/net-address';

/** What is read of an entry of network_info, also of one that names routes and several subnets of a family. */
export interface GuestVif {
  readonly id: string;
  readonly address: string;
  readonly network: {
    readonly id: string;
    readonly subnets: readonly GuestVifSubnet[];
    readonly meta: object & { readonly injected?: unknown; readonly mtu?: unknown };
  };
}

interface GuestVifSubnet {
  readonly cidr: string | null;
  readonly version: number | null;
  readonly gateway: Named | null;
  readonly dns: readonly Named[];
  readonly ips: readonly Named[];
  readonly routes: readonly { readonly cidr: string; readonly gateway: Named }[];
  readonly meta: { readonly dhcp_server?: string | null };
}

interface Named {
  readonly address: string | null;
}

export interface GuestNetworkOptions {
  /** Only the first NIC that has a gateway names it, for each family (nova's use_single_default_gateway). */
  readonly singleDefaultGateway: boolean;
}

/** A NIC as its instance is to configure it. */
export interface GuestNic {
  /** Among the NICs with subnets: 0 is eth0. */
  readonly number: number;
  readonly vifId: string;
  readonly mac: Mac;
  readonly networkId: string;
  /** Absent where DHCP tells it. */
  readonly mtu: number | undefined;
  /** Configured by a file in the image: the network asks for it, and has no DHCP. */
  readonly isInjected: boolean;
  /** IPv4 first; those without an address of the NIC are left out. */
  readonly subnets: readonly GuestSubnet[];
}

export interface GuestSubnet {
  readonly cidr: Cidr;
  /** The network service runs DHCP for IPv4, router advertisements for IPv6. */
  readonly isServed: boolean;
  readonly addresses: readonly IpAddress[];
  readonly gateway: IpAddress | undefined;
  readonly routes: readonly GuestRoute[];
  readonly nameServers: readonly IpAddress[];
}

export interface GuestRoute {
  readonly to: Cidr;
  readonly via: IpAddress;
}

/**
 * The NICs of an instance by its network_info, every value parsed: what ends up in files of a guest is an address.
 * Throws InvalidAddressText.
 */
export function guestNics(
  networkInfo: readonly GuestVif[],
  { singleDefaultGateway }: GuestNetworkOptions,
): GuestNic[] {
  const nics = networkInfo.filter(({ network }) => network.subnets.length > 0).map(guestNic);
  const withGateway = new Set<IpVersion>();
  return nics.map((nic) => {
    if (!singleDefaultGateway) withGateway.clear();
    return { ...nic, subnets: nic.subnets.map((subnet) => onlyFirstGateway(subnet, withGateway)) };
  });
}

/** A second default route beside the first would be a matter of luck. */
function onlyFirstGateway(subnet: GuestSubnet, withGateway: Set<IpVersion>): GuestSubnet {
  if (!subnet.gateway) return subnet;
  if (withGateway.has(subnet.cidr.version)) return { ...subnet, gateway: undefined };
  withGateway.add(subnet.cidr.version);
  return subnet;
}

function guestNic({ id, address, network }: GuestVif, number: number): GuestNic {
  const { injected, mtu } = network.meta;
  const all = network.subnets.toSorted(byFamily).flatMap((subnet) => guestSubnet(subnet) ?? []);
  const isServed = all.some((subnet) => subnet.isServed);
  return {
    number,
    vifId: id,
    mac: Mac.parse(address),
    networkId: network.id,
    mtu: typeof mtu === 'number' && !isServed ? mtu : undefined,
    isInjected: Boolean(injected) && !isServed,
    subnets: all.filter(({ addresses }) => addresses.length > 0),
  };
}

function byFamily(one: GuestVifSubnet, other: GuestVifSubnet): number {
  return (one.version ?? 0) - (other.version ?? 0);
}

/** Undefined of a family that the network does not have. */
function guestSubnet(subnet: GuestVifSubnet): GuestSubnet | undefined {
  if (subnet.cidr === null) return undefined;
  return {
    cidr: parseCidr(subnet.cidr),
    isServed: subnet.meta.dhcp_server !== undefined,
    addresses: addressesOf(subnet.ips),
    gateway: subnet.gateway ? addressesOf([subnet.gateway])[0] : undefined,
    routes: subnet.routes.flatMap(({ cidr, gateway }) =>
      addressesOf([gateway]).map((via) => ({ to: parseCidr(cidr), via })),
    ),
    nameServers: addressesOf(subnet.dns),
  };
}

function addressesOf(named: readonly Named[]): IpAddress[] {
  return named.flatMap(({ address }) => (address === null ? [] : parseIp(address)));
}

function parseCidr(text: string): Cidr {
  return Ipv6Cidr.tryParse(text) ?? Ipv4Cidr.parse(text);
}
