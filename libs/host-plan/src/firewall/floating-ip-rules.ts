import type { Ipv4 } from '@novanet/net-address';
import type { HostSettings, NetworkIntent } from '../host-intent.js';
import type { PlacedFloatingIp } from '../floating-ips/plan-floating-ips.js';
import { hasIpv4 } from '../network-role.js';
import { perObject } from '../per-object.js';
import { from, one, rule, to } from './rule.js';

/** The rules of one instance's address, whose order matters: a block for each chain. That of instances does not. */
interface FloatingRules {
  /** What comes for the floating IP goes to the instance: from elsewhere (PREROUTING) and from this host (OUTPUT). */
  readonly destinations: readonly string[];
  readonly reflections: readonly string[];
  readonly sources: readonly string[];
}

/** For each instance's address. */
export function floatingRules(floatingIps: readonly PlacedFloatingIp[]): FloatingRules[] {
  const groups = Map.groupBy(floatingIps, ({ fixedAddress }) => fixedAddress.toString());
  return [...groups.values()].map((own) => {
    const [only, ...others] = own;
    return only && others.length === 0 ? rulesOfOne(only) : rulesOf(own);
  });
}

function rulesOf(own: readonly PlacedFloatingIp[]): FloatingRules {
  return {
    destinations: own.map(destination),
    reflections: reflections(own),
    sources: own.flatMap(sources),
  };
}

const rulesOfOne = perObject<PlacedFloatingIp, void, FloatingRules>((only) => rulesOf([only]));

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
  networks: readonly NetworkIntent[],
  floatingIps: readonly PlacedFloatingIp[],
): string[] {
  if (!source) return [];
  const reached = new Set(floatingIps.map(({ networkId }) => networkId));
  return networks
    .filter(hasIpv4)
    .filter(({ id }) => reached.has(id))
    .map(({ v4: { cidr } }) => rule(from(cidr), to(cidr), '-m conntrack --ctstate DNAT', snat(source)));
}

function snat(source: Ipv4): string {
  return `-j SNAT --to-source ${source.toString()}`;
}
