import { tryParseIp } from '@novanet/net-address';
import type { HostPlan } from '@novanet/host-plan';
import { globalAddresses, type Link, type Links } from '../links/link.js';
import type { CausalFinding } from './examination-sheet.js';

/**
 * What nova left when it did not take down its bridges and VLANs: `vlan100` and `br100` that serve nothing. They bear no
 * mark of ours, so we do not touch them. An empty bridge counts when it has an address out of a network that we serve:
 * packets for that would end there.
 */
export function novaLeftovers(links: Links, plan: HostPlan): CausalFinding[] {
  const planned = new Set<string>([...plan.bridges, ...plan.vlans].map(({ name }) => name));
  const foreign = [...links.values()].filter(({ name, alias }) => !planned.has(name) && alias === undefined);
  return foreign.flatMap((link) => {
    const number = /^(?:br|vlan)(\d+)$/.exec(link.name)?.[1];
    if (number === undefined || !isIdle(links, link, number, plan)) return [];
    return [finding(link)];
  });
}

function isIdle(links: Links, link: Link, number: string, plan: HostPlan): boolean {
  const vlan = `vlan${number}`;
  if (link.name === vlan) {
    const isNovas = link.kind === 'vlan' && link.vlan === Number(number) && link.master === `br${number}`;
    return isNovas && !hasGuests(links, `br${number}`, vlan);
  }
  if (link.kind !== 'bridge' || hasGuests(links, link.name, vlan)) return false;
  return links.get(vlan)?.master === link.name || overlaps(link, plan);
}

function hasGuests(links: Links, bridge: string, vlan: string): boolean {
  return [...links.values()].some(({ name, master }) => master === bridge && name !== vlan);
}

function overlaps(link: Link, { bridges }: HostPlan): boolean {
  const blocks = bridges.flatMap(({ addresses }) => addresses.map(({ cidr }) => cidr));
  return globalAddresses(link).some(({ local }) => {
    const address = tryParseIp(local);
    return address !== undefined && blocks.some((block) => block.contains(address));
  });
}

function finding({ name }: Link): CausalFinding {
  return {
    check: 'leftovers',
    subject: name,
    problem: 'it serves nothing',
    explanation:
      'nova leaves such a device behind when it ends; packets may go astray there. Nothing of ours touches it',
    command: `ip link del ${name}`,
    isSafe: false,
    spoils: [name],
  };
}
