import type { GuestNetworkOptions, GuestNic, GuestSubnet, GuestVif } from './guest-nics.js';
import { guestNics } from './guest-nics.js';

/** A file for netplan, or cloud-init's network configuration of version 2. Its JSON is YAML as well. */
export interface NetplanDocument {
  readonly network: {
    readonly version: 2;
    readonly ethernets: Readonly<Record<string, NetplanEthernet>>;
  };
}

interface NetplanEthernet {
  readonly match: { readonly macaddress: string };
  readonly mtu?: number;
  readonly dhcp4?: true;
  readonly 'accept-ra'?: boolean;
  readonly addresses?: readonly string[];
  readonly routes?: readonly { readonly to: string; readonly via: string }[];
  readonly nameservers?: { readonly addresses: readonly string[] };
}

/** The document for these NICs. They are found by their MACs: what the guest calls them is its business. */
export function netplanDocument(
  networkInfo: readonly GuestVif[],
  options: GuestNetworkOptions,
): NetplanDocument {
  const nics = guestNics(networkInfo, options).filter(({ subnets }) => subnets.length > 0);
  const ethernets = Object.fromEntries(nics.map((nic) => [`eth${nic.number}`, ethernet(nic)]));
  return { network: { version: 2, ethernets } };
}

function ethernet({ mac, mtu, subnets }: GuestNic): NetplanEthernet {
  const ipv6 = subnets.filter(({ cidr }) => cidr.version === 6);
  const addresses = subnets.flatMap(staticAddresses);
  const routes = subnets.flatMap(staticRoutes);
  // DHCP tells its own.
  const servers = subnets.filter(({ isServed }) => !isServed).flatMap(({ nameServers }) => nameServers);
  return {
    match: { macaddress: mac.toString() },
    ...(mtu !== undefined && { mtu }),
    ...(subnets.some(({ cidr, isServed }) => isServed && cidr.version === 4) && { dhcp4: true }),
    ...(ipv6.length > 0 && { 'accept-ra': ipv6.some(({ isServed }) => isServed) }),
    ...(addresses.length > 0 && { addresses }),
    ...(routes.length > 0 && { routes }),
    ...(servers.length > 0 && { nameservers: { addresses: [...new Set(servers.map(String))] } }),
  };
}

/** Of a subnet that is served, those that the instance does not get by itself: all but the first. */
function staticAddresses({ cidr, isServed, addresses }: GuestSubnet): string[] {
  return addresses.slice(isServed ? 1 : 0).map((address) => `${address.toString()}/${cidr.prefixLength}`);
}

function staticRoutes({ cidr, isServed, gateway, routes }: GuestSubnet): { to: string; via: string }[] {
  if (isServed) return [];
  const everywhere = cidr.version === 4 ? '0.0.0.0/0' : '::/0';
  return [
    ...(gateway ? [{ to: everywhere, via: gateway.toString() }] : []),
    ...routes.map(({ to, via }) => ({ to: to.toString(), via: via.toString() })),
  ];
}
