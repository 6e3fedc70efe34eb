import { parseMark } from '../links/bridge-mark.js';
import { hasAddress, type Link, type Links } from '../links/link.js';
import type { AddressEvent, KernelEvent, LinkEvent } from './kernel-event.js';

/**
 * What was heard of devices and addresses since the host was last looked at, held against what is remembered of it. The
 * newest event about a thing says how that is; so our own changes, once they are remembered, put nothing in doubt.
 */
export class Doubts {
  private readonly heard = new Map<string, LinkEvent | AddressEvent>();
  private hasLost = false;

  hear(event: KernelEvent): void {
    if (event.kind === 'link') this.heard.set(event.name, event);
    else if (event.kind === 'address') this.heard.set(`${event.device} ${event.address}`, event);
  }

  /** Something escaped who listens. */
  lose(): void {
    this.hasLost = true;
  }

  /** Whether all that was heard agrees with these devices. What agrees is done with. */
  agreeWith(links: Links): boolean {
    for (const [key, event] of this.heard) if (agrees(links, event)) this.heard.delete(key);
    return this.heard.size === 0 && !this.hasLost;
  }

  /** Somebody is going to look. */
  clear(): void {
    this.heard.clear();
    this.hasLost = false;
  }
}

function agrees(links: Links, event: LinkEvent | AddressEvent): boolean {
  return event.kind === 'link' ? isSameLink(links.get(event.name), event) : isSameAddress(links, event);
}

function isSameLink(link: Link | undefined, event: LinkEvent): boolean {
  if (event.isGone) return link?.index !== event.index;
  return (
    link?.index === event.index &&
    link.isUp === event.isUp &&
    link.master === event.master &&
    link.mtu === event.mtu &&
    link.mac === event.mac &&
    link.alias === event.alias
  );
}

/** Nothing depends on the address by which the kernel itself makes each device known to its neighbours. */
function isSameAddress(links: Links, { device, address, isGone }: AddressEvent): boolean {
  const link = links.get(device);
  if (address.startsWith('fe80:') && !parseMark(link?.alias)?.addresses.includes(address)) return true;
  return hasAddress(link, address) !== isGone;
}
