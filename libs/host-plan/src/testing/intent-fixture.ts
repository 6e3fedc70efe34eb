import { Ipv4, Ipv4Cidr, Mac, parseDeviceName, parseHostName } from '@novanet/net-address';
import type { HostIntent, HostSettings, NetworkIntent } from '../host-intent.js';

/** A host with every option at its default: the one the golden texts of nova describe. */
export function settingsOf(changes: Partial<HostSettings> = {}): HostSettings {
  return {
    host: parseHostName('host1'),
    myIp: Ipv4.parse('192.0.2.10'),
    publicInterface: parseDeviceName('eth0'),
    routingSourceIp: Ipv4.parse('192.0.2.10'),
    metadataHost: Ipv4.parse('192.0.2.10'),
    metadataPort: 8775,
    dmzCidrs: [],
    forceSnatRanges: [],
    forwardBridgeInterfaces: undefined,
    dropAction: 'DROP',
    networksPath: '/var/lib/nova/networks',
    dhcpBridge: '/usr/bin/novanet-dhcpbridge',
    spoolPath: '/var/lib/nova/spool',
    dhcpLeaseSeconds: 86_400,
    dhcpDomain: 'novalocal',
    dnsServers: [],
    usesNetworkDnsServers: false,
    dnsmasqConfigFile: '',
    ...changes,
  };
}

/** Network 1, `private`: 10.0.0.0/24 on br100 over eth1 with two instances. */
export function networkOf(changes: Partial<NetworkIntent> = {}): NetworkIntent {
  return {
    id: 1,
    uuid: '5f0c2a8e-0000-4000-8000-000000000001',
    label: 'private',
    bridge: parseDeviceName('br100'),
    bridgeInterface: parseDeviceName('eth1'),
    mtu: undefined,
    cidr: Ipv4Cidr.parse('10.0.0.0/24'),
    gateway: Ipv4.parse('10.0.0.1'),
    isMultiHost: false,
    sharesAddress: false,
    dhcpServer: Ipv4.parse('10.0.0.1'),
    dhcpStart: Ipv4.parse('10.0.0.2'),
    enableDhcp: true,
    dnsServers: [],
    dhcpHosts: [
      dhcpHost('fa:16:3e:00:00:01', '10.0.0.3', 'vm-one'),
      dhcpHost('fa:16:3e:00:00:02', '10.0.0.4', 'vm-two'),
    ],
    heldLeases: [],
    drainingLeases: [],
    ...changes,
  };
}

export function dhcpHost(mac: string, address: string, hostname: string) {
  return { mac: Mac.parse(mac), address: Ipv4.parse(address), hostname };
}

export function intentOf(
  networks: readonly NetworkIntent[],
  settings: Partial<HostSettings> = {},
): HostIntent {
  return { settings: settingsOf(settings), networks };
}
