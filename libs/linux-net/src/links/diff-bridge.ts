import type { BridgeAddressPlan, BridgePlan, VlanPlan } from '@novanet/host-plan';
import type { DeviceName } from '@novanet/net-address';
import type { ConvergeProblem } from '../converge-report.js';
import { type BridgeMark, parseMark, renderMark } from './bridge-mark.js';
import { addressText, globalAddresses, hasAddress, type Link, type Links } from './link.js';
import { type LinkDiff, type LinkGroup, type LinkStep, lossesOf } from './link-group.js';
import { isAsPlanned } from './diff-vlans.js';

const ETHERNET_MTU = 1500;

/** What the other parts of the plan mean for a bridge. */
export interface BridgeSurroundings {
  /** Another bridge that gets the interface, because both networks ask for it. */
  readonly rival: string | undefined;
  /** What the member has to be, when it is a VLAN: why it is not was said where it could not be made. */
  readonly vlan: VlanPlan | undefined;
  /** The other bridges. */
  readonly others: readonly BridgePlan[];
}

/** What makes a planned bridge real. */
export function diffBridge(links: Links, plan: BridgePlan, surroundings: BridgeSurroundings): LinkDiff {
  const bridge = links.get(plan.name);
  if (bridge && bridge.kind !== 'bridge') {
    const message =
      'a device of this name exists and is not a bridge: rename it, or the bridge of the network';
    return { groups: [], problems: [{ subject: plan.name, message, blocks: plan.name }] };
  }
  const { member, problems } = usableMember(links, plan, surroundings);
  const wanted = markFor(links, plan, member);
  return {
    groups: [
      prepare(links, plan, { member, wanted, others: surroundings.others }),
      ...gatewayAddresses(bridge, plan, wanted.brought),
    ],
    problems: [...problems, ...mtuProblems(plan, member)],
  };
}

function usableMember(
  links: Links,
  plan: BridgePlan,
  { rival, vlan }: BridgeSurroundings,
): { member?: Link; problems: readonly ConvergeProblem[] } {
  if (plan.member === undefined) return { problems: [] };
  const member = links.get(plan.member);
  const problem = (message: string) => ({ problems: [{ subject: plan.member ?? plan.name, message }] });
  if (vlan && !(member && isAsPlanned(member, vlan))) return { problems: [] };
  if (!member) {
    return problem(
      `this device does not exist, so ${plan.name} has no way out of the host: ` +
        "create it, or set flat_interface (or the network's bridge_interface) to one that does",
    );
  }
  const other = rival ?? member.master;
  if (other !== undefined && other !== plan.name) {
    return problem(
      `it belongs to ${other} and cannot be a port of ${plan.name} too: take it out there, ` +
        'or give the networks different interfaces',
    );
  }
  return { member, problems: [] };
}

function markFor(links: Links, plan: BridgePlan, member: Link | undefined): BridgeMark {
  const bridge = links.get(plan.name);
  const mark = parseMark(bridge?.alias);
  const addresses = plan.addresses.map(textOf);
  const { member: name, mtu } = plan;
  if (!bridge || mark?.origin === 'created') {
    return { origin: 'created', mtu: undefined, member: name, addresses, brought: [] };
  }
  const isOurs = mark?.member === name;
  const wasThere = !isOurs && member?.master === bridge.name;
  const before = isOurs ? (mark?.brought.filter((text) => hasAddress(bridge, text)) ?? []) : [];
  const brought = member && !wasThere ? globalAddresses(member).map(addressText) : [];
  return {
    origin: 'joined',
    mtu: mtu === undefined ? undefined : (mark?.mtu ?? bridge.mtu),
    member: wasThere ? undefined : name,
    addresses,
    brought: [...new Set([...before, ...brought])],
  };
}

interface BridgeParts {
  readonly member: Link | undefined;
  readonly wanted: BridgeMark;
  readonly others: readonly BridgePlan[];
}

/** The bridge itself, its port, and the addresses of that port. */
function prepare(links: Links, plan: BridgePlan, parts: BridgeParts): LinkGroup {
  const bridge = links.get(plan.name);
  const { member, wanted } = parts;
  const steps: LinkStep[] = bridge ? adjustments(links, bridge, plan, parts) : creation(plan, member, wanted);
  const undo = bridge ? [] : [`link del ${plan.name}`];
  // A bridge that is up serves its instances, also without what failed.
  const blocks = bridge?.isUp ? undefined : plan.name;
  if (!member) return { subject: plan.name, steps, undo, blocks };
  if (member.master === undefined) {
    steps.push(`link set dev ${member.name} master ${plan.name}`);
    undo.push(`link set dev ${member.name} nomaster`);
  }
  if (!member.isUp) steps.push(`link set dev ${member.name} up`);
  const addresses = globalAddresses(member);
  if (member.master === undefined || addresses.length > 0) {
    steps.push({ from: member, to: plan.name, addresses });
  }
  return { subject: plan.name, steps, undo, blocks };
}

