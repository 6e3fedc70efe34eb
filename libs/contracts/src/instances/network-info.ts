import { subnetOf, type FixedIp, type Network, type Nic } from '@novanet/ipam';
import type { IpAddress, IpVersion } from '@novanet/net-address';
import { derivedIpv6, type Ipv6Backend } from './derived-ipv6.js';

/** nova's network_info: one entry per NIC, all keys always present, everything else in `meta`. */
export type NetworkInfo = readonly VifInfo[];

interface AddressInfo {
  readonly address: string | null;
  readonly type: 'gateway' | 'dns' | 'fixed' | 'floating';
  readonly version: IpVersion | null;
  readonly meta: Readonly<Record<string, unknown>>;
}

interface FixedAddressInfo extends AddressInfo {
  readonly floating_ips: readonly AddressInfo[];
}

interface SubnetInfo {
  readonly cidr: string | null;
  readonly dns: readonly AddressInfo[];
  readonly gateway: AddressInfo;
  readonly ips: readonly FixedAddressInfo[];
  readonly routes: readonly never[];
  readonly version: IpVersion | null;
  readonly meta: { readonly dhcp_server?: string | null };
}

export interface VifInfo {
  readonly id: string;
  readonly address: string;
  readonly network: {
    readonly id: string;
    readonly bridge: string | null;
    readonly label: string;
    /** Always two: IPv4 and IPv6; the unused one is all nulls. */
    readonly subnets: readonly [SubnetInfo, SubnetInfo];
    readonly meta: Readonly<Record<string, unknown>>;
  };
  readonly type: 'bridge';
  readonly details: Readonly<Record<string, never>>;
  readonly devname: null;
  readonly ovs_interfaceid: null;
  readonly qbh_params: null;
  readonly qbg_params: null;
  readonly active: false;
  readonly vnic_type: 'normal';
  readonly profile: null;
  readonly preserve_on_delete: false;
  readonly meta: Readonly<Record<string, never>>;
}

/** What the kind of network manager adds to network_info. */
export interface NetworkInfoTraits {
  readonly createsBridge: boolean;
  readonly createsVlan: boolean;
  readonly servesDhcp: boolean;
  readonly ipv6Backend: Ipv6Backend;
}

export function networkInfo(nics: readonly Nic[], traits: NetworkInfoTraits): NetworkInfo {
  return nics.map((nic) => ({
    id: nic.vif.uuid,
    address: nic.vif.mac.toString(),
    network: {
      id: nic.network.uuid,
      bridge: nic.network.bridge,
      label: nic.network.label,
      subnets: [subnetInfo(nic, 4, traits), subnetInfo(nic, 6, traits)],
      meta: networkMeta(nic.network, traits),
    },
    type: 'bridge',
    details: {},
    devname: null,
    ovs_interfaceid: null,
    qbh_params: null,
    qbg_params: null,
    active: false,
    vnic_type: 'normal',
    profile: null,
    preserve_on_delete: false,
    meta: {},
  }));
}

function subnetInfo(nic: Nic, version: IpVersion, traits: NetworkInfoTraits): SubnetInfo {
  const subnet = subnetOf(nic.network, version);
  const dns = version === 4 && subnet ? [nic.network.dns1, nic.network.dns2] : [];
  return {
    cidr: subnet ? subnet.cidr.toString() : null,
    dns: dns.filter((address) => address !== null).map((address) => addressInfo(address, 'dns')),
    gateway: addressInfo(subnet?.gateway ?? null, 'gateway'),
    ips: addressesOf(nic, version, traits.ipv6Backend).map(({ address, floatingAddresses }) => ({
      ...addressInfo(address, 'fixed'),
      floating_ips: floatingAddresses.map((floating) => addressInfo(floating, 'floating')),
    })),
    routes: [],
    version: subnet ? version : null,
    // nova tells IPv6 subnets the IPv4 server's address; nobody can use that, so they get none.
    meta: traits.servesDhcp
      ? { dhcp_server: version === 4 && nic.dhcpServer ? nic.dhcpServer.toString() : null }
      : {},
  };
}

/** IPv4 addresses are allocated; the IPv6 address is what the instance derives from its MAC. */
function addressesOf(
  nic: Nic,
  version: IpVersion,
  backend: Ipv6Backend,
): readonly Pick<FixedIp, 'address' | 'floatingAddresses'>[] {
  const allocated = nic.fixedIps.filter(({ address }) => address.version === version);
  const v6 = version === 6 && subnetOf(nic.network, 6);
  if (allocated.length > 0 || !v6) return allocated;
  const derived = derivedIpv6(nic.vif.mac, v6.cidr, nic.network.projectId, backend);
  return derived ? [{ address: derived, floatingAddresses: [] }] : [];
}

function networkMeta(network: Network, traits: NetworkInfoTraits): Readonly<Record<string, unknown>> {
  return {
    tenant_id: network.projectId,
    ...(network.isInjected && { injected: true }),
    ...(network.mtu !== null && { mtu: network.mtu }),
    should_create_bridge: traits.createsBridge,
    ...(traits.createsVlan && { should_create_vlan: true, vlan: network.vlan }),
    ...(network.bridgeInterface !== null && { bridge_interface: network.bridgeInterface }),
    ...(network.isMultiHost && { multi_host: true }),
  };
}

function addressInfo(address: IpAddress | null, type: AddressInfo['type']): AddressInfo {
  return { address: address && address.toString(), type, version: address && address.version, meta: {} };
}
