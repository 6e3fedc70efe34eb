import type { BridgeAddressPlan, BridgePlan } from '@novanet/host-plan';
import { globalAddresses, hasAddress, type Link, type Links } from '../links/link.js';
import type { LinkGroup } from '../links/link-group.js';

/** What can cut this host off when a bridge is made as planned. */
export interface BridgeChange {
  readonly bridge: BridgePlan;
  /** The interface whose addresses and routes move to the bridge. */
  readonly moved: Link | undefined;
  /** The addresses that the bridge has not got yet. */
  readonly gained: readonly BridgeAddressPlan[];
}

/** Undefined: nothing of the kind. */
export function changeOf(
  bridge: BridgePlan,
  links: Links,
  groups: readonly LinkGroup[],
): BridgeChange | undefined {
  const steps = groups.filter(({ subject }) => subject === bridge.name).flatMap((group) => group.steps);
  const moved = steps.flatMap((step) => (typeof step === 'object' && 'from' in step ? [step.from] : []))[0];
  const present = links.get(bridge.name);
  const gained = bridge.addresses.filter(
    ({ address, cidr }) => !hasAddress(present, `${address.toString()}/${cidr.prefixLength}`),
  );
  return moved || gained.length > 0 ? { bridge, moved, gained } : undefined;
}

/** Whether routes may follow an interface. (One without an address of its own has none that matter to anybody.) */
export function movesAddresses({ moved }: BridgeChange): boolean {
  return moved !== undefined && globalAddresses(moved).length > 0;
}
