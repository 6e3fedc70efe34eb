import { createHash } from 'node:crypto';
import type { Cidr, Ipv6, Mac } from '@novanet/net-address';

/** `ipv6_backend`: how nova tells the address that a NIC has in an IPv6 network. */
export type Ipv6Backend = 'rfc2462' | 'account_identifier';

/**
 * The address of a NIC in a prefix; undefined when the prefix leaves no room for 64 bits. A network without project has
 * no account to be identified: there the usual address is told, where nova fails.
 */
export function derivedIpv6(
  mac: Mac,
  prefix: Cidr<6>,
  projectId: string | null,
  backend: Ipv6Backend,
): Ipv6 | undefined {
  if (prefix.prefixLength > 64) return undefined;
  if (backend === 'rfc2462' || projectId === null) return mac.eui64(prefix);
  const account = BigInt(`0x${createHash('sha1').update(projectId).digest('hex').slice(0, 8)}`);
  const low = BigInt(mac.value % 0x1000000);
  return prefix.first.plus(((account << 32n) ^ 0xff000000n) | low);
}
