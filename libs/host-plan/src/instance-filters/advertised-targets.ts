import type { DeviceName, Ipv6 } from '@novanet/net-address';
import { rule } from '../firewall/rule.js';

/** Where neighbour advertisements are looked into: ebtables cannot see for whom they speak. */
export const ADVERTISEMENTS = 'nova-network-nd';

/** To that chain, from others. */
export const TO_ADVERTISEMENTS = `-p ipv6-icmp -m icmp6 --icmpv6-type 136 -j ${ADVERTISEMENTS}`;

/** Of the target in a neighbour advertisement, from the beginning of the packet (RFC 4861, section 4.4). */
const TARGET_OFFSET = 48;

/** A NIC says only of its own addresses where they are; what comes from elsewhere is not judged here. */
export function advertisementRules(port: DeviceName, own: readonly Ipv6[]): string[] {
  const from = `-m physdev --physdev-in ${port}`;
  return [
    ...own.map((address) => rule(from, `-m u32 --u32 "${targetMatch(address)}"`, '-j RETURN')),
    rule(from, '-j DROP'),
  ];
}

function targetMatch({ value }: Ipv6): string {
  return [0, 1, 2, 3]
    .map((index) => {
      const word = (value >> BigInt(32 * (3 - index))) & 0xffffffffn;
      return `0x${(TARGET_OFFSET + 4 * index).toString(16)}=0x${word.toString(16)}`;
    })
    .join('&&');
}
