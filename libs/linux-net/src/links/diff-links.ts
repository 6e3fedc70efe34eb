import type { AddressPlan, BridgePlan, HostPlan } from '@novanet/host-plan';
import { diffBridge } from './diff-bridge.js';
import { leaveBridge, releaseMember } from './leave-bridge.js';
import { hasAddress, type Links } from './link.js';
import type { LinkDiff } from './link-group.js';

type LinkPlan = Pick<HostPlan, 'vlans' | 'bridges' | 'addresses'>;

/** What networks that are gone, or sit on another interface now, give back. Others may be waiting for it. */
export function diffLeaving(links: Links, plan: LinkPlan): LinkDiff {
  const planned = new Set<string>(plan.bridges.map(({ name }) => name));
  const groups = [
    ...[...links.values()].filter(({ name }) => !planned.has(name)).map((link) => leaveBridge(links, link)),
    ...plan.bridges.map((bridge) => releaseMember(links, bridge)),
  ];
  return { groups: groups.filter(({ steps }) => steps.length > 0), problems: [] };
}

/** What the planned networks need, once {@link diffLeaving} is done and the VLAN devices are made. */
export function diffPlanned(links: Links, plan: LinkPlan): LinkDiff {
  const parts = [
    ...plan.bridges.map((bridge) =>
      diffBridge(links, bridge, {
        rival: rivalOf(links, plan.bridges, bridge),
        vlan: plan.vlans.find(({ name }) => name === bridge.member),
        others: plan.bridges.filter((other) => other !== bridge),
      }),
    ),
    ...plan.addresses.map((address) => diffAddress(links, address)),
  ];
  return {
    groups: parts.flatMap(({ groups }) => groups).filter(({ steps }) => steps.length > 0),
    problems: parts.flatMap(({ problems }) => problems),
  };
}

/** Another planned bridge that has, or gets, the same interface. */
function rivalOf(links: Links, bridges: readonly BridgePlan[], bridge: BridgePlan): string | undefined {
  if (bridge.member === undefined) return undefined;
  const claimants = bridges.filter(({ member }) => member === bridge.member).map(({ name }) => name);
  const holder = links.get(bridge.member)?.master;
  const winner = claimants.find((name) => name === holder) ?? claimants[0];
  return winner === bridge.name ? undefined : winner;
}

function diffAddress(links: Links, plan: AddressPlan): LinkDiff {
  const link = links.get(plan.device);
  const address = `${plan.address.toString()}/${plan.prefixLength}`;
  if (!link) {
    const message = `the device does not exist, so it cannot have ${address}`;
    return { groups: [], problems: [{ subject: plan.device, message }] };
  }
  const steps = hasAddress(link, address)
    ? []
    : [`addr replace ${address} scope ${plan.scope} dev ${plan.device}`];
  return { groups: [{ subject: plan.device, steps, undo: [] }], problems: [] };
}
