import type { HostPlan } from '@novanet/host-plan';
import { parseMark } from '../links/bridge-mark.js';
import type { Link, Links } from '../links/link.js';
import type { CausalFinding } from './examination-sheet.js';

/** An interface that a plan needs and cannot make. */
interface NeededInterface {
  readonly name: string;
  /** Where it is configured. */
  readonly option: string;
  /** The devices that do not work without it. */
  readonly users: readonly string[];
  /** The bridge it belongs into. */
  readonly bridge: string | undefined;
}

const FLAT = "flat_interface or the network's bridge_interface";
const VLAN = "vlan_interface or the network's bridge_interface";
const PUBLIC = "public_interface or the floating IP's own interface";

/** Interfaces of the operator's: missing, in another's bridge, down, or without anything at their other end. */
export function interfaceFindings(links: Links, plan: HostPlan): CausalFinding[] {
  return neededBy(plan).flatMap((needed) => findingFor(links, plan, needed) ?? []);
}

function neededBy({ bridges, vlans, floatingIps }: HostPlan): NeededInterface[] {
  const made = new Set<string>([...bridges, ...vlans].map(({ name }) => name));
  const members = bridges.flatMap(({ name, member }) =>
    member === undefined || made.has(member)
      ? []
      : [{ name: member, option: FLAT, users: [member, name], bridge: name }],
  );
  const parents = [...Map.groupBy(vlans, ({ parent }) => parent)].map(([name, on]) => ({
    name,
    option: VLAN,
    users: [name, ...on.flatMap((vlan) => [vlan.name, vlan.bridge])],
    bridge: undefined,
  }));
  const known = new Set<string>([...made, ...members.map(({ name }) => name)]);
  const carriers = [...new Set(floatingIps.map(({ device }) => device))]
    .filter((name) => !known.has(name))
    .map((name) => ({ name, option: PUBLIC, users: [name], bridge: undefined }));
  return [...members, ...parents, ...carriers];
}

function findingFor(
  links: Links,
  plan: HostPlan,
  { name, option, users, bridge }: NeededInterface,
): CausalFinding | undefined {
  const about = { check: 'interfaces', subject: name, spoils: users, command: undefined } as const;
  const served = users.filter((user) => user !== name).join(', ') || 'floating IPs';
  const link = links.get(name);
  if (!link) {
    const explanation = `${served} cannot do without it: create it, or set ${option} to one that exists, and start the worker again`;
    return { ...about, problem: 'this interface does not exist', explanation, isSafe: false };
  }
  const holder = bridge === undefined ? undefined : holderOf(links, plan, link, bridge);
  if (holder !== undefined) {
    return {
      ...about,
      problem: `it is in ${holder}, and not in ${bridge ?? served}`,
      explanation: `${bridge ?? served} has no way out of the host: take it out of ${holder}, or set ${option} to the right one`,
      command: `ip link set dev ${name} nomaster`,
      isSafe: false,
    };
  }
  if (!link.isUp) {
    const explanation = `${served} has no way out of the host`;
    const command = `ip link set dev ${name} up`;
    return {
      ...about,
      problem: 'this interface is down',
      explanation,
      command,
      isSafe: bridge !== undefined,
    };
  }
  if (!link.lacksCarrier || link.kind === 'bridge') return undefined;
  const explanation = `${served} has no way out of the host: look at its cable and the port of the switch, or set ${option} to the right one`;
  return {
    ...about,
    problem: 'nothing is at its other end',
    explanation,
    command: `ip -s link show dev ${name}`,
    isSafe: false,
  };
}

/** Whose it is, when converging does not take it from there: not a bridge of ours. */
function holderOf(links: Links, { bridges }: HostPlan, { master }: Link, bridge: string): string | undefined {
  if (master === undefined || master === bridge) return undefined;
  const isOurs =
    bridges.some(({ name }) => name === master) || parseMark(links.get(master)?.alias) !== undefined;
  return isOurs ? undefined : master;
}
