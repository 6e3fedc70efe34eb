import type { FloatingIpPlan } from '@novanet/host-plan';
import type { Ipv4 } from '@novanet/net-address';
import type { LinkAddress, Links } from '../links/link.js';
import { ByPlace, type Place } from './by-place.js';

/** A floating IP on a device of this host, and what is still to be done about it. */
export interface Binding {
  readonly address: Ipv4;
  readonly device: string;
  readonly fixedAddress: Ipv4;
  /** `found`: somebody else had put it there, so it stays when we go. */
  readonly origin: 'bound' | 'found';
  readonly pending: readonly PendingWork[];
}

/** Tell the segment; forget connections that were translated otherwise. */
export type PendingWork = 'announcement' | 'connections';

/** What makes the bindings match the plan, once its rules stand. */
export interface BindingDiff {
  /** As they were. Work may be pending from a run that did not come to its end. */
  readonly kept: readonly Binding[];
  /** New, or leading to another instance than before. */
  readonly changed: readonly Binding[];
  /** Of the changed ones: not on their device yet. */
  readonly toBind: readonly Binding[];
  /** Not planned any more: their connections are to be forgotten. */
  readonly leaving: readonly Binding[];
  /** Their device does not exist. */
  readonly missing: readonly FloatingIpPlan[];
}

export function diffBindings(
  held: readonly Binding[],
  links: Links,
  planned: readonly FloatingIpPlan[],
): BindingDiff {
  const before = new ByPlace(held);
  const bound = boundAddresses(links);
  const present = planned.filter(({ device }) => links.has(device));
  const bindings = present.map((plan) => bindingFor(plan, before.at(plan), bound.at(plan) !== undefined));
  const isKept = (binding: Binding) => before.at(binding) === binding;
  const wanted = new ByPlace(planned);
  return {
    kept: bindings.filter(isKept),
    changed: bindings.filter((binding) => !isKept(binding)),
    toBind: bindings.filter((binding) => !bound.at(binding)),
    leaving: held
      .filter((binding) => !wanted.at(binding))
      .map((binding) => ({ ...binding, pending: ['connections'] })),
    missing: planned.filter(({ device }) => !links.has(device)),
  };
}

/** The same object as before when nothing has changed. */
function bindingFor(plan: FloatingIpPlan, before: Binding | undefined, isPresent: boolean): Binding {
  if (isPresent && before?.fixedAddress.equals(plan.fixedAddress)) return before;
  const { address, device, fixedAddress } = plan;
  if (!isPresent) {
    return { address, device, fixedAddress, origin: 'bound', pending: ['announcement', 'connections'] };
  }
  // The segment knows already where the address is: only its instance is another one.
  const announcement = before?.pending.filter((work) => work === 'announcement') ?? [];
  return {
    address,
    device,
    fixedAddress,
    origin: before?.origin ?? 'found',
    pending: [...announcement, 'connections'],
  };
}

/** What we have bound and the plan does not have there. */
export function surplusOf(
  held: readonly Binding[],
  links: Links,
  planned: readonly FloatingIpPlan[],
): readonly Binding[] {
  const wanted = new ByPlace(planned);
  const bound = boundAddresses(links);
  return held.filter((binding) => binding.origin === 'bound' && bound.at(binding) && !wanted.at(binding));
}

/** The devices without what we bound: it does not follow a bridge's other addresses when that goes. */
export function withoutBindings(links: Links, held: readonly Binding[]): Links {
  const own = new ByPlace(held.filter(({ origin }) => origin === 'bound'));
  const isForeign = (device: string, { local, prefixLength }: LinkAddress) =>
    prefixLength !== 32 || !own.at({ address: local, device });
  return new Map(
    [...links].map(([name, link]) => [
      name,
      { ...link, addresses: link.addresses.filter((address) => isForeign(name, address)) },
    ]),
  );
}

/** Whether the address is on the device, as floating IPs are: alone in its network. */
export function isBound(links: Links, { address, device }: Place): boolean {
  const text = address.toString();
  return links.get(device)?.addresses.some((a) => a.prefixLength === 32 && a.local === text) ?? false;
}

function boundAddresses(links: Links): ByPlace<Place> {
  const isAlone = ({ version, prefixLength }: LinkAddress) => version === 4 && prefixLength === 32;
  return new ByPlace(
    [...links.values()].flatMap(({ name, addresses }) =>
      addresses.filter(isAlone).map(({ local }) => ({ address: local, device: name })),
    ),
  );
}
