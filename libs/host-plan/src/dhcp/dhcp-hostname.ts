import type { Ipv4 } from '@novanet/net-address';

const LABEL_LENGTH = 63;

/** What dnsmasq takes for an order or a lease time when it stands where a name does. */
const KEYWORD = /^(ignore|infinite|\d+[smhdw]?)$/i;

/**
 * An instance's name as one DNS label that dnsmasq accepts. nova shortened long names to their first two characters,
 * a dash and their last sixty, so that the number at the end of generated names survives; so do we. Everything that is
 * not a letter, digit, dash or underscore becomes a dash, and a name that would be a keyword begins with `host-`.
 */
export function dhcpHostname(given: string, address: Ipv4): string {
  const label = given.replace(/[^A-Za-z0-9_-]/g, '-').replace(/^[-_]+|[-_]+$/g, '');
  if (label === '') return `host-${address.toString().replaceAll('.', '-')}`;
  const name = KEYWORD.test(label) ? `host-${label}` : label;
  return name.length > LABEL_LENGTH ? `${name.slice(0, 2)}-${name.slice(-60)}` : name;
}
