import { readFileSync } from 'node:fs';
import { type IpAddress, Mac } from '@novanet/net-address';

/** Neighbours of IPv4 in this process's network namespace, as the kernel lists them. */
const NEIGHBOURS = '/proc/net/arp';

/** Bit of a complete entry (ATF_COM). */
const COMPLETE = 2;

/** The MAC that the neighbour with this address has said it has; undefined: it is no neighbour. */
export function neighbourMac(
  address: IpAddress,
  read = () => readFileSync(NEIGHBOURS, 'utf8'),
): Mac | undefined {
  const text = address.toString();
  const words = read()
    .split('\n')
    .map((line) => line.split(/\s+/))
    .find(([local, , flags]) => local === text && (Number(flags) & COMPLETE) !== 0);
  return words?.[3] === undefined ? undefined : Mac.tryParse(words[3]);
}
