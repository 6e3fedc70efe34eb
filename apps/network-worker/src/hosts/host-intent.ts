import type { Settings } from '@novanet/config';
import type { HeldLease, HostIntent, HostSettings, NetworkIntent } from '@novanet/host-plan';
import { subnetOf, type ServedNetwork } from '@novanet/ipam';
import { Ipv4, type IpAddress } from '@novanet/net-address';

/** The intent of this host: its rows and its configuration in the terms of the plan. */
export function hostIntent(settings: HostSettings, served: readonly ServedNetwork[]): HostIntent {
  return {
    settings,
    networks: served.flatMap((rows) => networkIntent(rows, settings.dhcpLeaseSeconds) ?? []),
  };
}

/** Undefined for a network that leaves nothing to do on a host: without bridge or without IPv4. */
function networkIntent(
  { network, hosts, leases, draining }: ServedNetwork,
  leaseSeconds: number,
): NetworkIntent | undefined {
  const v4 = subnetOf(network, 4);
  const dhcpServer = v4?.dhcpServer ?? v4?.gateway;
  if (!v4 || !dhcpServer || !network.bridge) return undefined;
  return {
    id: network.id,
    uuid: network.uuid,
    label: network.label,
    isMultiHost: network.isMultiHost,
    sharesAddress: network.shareAddress,
    bridge: network.bridge,
    bridgeInterface: network.bridgeInterface ?? undefined,
    mtu: network.mtu ?? undefined,
    cidr: v4.cidr,
    gateway: v4.gateway ?? undefined,
    dhcpServer,
    dhcpStart: v4.dhcpStart ?? v4.cidr.at(2),
    enableDhcp: network.enableDhcp,
    dnsServers: [network.dns1, network.dns2].flatMap((address) => v4AddressOf(address)),
    dhcpHosts: hosts,
    heldLeases: leases.map((lease) => withExpiry(lease, leaseSeconds)),
    drainingLeases: draining,
  };
}

/** nova's dhcpbridge does not say when a lease ends: then it is taken to have just begun. */
export function withExpiry(
  { expiresAt, ...lease }: ServedNetwork['leases'][number],
  leaseSeconds: number,
): HeldLease {
  return { ...lease, expiresAt: expiresAt ?? new Date(Date.now() + leaseSeconds * 1000) };
}

function v4AddressOf(address: IpAddress | null): Ipv4[] {
  return address?.version === 4 ? [Ipv4.fromValue(address.value)] : [];
}

/** The options that shape the kernel, out of all options. */
export function hostSettings(settings: Settings): HostSettings {
  return {
    host: settings.host,
    myIp: settings.myIp,
    publicInterface: settings.publicInterface ?? undefined,
    routingSourceIp: settings.routingSourceIp ?? undefined,
    metadataHost: settings.metadataHost,
    metadataPort: settings.metadataPort,
    dmzCidrs: settings.dmzCidr,
    forceSnatRanges: settings.forceSnatRange,
    forwardBridgeInterfaces: settings.forwardBridgeInterface ?? undefined,
    dropAction: settings.iptablesDropAction,
    networksPath: settings.networksPath,
    dhcpBridge: settings.dhcpbridge,
    spoolPath: settings.spoolPath,
    dhcpLeaseSeconds: settings.dhcpLeaseTime,
    dhcpDomain: settings.dhcpDomain,
    dnsServers: settings.dnsServer,
    usesNetworkDnsServers: settings.useNetworkDnsServers,
    dnsmasqConfigFile: settings.dnsmasqConfigFile ?? '',
  };
}
