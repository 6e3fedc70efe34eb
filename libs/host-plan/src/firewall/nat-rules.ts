import { Ipv4Cidr } from '@novanet/net-address';
import type { HostSettings } from '../host-intent.js';
import { hasExternalGateway, type Ipv4Network } from '../network-role.js';
import { from, rule, to } from './rule.js';

/** Where instances appear under their own address: the metadata service, the operator's zones, each other. */
export function natExemptions(settings: HostSettings, { v4: { cidr } }: Ipv4Network): string[] {
  const untouched = [Ipv4Cidr.of(settings.metadataHost, 32), ...settings.dmzCidrs];
  return [
    ...untouched.map((range) => rule(from(cidr), to(range), '-j ACCEPT')),
    rule(from(cidr), to(cidr), '-m conntrack ! --ctstate DNAT', '-j ACCEPT'),
  ];
}

/**
 * Instances without a floating IP leave under the host's address. Where somebody else is the router, only towards
 * `force_snat_range`; an isolated network leaves to nowhere.
 */
export function sourceNat(settings: HostSettings, network: Ipv4Network): string[] {
  const { cidr, gateway } = network.v4;
  const source = settings.routingSourceIp;
  if (!source || !gateway) return [];
  const target = `-j SNAT --to-source ${source.toString()}`;
  if (hasExternalGateway(network)) {
    return settings.forceSnatRanges.map((range) => rule(from(cidr), to(range), target));
  }
  const exit = settings.publicInterface ? `-o ${settings.publicInterface}` : '';
  return [rule(from(cidr), exit, target)];
}