/** The MAC is there before the bridge comes up, so that its IPv6 link-local address is always the same. */
function creation(plan: BridgePlan, member: Link | undefined, wanted: BridgeMark): string[] {
  const mac = member?.mac ?? plan.ownMac.toString();
  const mtu = plan.mtu === undefined ? '' : ` mtu ${plan.mtu}`;
  return [
    `link add name ${plan.name} type bridge forward_delay 0 stp_state 0`,
    `link set dev ${plan.name} address ${mac}${mtu} alias ${renderMark(wanted)}`,
    `link set dev ${plan.name} up`,
  ];
}

function adjustments(
  links: Links,
  bridge: Link,
  plan: BridgePlan,
  { member, wanted, others }: BridgeParts,
): string[] {
  const settings: string[] = [];
  const isMarkable = bridge.alias === undefined || parseMark(bridge.alias) !== undefined;
  const isOwn = wanted.origin === 'created';
  const mac = member?.mac ?? (isOfAnother(links, bridge, others) ? plan.ownMac.toString() : bridge.mac);
  if (isOwn && mac !== undefined && mac !== bridge.mac) settings.push(`address ${mac}`);
  const mtu =
    plan.mtu ?? (isOwn ? usualMtu(links, bridge, member) : (parseMark(bridge.alias)?.mtu ?? bridge.mtu));
  if (mtu !== bridge.mtu) settings.push(`mtu ${mtu}`);
  if (isMarkable && bridge.alias !== renderMark(wanted)) settings.push(`alias ${renderMark(wanted)}`);
  if (!bridge.isUp) settings.push('up');
  return settings.length === 0 ? [] : [`link set dev ${bridge.name} ${settings.join(' ')}`];
}

/**
 * Whether its MAC is that of a device which is elsewhere by now, or of the first network of another bridge. Any other is
 * kept: instances know it.
 */
function isOfAnother(links: Links, { name, mac }: Link, others: readonly BridgePlan[]): boolean {
  const isElsewhere = (link: Link) => link.mac === mac && link.name !== name && link.master !== name;
  return others.some(({ ownMac }) => ownMac.toString() === mac) || [...links.values()].some(isElsewhere);
}

/** What the kernel gives a bridge, until somebody says otherwise: what all of its ports can carry. */
function usualMtu(links: Links, { name }: Link, member: Link | undefined): number {
  const ports = [...links.values()].filter((link) => link.master === name || link.name === member?.name);
  return ports.length === 0 ? ETHERNET_MTU : Math.min(...ports.map(({ mtu }) => mtu));
}

/**
 * Adds what is missing and takes away what was ours before; never reorders: dnsmasq is told its address.
 * @param brought those that the interface has as well
 */
function gatewayAddresses(
  bridge: Link | undefined,
  plan: BridgePlan,
  brought: readonly string[],
): LinkGroup[] {
  const subject = plan.name;
  const wanted = plan.addresses.map((one) => ({ ...one, text: textOf(one) }));
  const outdated = (parseMark(bridge?.alias)?.addresses ?? []).filter(
    (text) =>
      hasAddress(bridge, text) && !brought.includes(text) && !wanted.some((address) => address.text === text),
  );
  const missing = wanted.filter(({ text }) => !hasAddress(bridge, text));
  const hasIpv4 = wanted.some(({ address }) => address.version === 4);
  const [v4, v6] = [ofVersion(4, missing), ofVersion(6, missing)];
  return [
    ...(bridge ? lossesOf(bridge, outdated) : []).map((step) => ({ subject, steps: [step], undo: [] })),
    ...v4.map((one) => ({ subject, steps: [addition(one, subject)], undo: [], blocks: subject })),
    ...(v6.length > 0 ? [ipv6Additions(v6, subject, hasIpv4)] : []),
  ];
}

/** Where IPv6 is switched off none of them can be there; instances that have IPv4 are served all the same. */
function ipv6Additions(
  missing: readonly BridgeAddressPlan[],
  subject: DeviceName,
  hasIpv4: boolean,
): LinkGroup {
  return {
    subject,
    steps: missing.map((one) => addition(one, subject)),
    undo: missing.map((one) => `addr del ${textOf(one)} dev ${subject}`),
    blocks: hasIpv4 ? undefined : subject,
  };
}

function ofVersion(version: number, addresses: readonly BridgeAddressPlan[]): readonly BridgeAddressPlan[] {
  return addresses.filter(({ address }) => address.version === version);
}

/** Every host of the segment has the IPv6 addresses: nobody is to be asked whether they are free. */
function addition(one: BridgeAddressPlan, bridge: string): string {
  const { address, cidr, onlyAnswers } = one;
  const ofIpv6 = onlyAnswers ? 'nodad preferred_lft 0' : 'nodad';
  const how = address.version === 4 ? `brd ${cidr.broadcast.toString()}` : ofIpv6;
  return `addr replace ${textOf(one)} ${how} dev ${bridge}`;
}

function textOf({ address, cidr }: BridgeAddressPlan): string {
  return `${address.toString()}/${cidr.prefixLength}`;
}

function mtuProblems(plan: BridgePlan, member: Link | undefined): ConvergeProblem[] {
  if (plan.mtu === undefined || !member || member.mtu >= plan.mtu) return [];
  const message =
    `it carries packets of ${member.mtu} bytes and the network behind ${plan.name} asks for ${plan.mtu}: ` +
    'raise its MTU or lower that of the network';
  return [{ subject: member.name, message }];
}
