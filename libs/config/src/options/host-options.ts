import { option } from '../option.js';
import {
  absolutePath,
  boolean,
  chainName,
  cidr4,
  deviceName,
  domain,
  forwardInterfaces,
  integer,
  ipv4,
  list,
  optional,
  repeated,
  seconds,
} from '../option-types.js';

/** What is made of the host's kernel and of dnsmasq. */
export const hostOptions = {
  convergeInterval: option(
    'converge_interval',
    seconds,
    '60',
    'Seconds between two comparisons of the host with what it should be; what differs is repaired.',
  ),
  publicInterface: option(
    'public_interface',
    optional(deviceName),
    'eth0',
    'Interface towards the outside. Empty: any.',
  ),
  routingSourceIp: option(
    'routing_source_ip',
    optional(ipv4),
    '$my_ip',
    'Source address of what instances send to the outside. Empty: it is not rewritten.',
  ),
  dmzCidr: option('dmz_cidr', list(cidr4), '', 'Destinations that see the own address of an instance.'),
  forceSnatRange: option(
    'force_snat_range',
    repeated(cidr4),
    '',
    'Destinations for which the source address is rewritten even if the gateway is not this host.',
  ),
  forwardBridgeInterface: option(
    'forward_bridge_interface',
    forwardInterfaces,
    'all',
    'Interfaces a bridge may forward to; `all`: every one.',
  ),
  iptablesDropAction: option(
    'iptables_drop_action',
    chainName,
    'DROP',
    'Target of rules that refuse a packet.',
  ),
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
  dnsmasqConfigFile: option(
    'dnsmasq_config_file',
    optional(absolutePath),
    '',
    'Further configuration for dnsmasq.',
  ),
  dhcpbridge: option(
    'dhcpbridge',
    absolutePath,
    { shown: 'the one of this installation', of: (machine) => machine.bridgeProgram },
    'Program that dnsmasq runs when a lease changes.',
  ),
  spoolPath: option(
    'spool_path',
    absolutePath,
    '$state_path/dhcp-events',
    'Directory of lease events that are not delivered yet.',
  ),
};
