import { type DeviceName, Ipv4, Ipv4Cidr, Mac, parseDeviceName, parseHostName } from '@novanet/net-address';
import type {
  FloatingIpIntent,
  HostIntent,
  HostSettings,
  Ipv4Intent,
  NetworkIntent,
} from '../host-intent.js';

/** A host with every option at its default: the one the golden texts of nova describe. */
export function settingsOf(changes: Partial<HostSettings> = {}): HostSettings {
  return {
    host: parseHostName('host1'),
    myIp: Ipv4.parse('192.0.2.10'),
    vpnIp: Ipv4.parse('192.0.2.10'),
    publicInterface: parseDeviceName('eth0'),
    flatInterface: undefined,
    vlanInterface: undefined,
    usesIpv6: false,
    routingSourceIp: Ipv4.parse('192.0.2.10'),
    metadataHost: Ipv4.parse('192.0.2.10'),
    metadataPort: 8775,
    metadataTokenHopLimit: 1,
    dmzCidrs: [],
    forceSnatRanges: [],
    forwardBridgeInterfaces: undefined,
    allowsSameNetTraffic: true,
    dropAction: 'DROP',
    rulesBefore: undefined,
    rulesBehind: undefined,
    sendArpForHa: false,
    sendArpForHaCount: 3,
    networksPath: '/var/lib/nova/networks',
    dhcpBridge: '/usr/bin/novanet-dhcpbridge',
    spoolPath: '/var/lib/nova/spool',
    dhcpLeaseSeconds: 86_400,
    usesSingleDefaultGateway: false,
    forcesDhcpRelease: true,
    dhcpDomain: 'novalocal',
    instanceDnsDomain: '',
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
    vlan: undefined,
    mtu: undefined,
    isMultiHost: false,
    sharesAddress: false,
    v4: v4Of(),
    v6: undefined,
    enableDhcp: true,
    vpn: undefined,
    dnsServers: [],
    dhcpHosts: [
      dhcpHost('fa:16:3e:00:00:01', '10.0.0.3', 'vm-one'),
      dhcpHost('fa:16:3e:00:00:02', '10.0.0.4', 'vm-two'),
    ],
    instanceNames: undefined,
    heldLeases: [],
    drainingLeases: [],
    ...changes,
  };
}

/** 10.0.0.0/24 (or another such range) with its first address as gateway and DHCP server. */
export function v4Of(changes: Partial<Ipv4Intent> = {}, range = '10.0.0.0/24'): Ipv4Intent {
  const cidr = Ipv4Cidr.parse(range);
  return { cidr, gateway: cidr.at(1), dhcpServer: cidr.at(1), dhcpStart: cidr.at(2), ...changes };
}

/** Of network 1. */
export function floatingIp(address: string, fixedAddress: string, device?: DeviceName): FloatingIpIntent {
  return {
    address: Ipv4.parse(address),
    fixedAddress: Ipv4.parse(fixedAddress),
    interface: device,
    networkId: 1,
  };
}

/** Of the first NIC of an instance. */
export function dhcpHost(mac: string, address: string, hostname: string) {
  return { mac: Mac.parse(mac), address: Ipv4.parse(address), hostname, isFirstNic: true };
}

export function intentOf(
  networks: readonly NetworkIntent[],
  settings: Partial<HostSettings> = {},
  more: Partial<Omit<HostIntent, 'settings' | 'networks'>> = {},
): HostIntent {
  return {
    settings: settingsOf(settings),
    networks,
    floatingIps: [],
    names: [],
    filters: undefined,
    ...more,
  };
}
