import { Ipv6Cidr, type IpAddress } from '@novanet/net-address';
import type { Link, Links } from '../links/link.js';
import { overDevice } from '../links/route.js';
import type { BridgeChange } from './bridge-change.js';
import { type Path, pathTo, type Routing } from './path.js';
import type { Peer } from './peer.js';

/** Somebody whom a change would cut off. */
export interface Loss {
  readonly peer: Peer;
  /** The end of a sentence: why. */
  readonly reason: string;
  /** What has to be different so that nobody is lost. */
  readonly remedy: 'block' | 'interface';
}

const LINK_LOCAL = Ipv6Cidr.parse('fe80::/10');

/** Of IPv6 routes that the kernel makes by itself. */
const IPV6_METRIC = 256;

/** Those who are reached now, and would not be after the change. */
export function lossesOf(
  change: BridgeChange,
  peers: readonly Peer[],
  links: Links,
  before: Routing,
): Loss[] {
  const after = routingAfter(change, before);
  return peers.flatMap((peer) => {
    if (isHere(links, peer.address)) return [];
    const loss = lossOfLinkLocal(change, peer) ?? lossOfPath(change, peer, { before, after });
    return loss ? [{ peer, ...loss }] : [];
  });
}

type Cause = Omit<Loss, 'peer'>;

/** Such an address says nothing without its interface, and that hears nothing any more once it is a port. */
function lossOfLinkLocal({ bridge, moved }: BridgeChange, { address, own }: Peer): Cause | undefined {
  if (!moved || !LINK_LOCAL.contains(address) || !own || !has(moved, own)) return undefined;
  const reason = `it uses a link-local address of ${moved.name}, which would be a port of ${bridge.name}`;
  return { reason, remedy: 'interface' };
}

function lossOfPath(
  { bridge, moved, gained }: BridgeChange,
  { address: to, own: from }: Peer,
  { before, after }: { readonly before: Routing; readonly after: Routing },
): Cause | undefined {
  if (LINK_LOCAL.contains(to)) return undefined;
  const same = gained.find(({ address }) => address.equals(to));
  if (same) return { reason: `${to.toString()} would be an address of ${bridge.name}`, remedy: 'block' };
  // What a rule says of the interface holds for its connections as long as it has any.
  const now = pathTo(
    before,
    { from, to },
    ({ devices }) => moved !== undefined && devices.includes(moved.name),
  );
  if (!now) return undefined;
  const obstacle = moved && now.device === moved.name ? obstacleTo(moved) : undefined;
  if (obstacle !== undefined) {
    return { reason: `it is reached over ${now.device}, and that ${obstacle}`, remedy: 'interface' };
  }
  const then = pathTo(after, { from, to }, () => false);
  const device = moved && now.device === moved.name ? bridge.name : now.device;
  if (then && then.device === device && then.gateway === now.gateway) return undefined;
  if (moved && now.rule.devices.includes(moved.name)) {
    const rule = `the policy rule ${now.rule.priority} (ip rule)`;
    return {
      reason: `${rule} leads to it for ${moved.name} only, which would be a port of ${bridge.name}`,
      remedy: 'interface',
    };
  }
  const block = gained.find(({ cidr }) => cidr.contains(to))?.cidr;
  if (!block) return { reason: `its route over ${now.device} would be lost`, remedy: 'interface' };
  return {
    reason: `${block.toString()} would be behind ${bridge.name}, and it is reached ${wayOf(now)}`,
    remedy: 'block',
  };
}

function wayOf({ device, gateway }: Path): string {
  return gateway === undefined ? `over ${device}` : `over ${device} by ${gateway}`;
}

/** Why no bridge takes an interface in; the kernel would say so half-way. */
function obstacleTo({ kind, hasArp }: Link): string | undefined {
  if (kind === 'bridge') return 'is a bridge, which cannot be in another one';
  return hasArp ? undefined : 'is no Ethernet device, so it cannot be in a bridge';
}

/**
 * Routes follow the interface, and those of the new addresses come first: of two equal ones it depends on their age
 * which one counts, and that changes when interfaces go down and up.
 */
function routingAfter({ bridge, moved, gained }: BridgeChange, { routes, rules }: Routing): Routing {
  const following = moved ? routes.map((route) => overDevice(route, moved.name, bridge.name)) : routes;
  const added = gained.map(({ cidr }) => ({
    dst: cidr.toString(),
    dev: bridge.name,
    ...(cidr.version === 6 && { metric: IPV6_METRIC }),
  }));
  return { routes: [...added, ...following], rules };
}

function isHere(links: Links, address: IpAddress): boolean {
  return [...links.values()].some((link) => has(link, address));
}

function has({ addresses }: Link, address: IpAddress): boolean {
  return addresses.some(({ local }) => local === address.toString());
}
