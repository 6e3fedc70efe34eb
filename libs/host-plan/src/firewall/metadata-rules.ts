import type { DeviceName } from '@novanet/net-address';
import { isMetadataHere, METADATA_IPV4, METADATA_IPV6 } from '../metadata-place.js';
import type { HostSettings } from '../host-intent.js';
import type { Ipv6Network } from '../network-role.js';
import { one, rule, toPort } from './rule.js';

const LOOPBACK = '127.0.0.1';

/**
 * 169.254.169.254:80 leads to the metadata service, but only from our bridges: nova let everybody who routes to this
 * machine use it.
 */
export function metadataRedirect(settings: HostSettings, bridges: readonly DeviceName[]): string[] {
  const host = settings.metadataHost.toString();
  const target =
    host === LOOPBACK ? redirection(settings) : `-j DNAT --to-destination ${host}:${settings.metadataPort}`;
  return bridges.map((bridge) => rule(`-d ${one(METADATA_IPV4)}`, `-i ${bridge}`, toPort('tcp', 80), target));
}

/** The same for the address of the link, which leads no farther than this host. */
export function metadataRedirect6(settings: HostSettings, networks: readonly Ipv6Network[]): string[] {
  if (!isMetadataHere(settings)) return [];
  return networks.map(({ bridge }) =>
    rule(`-d ${one(METADATA_IPV6)}`, `-i ${bridge}`, toPort('tcp', 80), redirection(settings)),
  );
}

function redirection({ metadataPort }: HostSettings): string {
  return `-j REDIRECT --to-ports ${metadataPort}`;
}

/** When the metadata service runs on this host, its port must be open (nova's metadata API did this itself). */
export function metadataAccepts(settings: HostSettings, bridges: readonly DeviceName[]): string[] {
  if (bridges.length === 0 || !isMetadataHere(settings)) return [];
  if (settings.metadataHost.toString() === LOOPBACK) {
    return bridges.map((bridge) => redirectedAccept(settings, bridge, METADATA_IPV4.toString()));
  }
  const port = toPort('tcp', settings.metadataPort);
  return [rule(`-d ${one(settings.metadataHost)}`, port, '-j ACCEPT')];
}

/** The same for what came to the address of the link. */
export function metadataAccepts6(settings: HostSettings, networks: readonly Ipv6Network[]): string[] {
  if (!isMetadataHere(settings)) return [];
  return networks.map(({ bridge }) => redirectedAccept(settings, bridge, METADATA_IPV6.toString()));
}

/** Not who asks the port at one of this host's other addresses (nova let them). */
function redirectedAccept({ metadataPort }: HostSettings, bridge: DeviceName, asked: string): string {
  return rule(`-i ${bridge}`, toPort('tcp', metadataPort), `-m conntrack --ctorigdst ${asked}`, '-j ACCEPT');
}

/** What instances of a network say to a metadata service elsewhere, and are answered, though they may go nowhere else. */
export function metadataForwards(settings: HostSettings, bridge: DeviceName): string[] {
  if (isMetadataHere(settings)) return [];
  const host = one(settings.metadataHost);
  const port = `-p tcp -m tcp --sport ${settings.metadataPort}`;
  return [
    rule(`-d ${host}`, `-i ${bridge}`, toPort('tcp', settings.metadataPort), '-j ACCEPT'),
    rule(`-s ${host}`, `-o ${bridge}`, port, '-m conntrack --ctstate ESTABLISHED', '-j ACCEPT'),
  ];
}

/** The header that a session token comes with (the metadata service's tokens). */
const TOKEN_HEADER = 'x-aws-ec2-metadata-token-ttl-seconds: ';

/**
 * A session token does not get farther than the instance that asked for it: not to a proxy in it, or a container behind
 * another router. The service cannot say so itself: its other answers go as far as they have to. (Of the link's address
 * nothing ever does.)
 */
export function tokenHopLimit(
  { metadataPort, metadataTokenHopLimit: hops }: HostSettings,
  bridges: readonly DeviceName[],
): string[] {
  if (hops === 0) return [];
  const token = `-m string --string "${TOKEN_HEADER}" --algo bm --icase`;
  // Counted from here: what is on its way to another host's instances goes on.
  return bridges.map(
    (bridge) => `-o ${bridge} -p tcp -m tcp --sport ${metadataPort} ${token} -j TTL --ttl-set ${hops}`,
  );
}
