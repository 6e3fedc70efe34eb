import type { Network } from '@novanet/ipam';
import { Ipv4, Ipv4Cidr, Ipv6, Ipv6Cidr, parseDeviceName, parseHostName } from '@novanet/net-address';
import { describe, expect, it } from 'vitest';
import { schemas } from '../open-api/schemas.js';
import { tenantNetworkView } from '../tenant-networks/tenant-network-view.js';
import { networkView, subnetUsageView } from './network-view.js';

const cidr = Ipv4Cidr.parse('10.0.0.0/29');
const cidrV6 = Ipv6Cidr.parse('fd00:1::/64');
const network: Network = {
  id: 7,
  uuid: '20c8acc0-f747-4d71-a389-46d078ebf047',
  label: 'mynet_0',
  projectId: '1234',
  host: parseHostName('compute1'),
  isMultiHost: false,
  isInjected: false,
  bridge: parseDeviceName('br100'),
  bridgeInterface: parseDeviceName('eth0'),
  vlan: 100,
  vpnPublicAddress: Ipv4.parse('127.0.0.1'),
  vpnPublicPort: 1000,
  vpnPrivateAddress: cidr.at(2),
  dns1: Ipv4.parse('8.8.4.4'),
  dns2: null,
  mtu: 1450,
  priority: null,
  enableDhcp: true,
  shareAddress: false,
  subnets: [
    {
      id: 1,
      version: 4,
      cidr,
      gateway: cidr.at(1),
      dhcpServer: cidr.at(1),
      dhcpStart: cidr.at(3),
      pool: { first: cidr.at(3), last: cidr.at(6) },
    },
    {
      id: 2,
      version: 6,
      cidr: cidrV6,
      gateway: Ipv6.parse('fd00:1::1'),
      dhcpServer: null,
      dhcpStart: null,
      pool: null,
    },
  ],
  createdAt: new Date('2011-08-15T06:19:19.387Z'),
  updatedAt: null,
};

const ADMIN = { isAdmin: true };

describe('networkView', () => {
  it('shows the fields of nova, the uuid as id', () => {
    expect(networkView(network, ADMIN)).toEqual({
      bridge: 'br100',
      bridge_interface: 'eth0',
      broadcast: '10.0.0.7',
      cidr: '10.0.0.0/29',
      cidr_v6: 'fd00:1::/64',
      created_at: '2011-08-15T06:19:19.387000',
      deleted: false,
      deleted_at: null,
      dhcp_server: '10.0.0.1',
      dhcp_start: '10.0.0.3',
      dns1: '8.8.4.4',
      dns2: null,
      enable_dhcp: true,
      gateway: '10.0.0.1',
      gateway_v6: 'fd00:1::1',
      host: 'compute1',
      id: '20c8acc0-f747-4d71-a389-46d078ebf047',
      injected: false,
      label: 'mynet_0',
      mtu: 1450,
      multi_host: false,
      netmask: '255.255.255.248',
      netmask_v6: 'ffff:ffff:ffff:ffff::',
      priority: null,
      project_id: '1234',
      rxtx_base: null,
      share_address: false,
      updated_at: null,
      vlan: 100,
      vpn_private_address: '10.0.0.2',
      vpn_public_address: '127.0.0.1',
      vpn_public_port: 1000,
    });
  });

  it('shows who is no administrator nothing of hosts, bridges and projects', () => {
    expect(networkView(network, { isAdmin: false })).toEqual({
      broadcast: '10.0.0.7',
      cidr: '10.0.0.0/29',
      cidr_v6: 'fd00:1::/64',
      dns1: '8.8.4.4',
      dns2: null,
      gateway: '10.0.0.1',
      gateway_v6: 'fd00:1::1',
      id: '20c8acc0-f747-4d71-a389-46d078ebf047',
      label: 'mynet_0',
      netmask: '255.255.255.248',
      netmask_v6: 'ffff:ffff:ffff:ffff::',
    });
  });

  it('is described field by field', () => {
    const schema = schemas['Network'];
    const described = schema && 'properties' in schema ? schema.properties : {};
    expect(Object.keys(described ?? {}).sort()).toEqual(Object.keys(networkView(network, ADMIN)).sort());
  });
});

describe('other views', () => {
  const [subnet] = network.subnets;
  const counts = { size: 8, allocated: 1, leased: 1, draining: 0, reserved: 3, free: 4 };

  it.each([
    ['SubnetUsage', () => subnetUsageView({ subnet: subnet!, ...counts })],
    ['TenantNetwork', () => tenantNetworkView(network)],
  ] as const)('%s is described field by field', (name, view) => {
    const schema = schemas[name];
    const described = schema && 'properties' in schema ? schema.properties : {};
    expect(Object.keys(described ?? {}).sort()).toEqual(Object.keys(view()).sort());
  });
});
