import type { DeviceName, Ipv4 } from '@novanet/net-address';
import type { ConvergeProblem } from '../converge-report.js';
import { addressKey, addressLine, addressText, type Link, type LinkAddress } from './link.js';
import { movedRoute, routeAddition, routeDeletion, routesToKeep, routesToMove, type Route } from './route.js';

/** What has to change on the devices of the host, and what cannot be as planned. */
export interface LinkDiff {
  readonly groups: readonly LinkGroup[];
  readonly problems: readonly ConvergeProblem[];
}

/** Changes that make sense only together: all of them are made, or none. */
export interface LinkGroup {
  /** The device it is about. */
  readonly subject: string;
  readonly steps: readonly LinkStep[];
  /** Lines for `ip -force -batch` that undo the steps other than moves, as far as they were made. */
  readonly undo: readonly string[];
  /** The bridge whose instances have no network when this fails. */
  readonly blocks?: DeviceName | undefined;
  /** The floating IPs that do not work when this fails. */
  readonly floatingIps?: readonly Ipv4[];
}

/** A line for `ip -batch`, or what becomes of addresses, whose lines depend on the routes over the device. */
export type LinkStep = string | AddressMove | AddressLoss;

/** Addresses leave one device for another, and the routes over the device follow. */
export interface AddressMove {
  readonly from: Link;
  readonly to: string;
  /** Those of {@link from} that leave. */
  readonly addresses: readonly LinkAddress[];
  /** Steps between taking the addresses off the one device and giving them to the other. */
  readonly between?: readonly string[];
}

/** A device loses its last address of IPv4: the kernel forgets all IPv4 routes over it, and others need theirs. */
interface AddressLoss {
  readonly device: Link;
  /** With prefix length. */
  readonly last: string;
}

/** A group as text for `ip -batch`. */
export interface LinkBatch {
  readonly subject: string;
  readonly lines: readonly string[];
  readonly rollback: readonly string[];
  readonly blocks: DeviceName | undefined;
  readonly floatingIps: readonly Ipv4[];
}

export function needsRoutes(groups: readonly LinkGroup[]): boolean {
  return groups.some((group) => group.steps.some((step) => typeof step !== 'string'));
}

/** Groups that are made one after the other: a route over several devices may move with each of them. */
export function renderGroups(groups: readonly LinkGroup[], routes: readonly Route[]): LinkBatch[] {
  let current = routes;
  return groups.map((group) => {
    const batch = renderGroup(group, current);
    for (const move of movesOf(group)) current = routesAfter(move, current);
    return batch;
  });
}

export function renderGroup(group: LinkGroup, routes: readonly Route[]): LinkBatch {
  return {
    subject: group.subject,
    lines: group.steps.flatMap((step) => linesOf(step, routes)),
    blocks: group.blocks,
    floatingIps: group.floatingIps ?? [],
    rollback: [...group.undo, ...movesOf(group).flatMap((move) => moveBackLines(move, routes))],
  };
}

function movesOf({ steps }: LinkGroup): AddressMove[] {
  return steps.filter((step) => typeof step !== 'string' && 'to' in step);
}

function routesAfter({ from, to, addresses }: AddressMove, routes: readonly Route[]): Route[] {
  const moving = new Set(routesToMove(routes, from, addresses));
  return routes.map((route) => (moving.has(route) ? movedRoute(route, from.name, to) : route));
}

/** One step for each of these addresses (with prefix length), in this order. */
export function lossesOf(device: Link, addresses: readonly string[]): LinkStep[] {
  const lost = new Set(addresses);
  const isRoutable = device.addresses.some((one) => one.version === 4 && !lost.has(addressText(one)));
  const last = isRoutable ? undefined : addresses.findLast((text) => !text.includes(':'));
  return addresses.map((text) => (text === last ? { device, last } : deletion(text, device)));
}

function linesOf(step: LinkStep, routes: readonly Route[]): string[] {
  if (typeof step === 'string') return [step];
  if ('to' in step) return moveLines(step, routes);
  const { device, last } = step;
  const kept = routesToKeep(routes, device, last);
  return [deletion(last, device), ...kept.map((route) => routeAddition(route, device.name, device.name))];
}

function deletion(address: string, device: Link): string {
  return `addr del ${address} dev ${device.name}`;
}

function moveLines(move: AddressMove, routes: readonly Route[]): string[] {
  const { from, to } = move;
  const addresses = oldestFirst(move.addresses);
  const moving = routesToMove(routes, from, addresses);
  return [
    ...moving.map(routeDeletion),
    // Newest first: a primary address takes the secondary ones of its network with it.
    ...addresses.map((address) => `addr del ${addressKey(address, from.name)}`).toReversed(),
    ...(move.between ?? []),
    ...addresses.map((address) => addressLine(address, to)),
    ...moving.map((route) => routeAddition(route, from.name, to)),
  ];
}

/** The kernel lists addresses in the order in which it prefers them: of IPv4 the oldest first, of IPv6 the newest. */
function oldestFirst(addresses: readonly LinkAddress[]): LinkAddress[] {
  const of = (version: 4 | 6) => addresses.filter((address) => address.version === version);
  return [...of(4), ...of(6).toReversed()];
}

function moveBackLines(move: AddressMove, routes: readonly Route[]): string[] {
  const { from, to } = move;
  const addresses = oldestFirst(move.addresses);
  return [
    ...addresses.map((address) => `addr del ${addressKey(address, to)}`).toReversed(),
    ...addresses.map((address) => addressLine(address, from.name)),
    ...routesToMove(routes, from, addresses).map((route) => routeAddition(route, from.name, from.name)),
  ];
}
