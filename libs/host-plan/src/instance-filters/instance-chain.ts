import type { Cidr } from '@novanet/net-address';
import { from, one, rule } from '../firewall/rule.js';
import type { FilteredInstanceIntent, FiltersIntent, HostSettings } from '../host-intent.js';
import type { IpFamily } from '../host-plan.js';
import { acceptRules } from './group-rules.js';
import { LINK_LOCAL } from '../bridges/link-local.js';

/** Where all instances' chains end. */
export const FALLBACK = 'nova-network-sg-fallback';
/** What the provider forbids. */
export const PROVIDER = 'nova-network-provider';

/** Whoever is on the link finds neighbours and routers; the hop limit proves that it is on the link (RFC 4861). */
const NEIGHBOUR_DISCOVERY = [133, 134, 135, 136].map(
  (type) => `-p ipv6-icmp -m icmp6 --icmpv6-type ${type} -m hl --hl-eq 255 -j ACCEPT`,
);

/** What may reach the instance, in nova's order; what no rule accepts is dropped. */
export function instanceChain(
  instance: FilteredInstanceIntent,
  family: IpFamily,
  { allowsSameNetTraffic }: Pick<HostSettings, 'allowsSameNetTraffic'>,
  { providerRules }: Pick<FiltersIntent, 'providerRules'>,
): string[] {
  return [
    '-m conntrack --ctstate INVALID -j DROP',
    '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    ...(providerRules.length > 0 ? [`-j ${PROVIDER}`] : []),
    ...(family === 'ipv4' ? dhcpAnswers(instance) : NEIGHBOUR_DISCOVERY),
    ...(allowsSameNetTraffic ? sameNetwork(instance, family) : []),
    ...instance.rules.flatMap((traffic) => acceptRules(traffic, family)),
    `-j ${FALLBACK}`,
  ];
}

function dhcpAnswers({ nics }: FilteredInstanceIntent): string[] {
  const servers = nics.flatMap(({ dhcpServer }) => (dhcpServer ? [one(dhcpServer)] : []));
  return [...new Set(servers)].map((server) =>
    rule(`-s ${server}`, '-p udp -m udp --sport 67 --dport 68', '-j ACCEPT'),
  );
}

function sameNetwork({ nics }: FilteredInstanceIntent, family: IpFamily): string[] {
  const blocks = nics.flatMap(({ cidrs }) => cidrs);
  if (family === 'ipv4') return accepts(blocks.filter((block): block is Cidr<4> => block.version === 4));
  const own = blocks.filter((block): block is Cidr<6> => block.version === 6);
  return own.length === 0 ? [] : accepts([...own, LINK_LOCAL]);
}

function accepts(blocks: readonly Cidr[]): string[] {
  return [...new Set(blocks.map((block) => rule(from(block), '-j ACCEPT')))];
}
