import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadSettings } from './index.js';

/** Loads one of the files in fixtures/, which are configurations of nova as people have them. */
function load(fixture: string) {
  const content = readFileSync(new URL(`../fixtures/${fixture}`, import.meta.url), 'utf8');
  const remarks: string[] = [];
  const settings = loadSettings({
    argv: ['--config-file', `/${fixture}`],
    env: {},
    machine: {
      hostName: () => 'node1',
      ipv4: () => '192.0.2.7',
      readFile: () => content,
      bridgeProgram: '/opt/novanet/bin/novanet-dhcpbridge',
      version: () => '1.2.3',
    },
    warn: (remark) => remarks.push(remark),
  });
  const plain: unknown = JSON.parse(JSON.stringify(settings));
  return { plain, remarks };
}

describe('a configuration of nova is accepted as it is', () => {
  const cases = [
    {
      name: 'a flag file',
      fixture: 'flat-dhcp.flags',
      settings: {
        networkManager: 'FlatDHCPManager',
        flatNetworkBridge: 'br100',
        flatInterface: 'eth2',
        flatInjected: false,
        publicInterface: 'eth0',
        networkSize: 256,
        routingSourceIp: '192.0.2.10',
        autoAssignFloatingIp: true,
        cntVpnClients: 5,
        forceDhcpRelease: true,
        statePath: '/var/lib/nova',
        databaseConnection: 'mysql://nova:secret@192.0.2.10/nova',
        dhcpbridge: '/opt/novanet/bin/novanet-dhcpbridge',
      },
      remarks: [
        'rabbit_host in /flat-dhcp.flags line 10 is not read: write transport_url = rabbit://user:password@host:5672/vhost instead',
        'network_host in /flat-dhcp.flags line 43 has no effect: the host that serves a network is written in the database',
        'fixed_range in /flat-dhcp.flags line 44 has no effect: each network has the range it was created with',
        'floating_range in /flat-dhcp.flags line 45 has no effect: floating IPs are those that were put into a pool',
        'flat_network_dhcp_start in /flat-dhcp.flags line 46 has no effect: a network is told at its creation where the addresses of instances begin',
      ],
    },
    {
      name: 'bare lines without a section',
      fixture: 'vlan.conf',
      settings: { networkManager: 'VlanManager', vlanInterface: 'eth0', networkSize: 256 },
      remarks: [
        'fixed_range in /vlan.conf line 3 has no effect: each network has the range it was created with',
      ],
    },
    {
      name: 'flat networking on every host, without a firewall',
      fixture: 'flat-multi-host.conf',
      settings: {
        networkManager: 'FlatManager',
        flatNetworkBridge: 'br100',
        flatInterface: 'eth0',
        flatInjected: true,
        multiHost: true,
        sendArpForHa: true,
        allowSameNetTraffic: false,
        firewallDriver: 'noop',
        metadataHost: '127.0.0.1',
      },
      remarks: [
        'fixed_range in /flat-multi-host.conf line 14 has no effect: each network has the range it was created with',
      ],
    },
    {
      name: 'VLANs with IPv6, names, pools and notifications',
      fixture: 'dual-stack.conf',
      settings: {
        networkManager: 'VlanManager',
        vlanInterface: 'eth1',
        vlanStart: 171,
        vpnIp: '192.0.2.21',
        publicInterface: 'VLAN100',
        useIpv6: true,
        ipv6Backend: 'rfc2462',
        teardownUnusedNetworkGateway: true,
        dmzCidr: ['203.0.113.0/24'],
        dnsServer: ['8.8.8.8', '8.8.4.4'],
        dnsmasqConfigFile: '/etc/dnsmasq-nova.conf',
        instanceDnsManager: 'dnsmasq',
        instanceDnsDomain: 'cloud.example.org',
        floatingIpDnsManager: 'noop',
        defaultFloatingPool: 'public',
        metadataCacheExpiration: 30,
        metadataHost: '192.0.2.21',
        vendordataJsonfilePath: '/etc/nova/vendor_data.json',
        notificationDriver: ['messaging', 'noop'],
        notificationTopics: ['notifications', 'monitor'],
      },
      remarks: [
        'fixed_range_v6 in /dual-stack.conf line 8 has no effect: each network has the range it was created with',
      ],
    },
    {
      name: 'the file of all services of a cloud, of which nothing is said',
      fixture: 'whole-nova.conf',
      settings: {
        networkManager: 'FlatDHCPManager',
        host: 'compute1',
        statePath: '/var/lib/nova',
        databaseConnection: 'mysql+pymysql://nova:secret@192.0.2.10/nova',
        transportUrl: 'rabbit://nova:secret@192.0.2.10:5672/',
        rpcResponseTimeout: 120,
        quotaFloatingIps: 20,
        firewallDriver: 'iptables',
        networkSize: 254,
        shareDhcpAddress: true,
        notificationDriver: ['messagingv2'],
        dhcpbridge: '/opt/novanet/bin/novanet-dhcpbridge',
      },
      remarks: [],
    },
  ];
  it.each(cases)('$name', ({ fixture, settings, remarks }) => {
    const { plain, remarks: said } = load(fixture);
    expect(plain).toMatchObject(settings);
    expect(said).toEqual(remarks);
  });
});
