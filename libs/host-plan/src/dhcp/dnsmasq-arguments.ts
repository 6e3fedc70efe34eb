import type { HostSettings } from '../host-intent.js';
import type { Ipv4Network } from '../network-role.js';

/** Absolute paths of one dnsmasq's files. */
export interface DhcpFiles {
  readonly pid: string;
  readonly options: string;
  readonly leases: string;
  readonly hostsDirectory: string;
  readonly namesDirectory: string;
  /** Undefined: instances of other hosts have no names here. */
  readonly instanceNamesDirectory: string | undefined;
}

/** dnsmasq reserves nothing for a lease before it exists; the limit only keeps a /8 from asking for 16 million. */
const MOST_LEASES = 65_536n;

/**
 * nova's command line in nova's order, with directories of hosts and names instead of files.
 * @param isAlone no other network has DHCP on this bridge
 */
export function dnsmasqArguments(
  settings: HostSettings,
  network: Ipv4Network,
  files: DhcpFiles,
  isAlone: boolean,
): string[] {
  const { cidr, dhcpServer, dhcpStart } = network.v4;
  const leaseMax = cidr.size < MOST_LEASES ? cidr.size : MOST_LEASES;
  const ipv4Servers = network.dnsServers.filter(({ version }) => version === 4);
  const servers = [...settings.dnsServers, ...(settings.usesNetworkDnsServers ? ipv4Servers : [])];
  return [
    '--strict-order',
    '--bind-interfaces',
    `--conf-file=${settings.dnsmasqConfigFile}`,
    `--pid-file=${files.pid}`,
    `--dhcp-optsfile=${files.options}`,
    `--listen-address=${dhcpServer.toString()}`,
    '--except-interface=lo',
    ...(isAlone ? boundTo(network.bridge) : []),
    `--dhcp-range=set:net${network.id},${dhcpStart.toString()},static,${cidr.netmask.toString()},${settings.dhcpLeaseSeconds}s`,
    `--dhcp-lease-max=${leaseMax}`,
    `--dhcp-hostsdir=${files.hostsDirectory}`,
    `--dhcp-script=${settings.dhcpBridge}`,
    // Also the router of another host's instances would be told to who asks by DHCPINFORM.
    '--dhcp-ignore=tag:!known',
    '--no-hosts',
    `--hostsdir=${files.namesDirectory}`,
    ...(files.instanceNamesDirectory === undefined ? [] : [`--hostsdir=${files.instanceNamesDirectory}`]),
    '--leasefile-ro',
    ...(settings.dhcpDomain === '' ? [] : [`--domain=${settings.dhcpDomain}`]),
    // All its names are here: what is not, is nowhere, and nobody else needs to hear what instances look for.
    ...(settings.instanceDnsDomain === '' ? [] : [`--local=/${settings.instanceDnsDomain}/`]),
    ...(servers.length === 0 ? [] : ['--no-resolv']),
    ...servers.map((server) => `--server=${server.toString()}`),
  ];
}

/**
 * Makes dnsmasq take DHCP from this bridge alone, and still answer DNS at the address above alone. Otherwise all servers of
 * a host have one port, and the kernel gives each renewal and each release to any one of them.
 */
function boundTo(bridge: string): string[] {
  return [`--interface=${bridge}`, `--except-interface=${bridge}`];
}
