import type { FilteredInstanceIntent, FiltersIntent } from '@novanet/host-plan';
import { Ipv4, Ipv4Cidr, Mac, parseDeviceName, parseIp } from '@novanet/net-address';

/** An instance in 10.0.0.0/24 behind this device of br100, whom everybody may ping. */
export function filteredInstance(id: number, device: string): FilteredInstanceIntent {
  const everywhere = { cidr: Ipv4Cidr.parse('0.0.0.0/0') };
  const nic = {
    mac: Mac.ofNova(id),
    device: parseDeviceName(device),
    bridge: parseDeviceName('br100'),
    addresses: [parseIp(`10.0.0.${id + 2}`)],
    cidrs: [Ipv4Cidr.parse('10.0.0.0/24')],
    dhcpServer: Ipv4.parse('10.0.0.1'),
  };
  return { id, nics: [nic], rules: [{ protocol: 'icmp', fromPort: -1, toPort: -1, source: everywhere }] };
}

export function filtersOf(...instances: readonly FilteredInstanceIntent[]): { filters: FiltersIntent } {
  return { filters: { instances, members: new Map(), providerRules: [] } };
}
