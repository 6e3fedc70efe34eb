import type { DeviceName, Ipv4 } from '@novanet/net-address';
import type { HostSettings } from '../host-intent.js';
import { rule, toPort } from './rule.js';

const LOOPBACK = '127.0.0.1';

/**
 * 169.254.169.254:80 leads to the metadata service, but only from our bridges: nova let everybody who routes to this
 * machine use it.
 */
export function metadataRedirect(settings: HostSettings, bridges: readonly DeviceName[]): string[] {
  const host = settings.metadataHost.toString();
  const target =
    host === LOOPBACK
      ? `-j REDIRECT --to-ports ${settings.metadataPort}`
      : `-j DNAT --to-destination ${host}:${settings.metadataPort}`;
  return bridges.map((bridge) => rule('-d 169.254.169.254/32', `-i ${bridge}`, toPort('tcp', 80), target));
}

/** When the metadata service runs on this host, its port must be open (nova's metadata API did this itself). */
export function metadataAccepts(settings: HostSettings, bridges: readonly DeviceName[]): string[] {
  const port = toPort('tcp', settings.metadataPort);
  if (bridges.length === 0 || !isThisHost(settings, settings.metadataHost)) return [];
  // REDIRECT rewrites the destination to the address of the interface the packet came in by.
  if (settings.metadataHost.toString() === LOOPBACK) {
    return bridges.map((bridge) => rule(`-i ${bridge}`, port, '-m addrtype --dst-type LOCAL', '-j ACCEPT'));
  }
  return [rule(`-d ${settings.metadataHost.toString()}/32`, port, '-j ACCEPT')];
}

/** The header that a session token comes with (the metadata service's tokens). */
const TOKEN_HEADER = 'x-aws-ec2-metadata-token-ttl-seconds: ';

/**
 * A session token does not get farther than the instance that asked for it: not to a proxy in it, or a container behind
 * another router. The service cannot say so itself: its other answers go as far as they have to.
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

function isThisHost(settings: HostSettings, address: Ipv4): boolean {
  const own = [settings.myIp, settings.routingSourceIp];
  return address.toString() === LOOPBACK || own.some((candidate) => candidate?.equals(address) ?? false);
}
