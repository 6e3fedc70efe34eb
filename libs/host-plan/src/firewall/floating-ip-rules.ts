import type { Ipv4 } from '@novanet/net-address';
import type { HostSettings } from '../host-intent.js';
import type { PlacedFloatingIp } from '../floating-ips/plan-floating-ips.js';
import { from, one, rule, to } from './rule.js';

/** For each chain a block of rules for each instance's address: the order of instances does not matter, that inside does. */
interface FloatingRules {
  /** What comes for the floating IP goes to the instance: from elsewhere (PREROUTING) and from this host (OUTPUT). */
  readonly destinations: readonly (readonly string[])[];
  readonly reflections: readonly (readonly string[])[];
  readonly sources: readonly (readonly string[])[];
}

export function floatingRules(floatingIps: readonly PlacedFloatingIp[]): FloatingRules {
  const groups = [...Map.groupBy(floatingIps, ({ fixedAddress }) => fixedAddress.value).values()];
  return {
    destinations: groups.map((own) => own.map(destination)),
    reflections: groups.map(reflections),
    sources: groups.map((own) => own.flatMap(sources)),
  };
}

function destination({ address, fixedAddress }: PlacedFloatingIp): string {
  return `-d ${one(address)} -j DNAT --to-destination ${fixedAddress.toString()}`;
}

/**
 * Who asks for a floating IP from inside is shown a floating IP, too: the answer must come back this way, or it would
 * come from an address that nobody asked. An instance that asks itself is shown the floating IP it asked for, also when it
 * has several (nova: the first).
 */
function reflections(own: readonly PlacedFloatingIp[]): string[] {
  return [
    ...own
      .slice(1)
      .map(({ address, fixedAddress }) =>
        rule(
          `-s ${one(fixedAddress)} -d ${one(fixedAddress)}`,
          `-m conntrack --ctorigdst ${address.toString()}`,
          snat(address),
        ),
      ),
    ...own.map(({ address, fixedAddress }) =>
      rule(`-s ${one(fixedAddress)}`, '-m conntrack --ctstate DNAT', snat(address)),
    ),
  ];
}

/** The instance leaves under its floating IP; under the first (lowest) one that is on the interface it leaves by. */
function sources({ address, fixedAddress, device }: PlacedFloatingIp): string[] {
  return [
    rule(`-s ${one(fixedAddress)} -d ${one(fixedAddress)}`, snat(address)),
    rule(`-s ${one(fixedAddress)} -o ${device}`, snat(address)),
  ];
}

/**
 * Who asks for a neighbour's floating IP and has none himself is shown as to the world outside (nova: as he is, which
 * worked only where bridged packets pass through iptables). Behind the rules of those who have one.
 */
export function neighbourSources(
  { routingSourceIp: source }: HostSettings,
  floatingIps: readonly PlacedFloatingIp[],
): string[] {
  if (!source) return [];
  const ranges = [...new Map(floatingIps.map(({ network }) => [network.id, network.v4.cidr])).values()];
  return ranges.map((range) => rule(from(range), to(range), '-m conntrack --ctstate DNAT', snat(source)));
}

function snat(source: Ipv4): string {
  return `-j SNAT --to-source ${source.toString()}`;
}
