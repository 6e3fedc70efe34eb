import type { Ipv4 } from '@novanet/net-address';
import type { HostSettings } from '../host-intent.js';
import type { PlacedFloatingIp } from '../floating-ips/plan-floating-ips.js';
import { from, one, rule, to } from './rule.js';

/** What comes for the floating IP goes to the instance: from elsewhere (PREROUTING) and from this host (OUTPUT). */
export function floatingDestinations(floatingIps: readonly PlacedFloatingIp[]): string[] {
  return floatingIps.map(
    ({ address, fixedAddress }) => `-d ${one(address)} -j DNAT --to-destination ${fixedAddress.toString()}`,
  );
}

/**
 * Who asks for a floating IP from inside is shown a floating IP, too: the answer must come back this way, or it would
 * come from an address that nobody asked.
 *
 * An instance that asks itself is shown the floating IP it asked for, also when it has several (nova: the first). One
 * without a floating IP is shown as to the world outside (nova: as it is, which worked only where bridged packets pass
 * through iptables).
 */
export function floatingReflections(
  settings: HostSettings,
  floatingIps: readonly PlacedFloatingIp[],
): string[] {
  const ownSecond = floatingIps.filter((floating) => !isFirst(floating, floatingIps));
  const ranges = [...new Map(floatingIps.map(({ network }) => [network.id, network.v4.cidr])).values()];
  const source = settings.routingSourceIp;
  return [
    ...ownSecond.map(({ address, fixedAddress }) =>
      rule(
        `-s ${one(fixedAddress)} -d ${one(fixedAddress)}`,
        `-m conntrack --ctorigdst ${address.toString()}`,
        snat(address),
      ),
    ),
    ...floatingIps.map(({ address, fixedAddress }) =>
      rule(`-s ${one(fixedAddress)}`, '-m conntrack --ctstate DNAT', snat(address)),
    ),
    ...(source
      ? ranges.map((range) => rule(from(range), to(range), '-m conntrack --ctstate DNAT', snat(source)))
      : []),
  ];
}

/** The instance leaves under its floating IP; under the first (lowest) one that is on the interface it leaves by. */
export function floatingSources(floatingIps: readonly PlacedFloatingIp[]): string[] {
  return floatingIps.flatMap(({ address, fixedAddress, device }) => [
    rule(`-s ${one(fixedAddress)} -d ${one(fixedAddress)}`, snat(address)),
    rule(`-s ${one(fixedAddress)} -o ${device}`, snat(address)),
  ]);
}

function isFirst(floating: PlacedFloatingIp, all: readonly PlacedFloatingIp[]): boolean {
  return all.find(({ fixedAddress }) => fixedAddress.equals(floating.fixedAddress)) === floating;
}

function snat(source: Ipv4): string {
  return `-j SNAT --to-source ${source.toString()}`;
}
