import type { BridgePlan } from '@novanet/host-plan';
import { type BridgeMark, parseMark, renderMark } from './bridge-mark.js';
import { addressText, globalAddresses, type Link, type Links } from './link.js';
import { type AddressMove, type LinkGroup, lossesOf } from './link-group.js';
import { isOwnVlan } from './vlan-mark.js';

/** What has to happen to a bridge of ours that no network uses any more. Other devices are left alone. */
export function leaveBridge(links: Links, bridge: Link): LinkGroup {
  const mark = parseMark(bridge.alias);
  if (!mark || bridge.kind !== 'bridge') return nothingFor(bridge.name);
  const ports = [...links.values()].filter(({ master }) => master === bridge.name);
  const isUsed = ports.some(({ name }) => name !== mark.member);
  const member = links.get(mark.member ?? '');
  if (mark.origin === 'joined' || isUsed) return withdraw(bridge, mark, member);
  return remove(bridge, member);
}

/** A network that moved to another interface: the old one gets back what it brought. */
export function releaseMember(links: Links, plan: BridgePlan): LinkGroup {
  const bridge = links.get(plan.name);
  const old = links.get(parseMark(bridge?.alias)?.member ?? '');
  if (!bridge || !old || old.name === plan.member || old.master !== plan.name) return nothingFor(plan.name);
  // A VLAN device of ours brought nothing, and goes next.
  const steps = isOwnVlan(old) ? [`link set dev ${old.name} nomaster`] : [giveBack(bridge, old)];
  return {
    subject: old.name,
    steps,
    undo: [`link set dev ${old.name} master ${bridge.name}`],
  };
}

function nothingFor(subject: string): LinkGroup {
  return { subject, steps: [], undo: [] };
}

/** The addresses on the bridge that it has from us alone. */
function ownAddresses(bridge: Link, { addresses, brought }: BridgeMark): string[] {
  const own = new Set(addresses.filter((text) => !brought.includes(text)));
  return bridge.addresses.map(addressText).filter((text) => own.has(text));
}

/**
 * The bridge stays, because it is the operator's or because instances still hang on it: only we go, from the operator's
 * with the interface that we put in.
 */
function withdraw(bridge: Link, mark: BridgeMark, member: Link | undefined): LinkGroup {
  const { name } = bridge;
  const steps = lossesOf(bridge, ownAddresses(bridge, mark));
  const isInside = mark.origin === 'joined' && member?.master === name;
  if (isInside) steps.push(giveBack(bridge, member));
  if (mark.origin === 'joined') {
    if (mark.mtu !== undefined && mark.mtu !== bridge.mtu) steps.push(`link set dev ${name} mtu ${mark.mtu}`);
    steps.push(`link set dev ${name} alias ""`);
  } else if (mark.addresses.length > 0) {
    steps.push(`link set dev ${name} alias ${renderMark({ ...mark, addresses: [] })}`);
  }
  return { subject: name, steps, undo: isInside ? [`link set dev ${member.name} master ${name}`] : [] };
}

/** The interface gets back its addresses and routes, then the bridge goes. nova lost both. */
function remove(bridge: Link, member: Link | undefined): LinkGroup {
  const end = `link del ${bridge.name}`;
  if (!member || member.master !== bridge.name) return { subject: bridge.name, steps: [end], undo: [] };
  return {
    subject: bridge.name,
    steps: [giveBack(bridge, member), end],
    undo: [`link set dev ${member.name} master ${bridge.name}`],
  };
}

/** All addresses of the bridge but ours; of the operator's bridge those that came with the interface. */
function giveBack(bridge: Link, member: Link): AddressMove {
  const mark = parseMark(bridge.alias);
  const isBrought = (text: string) =>
    mark?.origin === 'joined' ? mark.brought.includes(text) : !mark?.addresses.includes(text);
  return {
    from: bridge,
    to: member.name,
    addresses: globalAddresses(bridge).filter((address) => isBrought(addressText(address))),
    between: [`link set dev ${member.name} nomaster`],
  };
}
