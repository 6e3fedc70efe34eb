import type { Ipv4 } from '@novanet/net-address';

/**
 * A broadcast frame in hexadecimal (RFC 5227, section 3): the address has this MAC, says the address itself.
 */
export function arpAnnouncement(
  { address, mac }: { readonly address: Ipv4; readonly mac: string },
  form: 'request' | 'reply',
): string {
  const ip = address.value.toString(16).padStart(8, '0');
  const hardware = mac.replaceAll(':', '');
  const [operation, target] = form === 'request' ? ['0001', '0'.repeat(12)] : ['0002', hardware];
  const ethernet = `${'f'.repeat(12)}${hardware}0806`;
  // Ethernet (6 bytes), IPv4 (4 bytes).
  const arp = `000108000604${operation}`;
  return `${ethernet}${arp}${hardware}${ip}${target}${ip}`;
}
