import type { Cidr } from '@novanet/net-address';
import type { HostSettings, NetworkIntent } from '../host-intent.js';
import type { BridgePlan, PlanProblem, RouterAdvertisementPlan } from '../host-plan.js';
import { routerAddress } from '../bridges/link-local.js';
import { hasIpv6, type Ipv6Network } from '../network-role.js';

interface RouterAdvertisements {
  readonly routerAdvertisements: readonly RouterAdvertisementPlan[];
  readonly problems: readonly PlanProblem[];
}

/** Instances make the other half of their address themselves (RFC 4862). */
const PREFIX_BITS = 64;

/** What every device with IPv6 has to carry (RFC 8200). */
const LEAST_MTU = 1280;

/** One radvd per bridge with IPv6, under nova's file names (`nova-ra-br100.conf`): a bridge has one router. */
export function planRouterAdvertisements(
  settings: HostSettings,
  networks: readonly NetworkIntent[],
  bridges: readonly BridgePlan[],
): RouterAdvertisements {
  const served = networks.filter(hasIpv6);
  const advertising = bridges.flatMap((bridge) => {
    const inside = served.filter((network) => network.bridge === bridge.name);
    return inside.length === 0 ? [] : [{ bridge, inside }];
  });
  return {
    routerAdvertisements: advertising.map(({ bridge, inside }) => {
      const stem = `${settings.networksPath}/nova-ra-${bridge.name}`;
      const config = { path: `${stem}.conf`, content: radvdConfig(bridge, inside) };
      const pidFile = `${stem}.pid`;
      return { device: bridge.name, arguments: ['-C', config.path, '-p', pidFile], pidFile, config };
    }),
    problems: [...advertising.flatMap(({ bridge }) => mtuProblem(bridge)), ...served.flatMap(prefixProblem)],
  };
}

/**
 * nova's text and intervals; nova told neither MTU nor DNS servers, and made each host a default router. Left to itself
 * radvd takes whichever address of the link it finds first, also that of the metadata.
 */
function radvdConfig({ name, mtu, ownMac }: BridgePlan, inside: readonly Ipv6Network[]): string {
  const prefixes = new Set(inside.map(({ v6 }) => advertisedPrefix(v6.cidr)));
  const dnsServers = inside.flatMap((network) => network.dnsServers.filter(({ version }) => version === 6));
  const lines = [
    `interface ${name}`,
    '{',
    '   AdvSendAdvert on;',
    '   MinRtrAdvInterval 3;',
    '   MaxRtrAdvInterval 10;',
    ...(isTooSmall(mtu) || mtu === undefined ? [] : [`   AdvLinkMTU ${mtu};`]),
    ...(inside.some(({ v6 }) => v6.gateway) ? [] : ['   AdvDefaultLifetime 0;']),
    '   AdvRASrcAddress',
    '   {',
    `        ${routerAddress(ownMac).toString()};`,
    '   };',
    ...[...prefixes].flatMap(prefixLines),
    ...[...new Set(dnsServers.map(String))].flatMap((server) => [`   RDNSS ${server}`, '   {', '   };']),
    '};',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function prefixLines(prefix: string): string[] {
  return [`   prefix ${prefix}`, '   {', '        AdvOnLink on;', '        AdvAutonomous on;', '   };'];
}

/** Of a larger network the part in which the addresses of instances are: systems take no other prefix than a /64. */
function advertisedPrefix({ first, prefixLength }: Cidr<6>): string {
  return `${first.toString()}/${Math.max(PREFIX_BITS, prefixLength)}`;
}

function isTooSmall(mtu: number | undefined): boolean {
  return mtu !== undefined && mtu < LEAST_MTU;
}

function mtuProblem({ name, mtu }: BridgePlan): PlanProblem[] {
  if (!isTooSmall(mtu)) return [];
  const message = `its MTU is ${mtu}, and IPv6 needs ${LEAST_MTU}: raise that of the network, or instances have IPv4 alone`;
  return [{ subject: name, message }];
}

function prefixProblem({ bridge, uuid, v6: { cidr } }: Ipv6Network): PlanProblem[] {
  if (cidr.prefixLength <= PREFIX_BITS) return [];
  const message =
    `${cidr.toString()} of network ${uuid} leaves no room for the ${PREFIX_BITS} bits that instances choose: they ` +
    `get no IPv6 address; create the network with a /${PREFIX_BITS}`;
  return [{ subject: bridge, message }];
}
