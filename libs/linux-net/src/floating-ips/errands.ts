import type { Links } from '../links/link.js';
import { arpAnnouncement } from './arp-announcement.js';
import type { Binding, PendingWork } from './binding.js';

/** Something to do for a floating IP, once its rules stand. */
export interface Errand {
  readonly binding: Binding;
  readonly work: 'bind' | PendingWork;
  /** In the words of Netlink. */
  readonly orders: readonly string[];
}

/** Whose addresses come, stay and go. */
interface Changes {
  readonly bindable: readonly Binding[];
  /** The bindable ones, and those that are bound already. */
  readonly here: readonly Binding[];
  readonly leaving: readonly Binding[];
}

/** What is due, in its order: nobody is told of an address that is not there. */
export function errandsFor({ bindable, here, leaving }: Changes, links: Links): Errand[] {
  const isDue = (work: PendingWork) => (binding: Binding) => binding.pending.includes(work);
  return [
    ...bindable.flatMap((binding) => bindErrand(binding, links)),
    ...here.filter(isDue('announcement')).flatMap((binding) => announceErrand(binding, links)),
    ...[...here, ...leaving].filter(isDue('connections')).map(forgetErrand),
  ];
}

function bindErrand(binding: Binding, links: Links): Errand[] {
  const index = links.get(binding.device)?.index;
  if (index === undefined) return [];
  return [{ binding, work: 'bind', orders: [`bind ${index} ${binding.address.toString()}`] }];
}

/** In both forms: some systems heed only requests, some only replies. Nobody asks for addresses where there is no ARP. */
function announceErrand(binding: Binding, links: Links): Errand[] {
  const { address, device } = binding;
  const link = links.get(device);
  if (!link?.hasArp || link.mac === undefined) return [];
  const { index, mac } = link;
  const orders = (['request', 'reply'] as const).map(
    (form) => `announce ${index} ${address.toString()} ${arpAnnouncement({ address, mac }, form)}`,
  );
  return [{ binding, work: 'announcement', orders }];
}

/** Ends the connections that came in by it, or left under it; those of its instance's other addresses go on (nova cut them all). */
function forgetErrand(binding: Binding): Errand {
  return { binding, work: 'connections', orders: [`forget ${binding.address.toString()}`] };
}
