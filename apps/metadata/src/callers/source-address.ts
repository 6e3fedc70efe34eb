import type { IncomingMessage } from 'node:http';
import { type Cidr, type IpAddress, Ipv6Cidr, Mac, tryParseIp } from '@novanet/net-address';
import type { Caller } from './caller.js';

const LINK_LOCAL = Ipv6Cidr.parse('fe80::/64');

/** Whom we believe about addresses. */
export interface ForwardingTrust {
  /** Whether X-Forwarded-For counts (`use_forwarded_for`). */
  readonly isOn: boolean;
  /** Of these alone, when there are any (`metadata_trusted_proxies`). */
  readonly proxies: readonly Cidr[];
}

/** The address that the connection comes from. A socket for both families shows IPv4 as ::ffff:10.0.0.3. */
export function peerAddress({ socket }: Pick<IncomingMessage, 'socket'>): IpAddress | undefined {
  return tryParseIp((socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, ''));
}

/**
 * Who asks by the address of the request. nova takes the whole header for an address, from whomever it comes: so any
 * instance can be any other. Here only a proxy's word counts, and the nearest address in it that is no proxy's.
 */
export function callerBySource(request: IncomingMessage, trust: ForwardingTrust): Caller | undefined {
  const peer = peerAddress(request);
  const address = peer && isForwarded(peer, request, trust) ? forwardedFor(request, trust) : peer;
  if (!address) return undefined;
  const mac = macIn(address);
  return mac ? { by: 'mac', mac } : { by: 'address', address };
}

/** Whether a proxy that we trust speaks for somebody else. */
export function isForwarded(peer: IpAddress, { headers }: IncomingMessage, trust: ForwardingTrust): boolean {
  return trust.isOn && headers['x-forwarded-for'] !== undefined && isProxy(peer, trust);
}

function isProxy(address: IpAddress, { proxies }: ForwardingTrust): boolean {
  return proxies.some((range) => range.contains(address));
}

function forwardedFor({ headers }: IncomingMessage, trust: ForwardingTrust): IpAddress | undefined {
  const hops = String(headers['x-forwarded-for'])
    .split(',')
    .map((hop) => tryParseIp(hop.trim()));
  return hops.findLast((hop) => !hop || !isProxy(hop, trust));
}

/** The MAC of an address of the link that was made of it (RFC 4291, appendix A); undefined: it is no such address. */
function macIn(address: IpAddress): Mac | undefined {
  if (address.version !== 6 || !LINK_LOCAL.contains(address)) return undefined;
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(address.value & 0xffff_ffff_ffff_ffffn);
  if (bytes.readUInt16BE(3) !== 0xfffe) return undefined;
  const octets = [(bytes[0] ?? 0) ^ 2, bytes[1], bytes[2], bytes[5], bytes[6], bytes[7]];
  return Mac.parse(octets.map((octet = 0) => octet.toString(16).padStart(2, '0')).join(':'));
}
