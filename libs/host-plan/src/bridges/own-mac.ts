import { type HostName, Mac } from '@novanet/net-address';

const OFFSET_BASIS = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;

/**
 * A MAC for what a host is on the segment of a network: always the same one, and another on every other host. nova drew
 * a new one each time. Locally administered; 40 bits of an FNV-1a hash make two hosts of one segment differ.
 */
export function ownMac(networkUuid: string, host: HostName): Mac {
  let hash = OFFSET_BASIS;
  for (const byte of new TextEncoder().encode(`${networkUuid} ${host}`)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME);
  }
  // The upper bits of FNV-1a are the better mixed ones.
  const bytes = (hash >> 24n).toString(16).padStart(10, '0').match(/../g) ?? [];
  return Mac.parse(`02:${bytes.join(':')}`);
}
