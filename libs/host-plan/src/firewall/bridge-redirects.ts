import type { Cidr } from '@novanet/net-address';
import type { PlacedFloatingIp } from '../floating-ips/plan-floating-ips.js';
import type { HostSettings, NetworkIntent } from '../host-intent.js';
import type { FirewallTablePlan } from '../host-plan.js';
import { hasExternalGateway, hasIpv4, type Ipv4Network } from '../network-role.js';
import { chain } from './chain.js';

/** What is for many belongs to all ports of the bridge. */
const FOR_ONE = '-d ! Multicast';

/**
 * Frames that instances send to a router that is not this host, and that this host needs to see: it takes them as if they
 * were for it. None: no table.
 *
 * Whose they are is told by addresses alone: not every kernel knows from which bridge a frame is.
 */
export function planRedirects(
  settings: HostSettings,
  networks: readonly NetworkIntent[],
  floatingIps: readonly PlacedFloatingIp[],
): FirewallTablePlan[] {
  const served = networks.filter(hasIpv4).filter((network) => mayHaveOtherRouter(settings, network));
  const rules = served.flatMap((network) => [
    metadataRequests(network),
    ...forcedSources(settings, network),
    ...floatingAnswers(
      network,
      floatingIps.filter(({ networkId }) => networkId === network.id),
    ),
  ]);
  if (rules.length === 0) return [];
  return [
    {
      name: 'nat',
      chains: [chain('nova-network-PREROUTING', rules)],
      sharedChains: [],
      jumps: [{ from: 'PREROUTING', to: 'nova-network-PREROUTING', position: 'first' }],
    },
  ];
}

/** dnsmasq's own configuration file may name a router that nobody else knows of. */
function mayHaveOtherRouter({ dnsmasqConfigFile }: HostSettings, network: Ipv4Network): boolean {
  return hasExternalGateway(network) || (dnsmasqConfigFile !== '' && network.enableDhcp);
}

/** An instance sends them to its router like everything else. */
function metadataRequests({ v4: { cidr } }: Ipv4Network): string {
  return `-p IPv4 --ip-src ${cidr.toString()} --ip-dst 169.254.169.254 --ip-proto tcp --ip-dport 80 -j redirect`;
}

/** What has to leave under the address of this host (`force_snat_range`). */
function forcedSources(settings: HostSettings, network: Ipv4Network): string[] {
  if (!settings.routingSourceIp || !hasExternalGateway(network)) return [];
  const { cidr } = network.v4;
  const source = `--ip-src ${cidr.toString()}`;
  const neighbours = `-p IPv4 ${source} --ip-dst ${cidr.toString()} -j RETURN`;
  return [
    ...(settings.forceSnatRanges.some((range) => range.overlaps(cidr)) ? [neighbours] : []),
    ...settings.forceSnatRanges.map((range) => `-p IPv4 ${FOR_ONE} ${source}${towards(range)} -j redirect`),
  ];
}

/** As ebtables lists it: no block of one address, and no match of everything. */
function towards({ first, prefixLength }: Cidr<4>): string {
  if (prefixLength === 0) return '';
  return ` --ip-dst ${first.toString()}${prefixLength === 32 ? '' : `/${prefixLength}`}`;
}

/** What leaves an instance with floating IPs, however many those are: it has to leave under one of them. */
function floatingAnswers({ v4: { cidr } }: Ipv4Network, floatingIps: readonly PlacedFloatingIp[]): string[] {
  return floatingIps.map(({ fixedAddress }) => {
    const ends = `--ip-src ${fixedAddress.toString()} --ip-dst ! ${cidr.toString()}`;
    return `-p IPv4 ${FOR_ONE} ${ends} -j redirect`;
  });
}
