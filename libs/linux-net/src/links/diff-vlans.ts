import type { VlanPlan } from '@novanet/host-plan';
import type { ConvergeProblem } from '../converge-report.js';
import { parseMark } from './bridge-mark.js';
import { addressLine, globalAddresses, type Link, type Links } from './link.js';
import type { LinkDiff, LinkGroup } from './link-group.js';
import { isOwnVlan, VLAN_MARK } from './vlan-mark.js';

/**
 * The VLAN devices that are missing, wrong, or not needed any more. They come after the networks that left and before
 * the bridges they are members of.
 */
export function diffVlans(links: Links, vlans: readonly VlanPlan[]): LinkDiff {
  const planned = new Set<string>(vlans.map(({ name }) => name));
  const parts = vlans.map((vlan) => diffVlan(links, vlan));
  const unused = [...links.values()].filter((link) => !planned.has(link.name) && isUnused(links, link));
  return {
    groups: [
      ...unused.map(({ name }) => ({ subject: name, steps: [`link del ${name}`], undo: [] })),
      ...parts.flatMap(({ groups }) => groups),
    ],
    problems: parts.flatMap(({ problems }) => problems),
  };
}

/** Ours, not in a bridge of ours that instances still hang on, and without addresses that somebody gave it. */
function isUnused(links: Links, link: Link): boolean {
  const bridge = links.get(link.master ?? '');
  const isMember = parseMark(bridge?.alias)?.member === link.name;
  return isOwnVlan(link) && !isMember && globalAddresses(link).length === 0;
}

function diffVlan(links: Links, plan: VlanPlan): LinkDiff {
  const device = links.get(plan.name);
  const parent = links.get(plan.parent);
  if (device && isAsPlanned(device, plan)) return { groups: adjust(device, parent, plan), problems: [] };
  if (device && !isOwnVlan(device)) {
    const message =
      `a device of this name exists and is not VLAN ${plan.id} on ${plan.parent}, so ${plan.bridge} has no way out of ` +
      'the host: rename it';
    return { groups: [], problems: [{ subject: plan.name, message }] };
  }
  if (!parent) {
    const wrong =
      device && globalAddresses(device).length === 0
        ? [{ subject: plan.name, steps: [`link del ${plan.name}`], undo: [] }]
        : [];
    return { groups: wrong, problems: [missingParent(plan)] };
  }
  return { groups: [create(device, parent, plan)], problems: [] };
}

/** Whether it carries the right tag to the right interface, whoever made it. */
export function isAsPlanned({ kind, vlan, parent }: Link, plan: VlanPlan): boolean {
  return kind === 'vlan' && vlan === plan.id && parent === plan.parent;
}

/**
 * That of its network, or else that of its interface, as the kernel would have it. The kernel refuses a VLAN that is
 * larger than its interface; that it is too small for the network is told later.
 */
function mtuOf(parent: Link, { mtu }: VlanPlan): number {
  return mtu === undefined ? parent.mtu : Math.min(mtu, parent.mtu);
}

function adjust(device: Link, parent: Link | undefined, plan: VlanPlan): LinkGroup[] {
  if (!isOwnVlan(device) || !parent || mtuOf(parent, plan) === device.mtu) return [];
  const steps = [`link set dev ${plan.name} mtu ${mtuOf(parent, plan)}`];
  return [{ subject: plan.name, steps, undo: [] }];
}

function create(wrong: Link | undefined, parent: Link, plan: VlanPlan): LinkGroup {
  const { name, id, mac } = plan;
  return {
    subject: name,
    steps: [
      ...(wrong ? [`link del ${name}`] : []),
      // A VLAN cannot come up on a device that is down.
      ...(parent.isUp ? [] : [`link set dev ${parent.name} up`]),
      `link add link ${parent.name} name ${name} address ${mac.toString()} mtu ${mtuOf(parent, plan)} type vlan id ${id}`,
      `link set dev ${name} alias ${VLAN_MARK}`,
      ...(wrong ? globalAddresses(wrong).map((address) => addressLine(address, name)) : []),
    ],
    undo: [`link del ${name}`],
  };
}

/** What there will be when all planned devices are made. Undefined when one is there already and is not as planned. */
export function withNewVlans(links: Links, vlans: readonly VlanPlan[]): Links | undefined {
  const expected = new Map(links);
  for (const vlan of vlans) {
    const device = links.get(vlan.name);
    const parent = links.get(vlan.parent);
    if (!parent || (device && !isAsPlanned(device, vlan))) return undefined;
    if (!device) expected.set(vlan.name, newVlan(parent, vlan));
  }
  return expected;
}

function newVlan(parent: Link, plan: VlanPlan): Link {
  return {
    name: plan.name,
    index: 0,
    mac: plan.mac.toString(),
    mtu: mtuOf(parent, plan),
    master: undefined,
    isUp: false,
    kind: 'vlan',
    vlan: plan.id,
    parent: parent.name,
    hasArp: true,
    alias: VLAN_MARK,
    addresses: [],
  };
}

function missingParent({ name, parent, bridge }: VlanPlan): ConvergeProblem {
  const message =
    `this device does not exist, so ${name} cannot be made and ${bridge} has no way out of the host: ` +
    "create it, or set vlan_interface (or the network's bridge_interface) to one that does";
  return { subject: parent, message };
}

/** What to tell when the kernel refuses the first VLAN of all: it will refuse the others, too. */
export function noVlansProblem({ name, bridge }: VlanPlan, reason: string): ConvergeProblem {
  const message =
    `this kernel has no VLAN devices (${reason}), so ${bridge} has no way out of the host: load the module with ` +
    '"modprobe 8021q", and name it in /etc/modules-load.d for the next boot';
  return { subject: name, message };
}
