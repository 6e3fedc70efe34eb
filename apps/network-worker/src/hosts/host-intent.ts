import type { Settings } from '@novanet/config';
import type {
  FloatingIpIntent,
  HeldLease,
  HostSettings,
  Ipv4Intent,
  Ipv6Intent,
  NetworkIntent,
  VpnIntent,
} from '@novanet/host-plan';
import {
  parseInstanceDomain,
  subnetOf,
  type FloatingIp,
  type InstanceName,
  type Network,
  type ServedNetwork,
} from '@novanet/ipam';

/**
 * The networks of this host in the terms of the plan.
 * @param names of the instances of multi-host networks, on all hosts; undefined: they are not told
 */
export function networkIntents(
  served: readonly ServedNetwork[],
  leaseSeconds: number,
  names: readonly InstanceName[] | undefined,
): NetworkIntent[] {
  const byNetwork = names && Map.groupBy(names, ({ networkId }) => networkId);
  const namesIn = ({ id, isMultiHost }: Network) =>
    byNetwork && isMultiHost ? (byNetwork.get(id) ?? []) : undefined;
  return served.flatMap((rows) => networkIntent(rows, leaseSeconds, namesIn(rows.network)) ?? []);
}

/** The floating IPs that this host carries in the terms of the plan. */
export function floatingIpIntents(rows: readonly FloatingIp[]): FloatingIpIntent[] {
  return rows.flatMap((floatingIp) => floatingIpIntent(floatingIp) ?? []);
}

/** Undefined for a network that leaves nothing to do on a host: without bridge. */
function networkIntent(
  rows: ServedNetwork,
  leaseSeconds: number,
  instanceNames: readonly InstanceName[] | undefined,
): NetworkIntent | undefined {
  const { network, hosts, leases, draining } = rows;
  if (!network.bridge) return undefined;
  return {
    id: network.id,
    uuid: network.uuid,
    label: network.label,
    isMultiHost: network.isMultiHost,
    sharesAddress: network.shareAddress,
    bridge: network.bridge,
    bridgeInterface: network.bridgeInterface ?? undefined,
    vlan: network.vlan ?? undefined,
    mtu: network.mtu ?? undefined,
    v4: ipv4Intent(rows),
    v6: ipv6Intent(network),
    enableDhcp: network.enableDhcp,
    vpn: vpnIntent(network),
    dnsServers: [network.dns1, network.dns2].filter((address) => address !== null),
    dhcpHosts: hosts,
    instanceNames,
    heldLeases: leases.map((lease) => withExpiry(lease, leaseSeconds)),
    drainingLeases: draining,
  };
}

function vpnIntent({ vpnPublicAddress, vpnPublicPort, vpnPrivateAddress }: Network): VpnIntent | undefined {
  if (!vpnPublicAddress || vpnPublicPort === null || !vpnPrivateAddress) return undefined;
  return { publicAddress: vpnPublicAddress, publicPort: vpnPublicPort, privateAddress: vpnPrivateAddress };
}

/** Undefined also while this host has no address in the network. */
function ipv4Intent({ network, dhcpServer }: ServedNetwork): Ipv4Intent | undefined {
  const subnet = subnetOf(network, 4);
  if (!subnet || !dhcpServer) return undefined;
  const { cidr, gateway, dhcpStart } = subnet;
  return { cidr, gateway: gateway ?? undefined, dhcpServer, dhcpStart: dhcpStart ?? cidr.at(2) };
}

function ipv6Intent(network: Network): Ipv6Intent | undefined {
  const subnet = subnetOf(network, 6);
  return subnet && { cidr: subnet.cidr, gateway: subnet.gateway ?? undefined };
}

function floatingIpIntent({
  address,
  interface: device,
  association,
}: FloatingIp): FloatingIpIntent | undefined {
  if (!association) return undefined;
  const { fixedAddress, networkId } = association;
  return { address, fixedAddress, interface: device ?? undefined, networkId };
}

/** nova's dhcpbridge does not say when a lease ends: then it is taken to have just begun. */
export function withExpiry(
  { expiresAt, ...lease }: ServedNetwork['leases'][number],
  leaseSeconds: number,
): HeldLease {
  return { ...lease, expiresAt: expiresAt ?? new Date(Date.now() + leaseSeconds * 1000) };
}

/** The options that shape the kernel, out of all options. */
export function hostSettings(settings: Settings): HostSettings {
  return {
    host: settings.host,
    myIp: settings.myIp,
    vpnIp: settings.vpnIp,
    allowsSameNetTraffic: settings.allowSameNetTraffic,
    publicInterface: settings.publicInterface ?? undefined,
    flatInterface: settings.flatInterface ?? undefined,
    vlanInterface: settings.vlanInterface ?? undefined,
    usesIpv6: settings.useIpv6,
    routingSourceIp: settings.routingSourceIp ?? undefined,
    metadataHost: settings.metadataHost,
    metadataPort: settings.metadataPort,
    metadataTokenHopLimit: settings.metadataTokenHopLimit,
    dmzCidrs: settings.dmzCidr,
    forceSnatRanges: settings.forceSnatRange,
    forwardBridgeInterfaces: settings.forwardBridgeInterface ?? undefined,
    dropAction: settings.iptablesDropAction,
    rulesBefore: settings.iptablesTopRegex ?? undefined,
    rulesBehind: settings.iptablesBottomRegex ?? undefined,
    sendArpForHa: settings.sendArpForHa,
    sendArpForHaCount: settings.sendArpForHaCount,
    networksPath: settings.networksPath,
    dhcpBridge: settings.dhcpbridge,
    spoolPath: settings.spoolPath,
    dhcpLeaseSeconds: settings.dhcpLeaseTime,
    usesSingleDefaultGateway: settings.useSingleDefaultGateway,
    forcesDhcpRelease: settings.forceDhcpRelease,
    dhcpDomain: settings.dhcpDomain,
    instanceDnsDomain:
      settings.instanceDnsManager === 'noop' ? '' : parseInstanceDomain(settings.instanceDnsDomain),
    dnsServers: settings.dnsServer,
    usesNetworkDnsServers: settings.useNetworkDnsServers,
    dnsmasqConfigFile: settings.dnsmasqConfigFile ?? '',
  };
}
