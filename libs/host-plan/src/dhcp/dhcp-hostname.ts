import type { Ipv4 } from '@novanet/net-address';

const LABEL_LENGTH = 63;

/**
 * An instance's name as one DNS label that dnsmasq accepts. nova shortened long names to their first two characters,
 * a dash and their last sixty, so that the number at the end of generated names survives; so do we. Everything that is
 * not a letter, digit, dash or underscore becomes a dash.
 */
export function dhcpHostname(name: string, address: Ipv4): string {
  const label = name.replace(/[^A-Za-z0-9_-]/g, '-').replace(/^[-_]+|[-_]+$/g, '');
  if (label === '') return `host-${address.toString().replaceAll('.', '-')}`;
  return label.length > LABEL_LENGTH ? `${label.slice(0, 2)}-${label.slice(-60)}` : label;
}
