import { option } from '../option.js';
import {
  boolean,
  choice,
  deviceName,
  implementation,
  integer,
  ipv4,
  label,
  optional,
} from '../option-types.js';

/** What networks and addresses are like. */
export const networkOptions = {
  networkManager: option(
    'network_manager',
    implementation(
      ['FlatManager', 'nova.network.manager.FlatManager', 'flat'],
      ['FlatDHCPManager', 'nova.network.manager.FlatDHCPManager', 'flatdhcp'],
      ['VlanManager', 'nova.network.manager.VlanManager', 'vlan'],
    ),
    'nova.network.manager.VlanManager',
    'How instances are connected; `flat`, `flatdhcp` and `vlan` will do. The same on every host.',
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
  defaultNetwork: option(
    'default_network',
    optional(label),
    '',
    'Label or uuid of the network of an instance that asks for none. Empty: all that its project may use. Not with VlanManager.',
  ),
  flatNetworkBridge: option(
    'flat_network_bridge',
    optional(deviceName),
    '',
    'Bridge of new flat networks, unless told.',
  ),
  flatInterface: option(
    'flat_interface',
    optional(deviceName),
    '',
    'Interface put into the bridge of a flat network. Its addresses and routes move to the bridge.',
  ),
  flatNetworkDns: option(
    'flat_network_dns',
    optional(ipv4),
    '8.8.4.4',
    'First DNS server of new networks, unless told.',
  ),
  flatInjected: option(
    'flat_injected',
    boolean,
    'false',
    'Instances on new networks of FlatManager find their addresses written into their image.',
  ),
  useIpv6: option('use_ipv6', boolean, 'false', 'Networks with an IPv6 range are served over IPv6 as well.'),
  ipv6Backend: option(
    'ipv6_backend',
    choice('rfc2462', 'account_identifier'),
    'rfc2462',
    "What an instance's IPv6 address is made of: its MAC alone, or its project and its MAC.",
  ),
  createUniqueMacAddressAttempts: option(
    'create_unique_mac_address_attempts',
    integer({ min: 1 }),
    '5',
    'How many MACs are tried for a new virtual interface before the request fails.',
  ),
  fixedIpDisassociateTimeout: option(
    'fixed_ip_disassociate_timeout',
    integer({ min: 1 }),
    '600',
    'Seconds after which a released address is free again although DHCP did not give it back.',
  ),
};
