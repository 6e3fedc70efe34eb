import type { Cidr, DeviceName, HostName, IpAddress, Ipv4, Ipv6, Mac } from '@novanet/net-address';

/** Everything the database and the configuration say about one host: the input of planHost. */
export interface HostIntent {
  readonly settings: HostSettings;
  readonly networks: readonly NetworkIntent[];
  /** Those that this host carries. */
  readonly floatingIps: readonly FloatingIpIntent[];
  /** What every DNS server of this host answers, besides the names of those who hold a lease. */
  readonly names: readonly NameIntent[];
  /** Undefined: there are no instances, or somebody else filters what reaches them (`firewall_driver`). */
  readonly filters: FiltersIntent | undefined;
}

/** The configuration options that shape a host's kernel, parsed. */
export interface HostSettings {
  readonly host: HostName;
  /** `my_ip`. */
  readonly myIp: Ipv4;
  /** `vpn_ip`: the VPNs at this address are reached by this host. */
  readonly vpnIp: Ipv4;
  /** `public_interface`: where SNATed packets leave, and where floating IPs are. Undefined: no `-o` match. */
  readonly publicInterface: DeviceName | undefined;
  /** `flat_interface`: on this host in place of what the flat networks name. */
  readonly flatInterface: DeviceName | undefined;
  /** `vlan_interface`: the same for VLANs. */
  readonly vlanInterface: DeviceName | undefined;
  /** `use_ipv6`: networks of both families are served over IPv6, too. Those of IPv6 alone always are. */
  readonly usesIpv6: boolean;
  /** `routing_source_ip`. Undefined: no SNAT at all. */
  readonly routingSourceIp: Ipv4 | undefined;
  readonly metadataHost: Ipv4;
  readonly metadataPort: number;
  /** `metadata_token_hop_limit`: how far session tokens get. 0: anywhere. */
  readonly metadataTokenHopLimit: number;
  readonly dmzCidrs: readonly Cidr<4>[];
  readonly forceSnatRanges: readonly Cidr<4>[];
  /** `forward_bridge_interface`; undefined stands for `all`. */
  readonly forwardBridgeInterfaces: readonly DeviceName[] | undefined;
  /** `allow_same_net_traffic`: who is in the same network gets in, whatever security groups say. */
  readonly allowsSameNetTraffic: boolean;
  /** `iptables_drop_action`: a target, `DROP` unless the operator logs first. */
  readonly dropAction: string;
  /** `iptables_top_regex`: rules of others that stay before ours. */
  readonly rulesBefore: RegExp | undefined;
  /** `iptables_bottom_regex`: rules of others that stay behind all. */
  readonly rulesBehind: RegExp | undefined;
  /** `send_arp_for_ha`: a new floating IP is announced more than once. */
  readonly sendArpForHa: boolean;
  /** `send_arp_for_ha_count`: so many times. */
  readonly sendArpForHaCount: number;
  /** `networks_path`: where dnsmasq's files live. The user `nobody` must be able to read there. */
  readonly networksPath: string;
  /** `dhcpbridge`: the program dnsmasq calls on lease events. */
  readonly dhcpBridge: string;
  /** Where that program leaves its event files. */
  readonly spoolPath: string;
  readonly dhcpLeaseSeconds: number;
  /** `use_single_default_gateway`: only the first NIC of an instance is told a router. */
  readonly usesSingleDefaultGateway: boolean;
  /** `force_dhcp_release`: leases whose instance is gone end now, and not when they expire. */
  readonly forcesDhcpRelease: boolean;
  readonly dhcpDomain: string;
  /** `instance_dns_domain`, when this host serves it; empty: none. */
  readonly instanceDnsDomain: string;
  readonly dnsServers: readonly Ipv4[];
  readonly usesNetworkDnsServers: boolean;
  /** `dnsmasq_config_file`; empty: none. */
  readonly dnsmasqConfigFile: string;
}

