import { type Cidr, Ipv4Cidr, Ipv6Cidr, tryParseIp } from '@novanet/net-address';
import {
  numberAt,
  parseRecords,
  recordAt,
  recordsIn,
  textAt,
  textsAt,
  type JsonRecord,
} from './json-fields.js';
import { globalAddresses, type Link, type LinkAddress } from './link.js';

/** A route as `ip -json -details route` shows it. */
export type Route = JsonRecord;

/** Of IPv6 prefix routes, unless the address says otherwise. */
const IPV6_METRIC = 256;

/** Reads `ip -json -details route show table all`, both families. The kernel's own `local` table is not ours to move. */
export function parseRoutes(json: string): Route[] {
  return parseRecords(json).filter((route) => textAt(route, 'table') !== 'local');
}

/**
 * The routes that follow these addresses of a device elsewhere: with or without gateway, of all tables and both
 * families. Not those which the kernel makes by itself, nor those whose gateway is reached by an address that stays.
 */
export function routesToMove(
  routes: readonly Route[],
  device: Link,
  leaving: readonly LinkAddress[],
): Route[] {
  const automatic = new Set(device.addresses.flatMap(prefixRouteKey));
  const staying = globalAddresses(device).filter((address) => !leaving.includes(address));
  const moving = routes.filter((route) => {
    if (!devicesOf(route).includes(device.name)) return false;
    if (textAt(route, 'protocol') === 'kernel') {
      const network = networkText(textAt(route, 'dst') ?? '');
      const key = `${network} ${numberAt(route, 'metric') ?? 0}`;
      return network !== 'fe80::/64' && !automatic.has(key);
    }
    const gateway = tryParseIp(textAt(route, 'gateway') ?? '');
    return !gateway || !staying.some((address) => parseNetwork(networkOf(address))?.contains(gateway));
  });
  return gatewaysLast(moving);
}

/** The IPv4 routes over a device that were not made for this address of it, or use it. */
export function routesToKeep(routes: readonly Route[], device: Link, lost: string): Route[] {
  const source = lost.split('/')[0];
  const kept = routes.filter(
    (route) =>
      devicesOf(route).includes(device.name) &&
      !isIpv6(route) &&
      textAt(route, 'protocol') !== 'kernel' &&
      textAt(route, 'prefsrc') !== source,
  );
  return gatewaysLast(kept);
}

/** A gateway must be reachable before a route can use it. */
function gatewaysLast(routes: readonly Route[]): Route[] {
  const isDirect = (route: Route) => !('gateway' in route || 'via' in route || 'nexthops' in route);
  return [...routes.filter(isDirect), ...routes.filter((route) => !isDirect(route))];
}

export function devicesOf(route: Route): string[] {
  return [route, ...recordsIn(route['nexthops'])].flatMap((hop) => textAt(hop, 'dev') ?? []);
}

/** The route that the kernel makes by itself when a device gets the address: network and metric. */
function prefixRouteKey(address: LinkAddress): string[] {
  if (address.hasNoPrefixRoute || address.isSecondary) return [];
  return [`${networkOf(address)} ${address.metric ?? (address.version === 6 ? IPV6_METRIC : 0)}`];
}

function networkOf(address: LinkAddress): string {
  return networkText(`${address.peer ?? address.local}/${address.prefixLength}`);
}

/** `10.9.9.5/24` is the network 10.9.9.0/24, a bare address a network of one. */
function networkText(text: string): string {
  return parseNetwork(text)?.toString() ?? text;
}

function parseNetwork(text: string): Cidr | undefined {
  return Ipv4Cidr.tryParse(text) ?? Ipv6Cidr.tryParse(text);
}

/** The route over another device. */
export function movedRoute(route: Route, from: string, to: string): Route {
  const move = (hop: Route) => (textAt(hop, 'dev') === from ? { ...hop, dev: to } : hop);
  return 'nexthops' in route ? { ...route, nexthops: recordsIn(route['nexthops']).map(move) } : move(route);
}

/** A line for `ip -batch` that adds the route, or changes the one with the same key, over another device. */
export function routeAddition(route: Route, from: string, to: string): string {
  const expires = numberAt(route, 'expires');
  const lifetime = expires === undefined ? '' : ` expires ${expires}`;
  return `route replace ${routeText(route, from, to)}${lifetime}`;
}

export function routeDeletion(route: Route): string {
  return `route del ${routeText(route, '', '')}`;
}

function routeText(route: Route, from: string, to: string): string {
  const hops = recordsIn(route['nexthops']);
  const words = [textAt(route, 'type') ?? 'unicast', destination(route), hopText(route, from, to)];
  for (const [field, keyword] of [
    ['table', 'table'],
    ['protocol', 'proto'],
    ['prefsrc', 'src'],
    ['metric', 'metric'],
    ['pref', 'pref'],
  ] as const) {
    const value = textAt(route, field) ?? numberAt(route, field);
    if (value !== undefined && !(field === 'metric' && value === 0)) words.push(`${keyword} ${value}`);
  }
  if (!isIpv6(route) && hops.length === 0) words.push(`scope ${textAt(route, 'scope') ?? 'global'}`);
  for (const metrics of recordsIn(route['metrics'])) {
    words.push(...Object.entries(metrics).map(([name, value]) => `${name} ${String(value)}`));
  }
  words.push(
    ...hops.map((hop) => `nexthop ${hopText(hop, from, to)} weight ${numberAt(hop, 'weight') ?? 1}`),
  );
  return words.filter((word) => word !== '').join(' ');
}

function hopText(hop: JsonRecord, from: string, to: string): string {
  const via = recordAt(hop, 'via');
  const gateway = textAt(hop, 'gateway');
  const device = textAt(hop, 'dev');
  const words: string[] = [];
  if (gateway !== undefined) words.push(`via ${gateway}`);
  else if ('host' in via) words.push(`via ${textAt(via, 'family')} ${textAt(via, 'host')}`);
  if (device !== undefined) words.push(`dev ${device === from ? to : device}`);
  if (textsAt(hop, 'flags').includes('onlink')) words.push('onlink');
  return words.join(' ');
}

/** `default` says nothing about the family. */
function destination(route: Route): string {
  const text = textAt(route, 'dst') ?? 'default';
  if (text !== 'default') return text;
  return isIpv6(route) ? '::/0' : '0.0.0.0/0';
}

/** What it leads to; undefined for text that is no block. */
export function blockOf(route: Route): Cidr | undefined {
  return parseNetwork(destination(route));
}

/** The same route when everything that went over one device goes over another. */
export function overDevice(route: Route, from: string, to: string): Route {
  const hops = recordsIn(route['nexthops']).map((hop) => overDevice(hop, from, to));
  const device = textAt(route, 'dev') === from ? { dev: to } : {};
  return { ...route, ...device, ...(hops.length > 0 && { nexthops: hops }) };
}

/** Only IPv6 routes have a router preference. */
export function isIpv6(route: Route): boolean {
  const text = textAt(route, 'dst') ?? 'default';
  if (text === 'default') return 'pref' in route;
  return text.includes(':');
}
