import { InvalidAddressText } from './address.error.js';
import type { IpAddress } from './ip-address.js';
import { Ipv4 } from './ipv4.js';
import { Ipv6 } from './ipv6.js';

/** An address of either family. Throws InvalidAddressText. */
export function parseIp(text: string): IpAddress {
  const address = tryParseIp(text);
  if (!address) throw new InvalidAddressText('IP address', text);
  return address;
}

export function tryParseIp(text: string): IpAddress | undefined {
  return Ipv4.tryParse(text) ?? Ipv6.tryParse(text);
}
