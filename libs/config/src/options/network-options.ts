import { option } from '../option.js';
import { boolean, choice, deviceName, integer, ipv4, optional } from '../option-types.js';

/** What networks and addresses are like. */
export const networkOptions = {
  networkManager: option(
    'network_manager',
    choice('nova.network.manager.FlatDHCPManager'),
    'nova.network.manager.FlatDHCPManager',
    'How instances are connected.',
  ),
  multiHost: option(
    'multi_host',
    boolean,
    'false',
    'New networks are served by every host that has an instance on them.',
  ),
  shareDhcpAddress: option(
    'share_dhcp_address',
    boolean,
    'false',
    'New multi-host networks have the same gateway and DHCP address on every host.',
  ),
  numNetworks: option(
    'num_networks',
    integer({ min: 1 }),
    '1',
    'How many networks are created at once, unless told.',
  ),
  networkSize: option('network_size', integer({ min: 1 }), '256', 'Addresses in a new network, unless told.'),
  networkDeviceMtu: option(
    'network_device_mtu',
    optional(integer({ min: 68, max: 65_535 })),
    '',
    'MTU of new networks, unless told.',
  ),
  flatNetworkBridge: option(
    'flat_network_bridge',
    optional(deviceName),
    '',
    'Bridge of new networks, unless told.',
  ),
  flatInterface: option(
    'flat_interface',
    optional(deviceName),
    '',
    'Interface put into the bridge. Its addresses and routes move to the bridge.',
  ),
  flatNetworkDns: option(
    'flat_network_dns',
    optional(ipv4),
    '8.8.4.4',
    'First DNS server of new networks, unless told.',
  ),
  fixedIpDisassociateTimeout: option(
    'fixed_ip_disassociate_timeout',
    integer({ min: 1 }),
    '600',
    'Seconds after which a released address is free again although DHCP did not give it back.',
  ),
  quotaFixedIps: option(
    'quota_fixed_ips',
    integer({ min: -1 }),
    '-1',
    'Fixed IPs a project may hold; -1: any number.',
  ),
};
