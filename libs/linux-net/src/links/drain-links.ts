import type { AddressPlan } from '@novanet/host-plan';
import { parseMark } from './bridge-mark.js';
import { hasAddress, type Link, type Links } from './link.js';
import type { LinkGroup } from './link-group.js';

/**
 * What holds up the end of our bridges, and the addresses that no earlier plan is asked about: instances' devices leave
 * the bridges we made, and addresses of ours leave interfaces that are not.
 */
export function drainGroups(links: Links, addresses: readonly AddressPlan[]): LinkGroup[] {
  const ports = [...links.values()].filter((link) => isGuest(links, link));
  return [
    ...ports.map(({ name, master }) => ({
      subject: `${name} in ${master}`,
      steps: [`link set dev ${name} nomaster`],
      undo: [],
    })),
    ...addresses.flatMap(({ device, address, prefixLength }) => {
      const text = `${address.toString()}/${prefixLength}`;
      if (!hasAddress(links.get(device), text)) return [];
      return [{ subject: `${text} on ${device}`, steps: [`addr del ${text} dev ${device}`], undo: [] }];
    }),
  ];
}

/** Whether it is a port of a bridge that we made, and not the interface that we put into it. */
function isGuest(links: Links, { name, master }: Link): boolean {
  const mark = parseMark(links.get(master ?? '')?.alias);
  return mark?.origin === 'created' && mark.member !== name;
}
