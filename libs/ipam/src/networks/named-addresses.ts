import type { IpAddress, Ipv4 } from '@novanet/net-address';
import type { FixedIpRole } from '../fixed-ips/fixed-ip.js';
import type { SubnetDraft } from './network.js';

/** An address with a purpose of its own: it has a row from the start, so that it is never handed out. */
export interface NamedAddress {
  readonly address: IpAddress;
  readonly role: Exclude<FixedIpRole, 'instance'>;
}

/** The subnet's named addresses, lowest first. One that has several purposes keeps the first. */
export function namedAddresses(subnet: SubnetDraft, vpnPrivateAddress: Ipv4 | null): NamedAddress[] {
  const candidates: { address: IpAddress | null; role: NamedAddress['role'] }[] = [
    { address: subnet.gateway, role: 'gateway' },
    { address: subnet.dhcpServer, role: 'dhcp' },
    { address: vpnPrivateAddress, role: 'vpn' },
    ...subnet.reserved.map((address) => ({ address, role: 'reserved' as const })),
  ];
  const named = new Map<bigint, NamedAddress>();
  for (const { address, role } of candidates) {
    if (!address || !subnet.cidr.contains(address) || named.has(address.value)) continue;
    named.set(address.value, { address, role });
  }
  return [...named.values()].sort((a, b) => a.address.compare(b.address));
}
