import { option } from '../option.js';
import { boolean, deviceName, integer, ipv4, optional, port } from '../option-types.js';

/** What VlanManager needs besides. */
export const vlanOptions = {
  vlanInterface: option(
    'vlan_interface',
    optional(deviceName),
    '',
    'Interface that carries the VLANs of new networks, unless told.',
  ),
  vlanStart: option(
    'vlan_start',
    integer({ min: 1, max: 4094 }, 'VLAN number'),
    '100',
    'First VLAN of new networks, unless told.',
  ),
  vpnIp: option('vpn_ip', ipv4, '$my_ip', "Public address of the projects' VPN instances."),
  vpnStart: option('vpn_start', port, '1000', 'First public port of VPN instances, unless told.'),
  cntVpnClients: option(
    'cnt_vpn_clients',
    integer({ min: 0 }),
    '0',
    'Addresses at the upper end of a new network that are kept for VPN clients.',
  ),
  teardownUnusedNetworkGateway: option(
    'teardown_unused_network_gateway',
    boolean,
    'false',
    'A host takes down bridge and VLAN of a multi-host network that it has no instance of any more.',
  ),
};
