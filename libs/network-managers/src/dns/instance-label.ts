import { parseDnsLabel, type DnsLabel } from '@novanet/ipam';
import type { Ipv4 } from '@novanet/net-address';

const LABEL_LENGTH = 63;

/** Every resolver knows who this is: it must not become an instance. */
const TAKEN = 'localhost';

/**
 * An instance's display name as a DNS name, made the way its DHCP host name is: what is not a letter, digit, dash or
 * underscore becomes a dash, of a long name the first two characters and the last sixty stay, and an instance without
 * a usable name is called after its address.
 */
export function instanceLabel(displayName: string | null, address: Ipv4): DnsLabel {
  const label = (displayName ?? '').replace(/[^A-Za-z0-9_-]/g, '-').replace(/^[-_]+|[-_]+$/g, '');
  if (label === '') return parseDnsLabel(`host-${address.toString().replaceAll('.', '-')}`);
  const name = label.toLowerCase() === TAKEN ? `host-${label}` : label;
  return parseDnsLabel(name.length > LABEL_LENGTH ? `${name.slice(0, 2)}-${name.slice(-60)}` : name);
}
