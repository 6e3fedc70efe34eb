import type { IpAddress, Mac } from '@novanet/net-address';
import { LINK_LOCAL } from '../bridges/link-local.js';
import type { FilteredNicIntent } from '../host-intent.js';
import { inFamily } from './group-rules.js';

/**
 * The frames that a NIC may send, in ebtables' words: those from its own MAC and addresses. It is no DHCP server and no
 * router, and speaks nothing but IP and ARP. What comes to the end of the chain without RETURN is dropped.
 */
export function portFrames(nic: FilteredNicIntent): string[] {
  const mac = nic.mac.toString();
  return [
    `-s ! ${mac} -j DROP`,
    ...arpFrames(mac, inFamily(nic.addresses, 'ipv4')),
    ...ipv4Frames(nic, inFamily(nic.addresses, 'ipv4')),
    ...ipv6Frames(inFamily(nic.addresses, 'ipv6'), nic.mac),
    // how a hypervisor tells switches that the instance has moved
    '-p RARP -j RETURN',
    '-j DROP',
  ];
}

/** One that asks whether an address is free has none yet (RFC 5227). */
function arpFrames(mac: string, own: readonly IpAddress[]): string[] {
  return [
    `-p ARP --arp-mac-src ! ${mac} -j DROP`,
    '-p ARP --arp-op Request --arp-ip-src 0.0.0.0 -j RETURN',
    ...own.map((address) => `-p ARP --arp-ip-src ${address.toString()} -j RETURN`),
    '-p ARP -j DROP',
  ];
}

function ipv4Frames({ dhcpServer }: FilteredNicIntent, own: readonly IpAddress[]): string[] {
  const request =
    '-p IPv4 --ip-src 0.0.0.0 --ip-dst 255.255.255.255 --ip-proto udp --ip-sport 68 --ip-dport 67 -j RETURN';
  return [
    ...(dhcpServer ? [request] : []),
    '-p IPv4 --ip-proto udp --ip-sport 67 -j DROP',
    ...own.map((address) => `-p IPv4 --ip-src ${address.toString()} -j RETURN`),
    '-p IPv4 -j DROP',
  ];
}

/** On a network without IPv6 none of it: nobody filters what instances would say to each other by it. */
function ipv6Frames(own: readonly IpAddress[], mac: Mac): string[] {
  if (own.length === 0) return ['-p IPv6 -j DROP'];
  const senders = [mac.eui64(LINK_LOCAL), ...own];
  return [
    '-p IPv6 --ip6-proto udp --ip6-sport 547 -j DROP',
    '-p IPv6 --ip6-proto ipv6-icmp --ip6-icmp-type router-advertisement -j DROP',
    '-p IPv6 --ip6-proto ipv6-icmp --ip6-icmp-type redirect -j DROP',
    // duplicate address detection, multicast listeners
    '-p IPv6 --ip6-src :: --ip6-proto ipv6-icmp -j RETURN',
    ...senders.map((address) => `-p IPv6 --ip6-src ${address.toString()} -j RETURN`),
    '-p IPv6 -j DROP',
  ];
}
