import { type Ipv6, Ipv6Cidr, type Mac } from '@novanet/net-address';

/** Where addresses are that lead no farther than the link (RFC 4291, section 2.5.6). */
export const LINK_LOCAL = Ipv6Cidr.parse('fe80::/64');

/** By which instances know this host as their router. @param ownMac of the bridge */
export function routerAddress(ownMac: Mac): Ipv6 {
  return ownMac.eui64(LINK_LOCAL);
}
