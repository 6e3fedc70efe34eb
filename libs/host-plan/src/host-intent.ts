import type { Cidr, DeviceName, HostName, Ipv4, Mac } from '@novanet/net-address';

/** Everything the database and the configuration say about one host: the input of planHost. */
export interface HostIntent {
  readonly settings: HostSettings;
  readonly networks: readonly NetworkIntent[];
}

/** The configuration options that shape a host's kernel, parsed. */
export interface HostSettings {
  readonly host: HostName;
  /** `my_ip`. */
  readonly myIp: Ipv4;
  /** `public_interface`: where SNATed packets leave. Undefined: no `-o` match. */
  readonly publicInterface: DeviceName | undefined;
  /** `routing_source_ip`. Undefined: no SNAT at all. */
  readonly routingSourceIp: Ipv4 | undefined;
  readonly metadataHost: Ipv4;
  readonly metadataPort: number;
  readonly dmzCidrs: readonly Cidr<4>[];
  readonly forceSnatRanges: readonly Cidr<4>[];
  /** `forward_bridge_interface`; undefined stands for `all`. */
  readonly forwardBridgeInterfaces: readonly DeviceName[] | undefined;
  /** `iptables_drop_action`: a target, `DROP` unless the operator logs first. */
  readonly dropAction: string;
  /** `networks_path`: where dnsmasq's files live. The user `nobody` must be able to read there. */
  readonly networksPath: string;
  /** `dhcpbridge`: the program dnsmasq calls on lease events. */
  readonly dhcpBridge: string;
  /** Where that program leaves its event files. */
  readonly spoolPath: string;
  readonly dhcpLeaseSeconds: number;
  readonly dhcpDomain: string;
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
  /** The flat interface to put into the bridge, if any. */
  readonly bridgeInterface: DeviceName | undefined;
  readonly mtu: number | undefined;
  readonly cidr: Cidr<4>;
  /** Undefined: an isolated network. */
  readonly gateway: Ipv4 | undefined;
  /** Every host serves the network itself, instead of one for all. */
  readonly isMultiHost: boolean;
  /** The hosts of a multi-host network share one address (`share_dhcp_address`) instead of having one each. */
  readonly sharesAddress: boolean;
  /** The address of this host in the network. */
  readonly dhcpServer: Ipv4;
  readonly dhcpStart: Ipv4;
  readonly enableDhcp: boolean;
  readonly dnsServers: readonly Ipv4[];
  readonly dhcpHosts: readonly DhcpHostIntent[];
  /** What dnsmasq is told it had leased when it starts anew. */
  readonly heldLeases: readonly HeldLease[];
  /** Leases whose instance is gone: dnsmasq must be made to give them up. */
  readonly drainingLeases: readonly { readonly mac: Mac; readonly address: Ipv4 }[];
}

/** One static lease. */
export interface DhcpHostIntent {
  readonly mac: Mac;
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
