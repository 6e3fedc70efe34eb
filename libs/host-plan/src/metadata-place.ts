import { Ipv4, Ipv6 } from '@novanet/net-address';
import type { HostSettings } from './host-intent.js';

/** Where instances ask for their metadata. */
export const METADATA_IPV4 = Ipv4.parse('169.254.169.254');

/** The same on their link, as neutron has it: also where there is no IPv4. */
export const METADATA_IPV6 = Ipv6.parse('fe80::a9fe:a9fe');

/** Whether the metadata service runs on this host. */
export function isMetadataHere({ metadataHost, myIp, routingSourceIp }: HostSettings): boolean {
  const own = [Ipv4.parse('127.0.0.1'), myIp, routingSourceIp];
  return own.some((address) => address?.equals(metadataHost) ?? false);
}
