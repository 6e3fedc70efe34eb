import type { HostSettings, NetworkIntent } from '../host-intent.js';

/** Absolute paths of one dnsmasq's files. */
export interface DhcpFiles {
  readonly pid: string;
  readonly options: string;
  readonly leases: string;
  readonly hostsDirectory: string;
}

/** dnsmasq reserves nothing for a lease before it exists; the limit only keeps a /8 from asking for 16 million. */
const MOST_LEASES = 65_536n;

/** nova's command line in nova's order, with a directory of hosts instead of a file. */
export function dnsmasqArguments(settings: HostSettings, network: NetworkIntent, files: DhcpFiles): string[] {
  const { cidr } = network;
  const leaseMax = cidr.size < MOST_LEASES ? cidr.size : MOST_LEASES;
  const servers = [...settings.dnsServers, ...(settings.usesNetworkDnsServers ? network.dnsServers : [])];
  return [
    '--strict-order',
    '--bind-interfaces',
    `--conf-file=${settings.dnsmasqConfigFile}`,
    `--pid-file=${files.pid}`,
    `--dhcp-optsfile=${files.options}`,
    `--listen-address=${network.dhcpServer.toString()}`,
    '--except-interface=lo',
    `--dhcp-range=set:net${network.id},${network.dhcpStart.toString()},static,${cidr.netmask.toString()},${settings.dhcpLeaseSeconds}s`,
    `--dhcp-lease-max=${leaseMax}`,
    `--dhcp-hostsdir=${files.hostsDirectory}`,
    `--dhcp-script=${settings.dhcpBridge}`,
    '--no-hosts',
    '--leasefile-ro',
    ...(settings.dhcpDomain === '' ? [] : [`--domain=${settings.dhcpDomain}`]),
    ...(servers.length === 0 ? [] : ['--no-resolv']),
    ...servers.map((server) => `--server=${server.toString()}`),
  ];
}