/** One network as this host has to serve it. */
export interface NetworkIntent {
  readonly id: number;
  readonly uuid: string;
  readonly label: string;
  readonly bridge: DeviceName;
  /** The interface to put into the bridge, or (a VLAN) to put the VLAN device on, if any. */
  readonly bridgeInterface: DeviceName | undefined;
  /** Undefined: a flat network. */
  readonly vlan: number | undefined;
  readonly mtu: number | undefined;
  /** Every host serves the network itself, instead of one for all. */
  readonly isMultiHost: boolean;
  /** The hosts of a multi-host network share one address (`share_dhcp_address`) instead of having one each. */
  readonly sharesAddress: boolean;
  readonly v4: Ipv4Intent | undefined;
  readonly v6: Ipv6Intent | undefined;
  /** Without IPv4 there is no DHCP, whatever this says. */
  readonly enableDhcp: boolean;
  /** Where the VPN of its project is reached. */
  readonly vpn: VpnIntent | undefined;
  /** Of both families: dnsmasq asks those of IPv4 (`use_network_dns_servers`), instances are told those of IPv6. */
  readonly dnsServers: readonly IpAddress[];
  readonly dhcpHosts: readonly DhcpHostIntent[];
  /** Of all hosts (`update_dns_entries`). Undefined: its DNS server knows the names of those who hold a lease here. */
  readonly instanceNames: readonly InstanceNameIntent[] | undefined;
  /** What dnsmasq is told it had leased when it starts anew. */
  readonly heldLeases: readonly HeldLease[];
  /** Leases whose instance is gone: dnsmasq must be made to give them up. */
  readonly drainingLeases: readonly { readonly mac: Mac; readonly address: Ipv4 }[];
}

/** A network's IPv4 side on this host. */
export interface Ipv4Intent {
  readonly cidr: Cidr<4>;
  /** Undefined: an isolated network. */
  readonly gateway: Ipv4 | undefined;
  /** The address of this host in the network. */
  readonly dhcpServer: Ipv4;
  readonly dhcpStart: Ipv4;
}

/** A VPN server among the instances of a network (nova's cloudpipe). */
export interface VpnIntent {
  readonly publicAddress: Ipv4;
  readonly publicPort: number;
  readonly privateAddress: Ipv4;
}

export interface Ipv6Intent {
  readonly cidr: Cidr<6>;
  readonly gateway: Ipv6 | undefined;
}

/** One static lease. */
export interface DhcpHostIntent {
  readonly mac: Mac;
  readonly address: Ipv4;
  /** Without domain. */
  readonly hostname: string;
  /** Among all NICs of its instance, in whichever network. */
  readonly isFirstNic: boolean;
}

export interface InstanceNameIntent {
  readonly address: Ipv4;
  /** Without domain. */
  readonly hostname: string;
}

export interface HeldLease {
  readonly mac: Mac;
  readonly address: Ipv4;
  readonly hostname: string;
  readonly expiresAt: Date;
}

/** A public address that stands for an instance's own. */
export interface FloatingIpIntent {
  readonly address: Ipv4;
  readonly fixedAddress: Ipv4;
  /** Undefined: `public_interface`. */
  readonly interface: DeviceName | undefined;
  /** Of the fixed address. */
  readonly networkId: number;
}

export interface NameIntent {
  /** With its domain. */
  readonly name: string;
  readonly address: Ipv4;
}

/** What may reach the instances on this host, and what may leave them. */
export interface FiltersIntent {
  readonly instances: readonly FilteredInstanceIntent[];
  /** Group id → the addresses of its members, for every group that a rule names. */
  readonly members: ReadonlyMap<number, readonly IpAddress[]>;
  /** They drop, before anything is accepted. */
  readonly providerRules: readonly (TrafficIntent & { readonly cidr: Cidr })[];
}

export interface FilteredInstanceIntent {
  /** Its chains are named after it. */
  readonly id: number;
  readonly nics: readonly FilteredNicIntent[];
  /** Of all its security groups; each accepts. */
  readonly rules: readonly AcceptedTrafficIntent[];
}

/** A NIC on a bridge of this host, whichever host serves its network. */
export interface FilteredNicIntent {
  readonly mac: Mac;
  /** The port of the bridge that it is behind, by nova's name. */
  readonly device: DeviceName;
  readonly bridge: DeviceName;
  /** Those that are its own, of both families. */
  readonly addresses: readonly IpAddress[];
  /** The blocks of its network. */
  readonly cidrs: readonly Cidr[];
  /** Undefined: nobody answers DHCP. */
  readonly dhcpServer: Ipv4 | undefined;
}

/** Ports of TCP and UDP, type and code of ICMP (−1: any). Everything null: traffic of every kind. */
export interface TrafficIntent {
  readonly protocol: 'tcp' | 'udp' | 'icmp' | null;
  readonly fromPort: number | null;
  readonly toPort: number | null;
}

export interface AcceptedTrafficIntent extends TrafficIntent {
  readonly source: { readonly cidr: Cidr } | { readonly groupId: number };
}
