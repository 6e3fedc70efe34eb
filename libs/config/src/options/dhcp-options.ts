import { option } from '../option.js';
import {
  absolutePath,
  boolean,
  domain,
  integer,
  ipv4,
  leaseProgram,
  optional,
  repeated,
} from '../option-types.js';

/** What dnsmasq tells instances, and how its leases come back. */
export const dhcpOptions = {
  dhcpLeaseTime: option('dhcp_lease_time', integer({ min: 1 }), '86400', 'Seconds a DHCP lease lasts.'),
  dhcpDomain: option('dhcp_domain', domain, 'novalocal', 'Domain of the instances. Empty: none.'),
  dnsServer: option(
    'dns_server',
    repeated(ipv4),
    '',
    'DNS servers that dnsmasq asks instead of those of this host.',
  ),
  useNetworkDnsServers: option(
    'use_network_dns_servers',
    boolean,
    'false',
    'dnsmasq also asks the DNS servers of the network.',
  ),
  useSingleDefaultGateway: option(
    'use_single_default_gateway',
    boolean,
    'false',
    'DHCP names a router only on the first interface of an instance: the oldest one, in whichever network.',
  ),
  forceDhcpRelease: option(
    'force_dhcp_release',
    boolean,
    'true',
    'The lease of a deleted instance ends at once, so that its address need not wait for it to expire.',
  ),
  dnsmasqConfigFile: option(
    'dnsmasq_config_file',
    optional(absolutePath),
    '',
    'Further configuration for dnsmasq.',
  ),
  dhcpbridge: option(
    'dhcpbridge',
    leaseProgram,
    { shown: 'the one of this installation', of: (machine) => machine.bridgeProgram },
    "Program that dnsmasq runs when a lease changes. nova's own (`nova-dhcpbridge`) stands for the default.",
  ),
  spoolPath: option(
    'spool_path',
    absolutePath,
    '$state_path/dhcp-events',
    'Directory of lease events that are not delivered yet. nova has no such option.',
  ),
};
