import { RpcValueError } from '@novanet/contracts';
import { CidrConflict, subnetOf, type Network } from '@novanet/ipam';
import type { Cidr, IpVersion, Ipv4Cidr, Ipv6Cidr } from '@novanet/net-address';
import type { NetworkRequest } from './network-request.js';

/** The address blocks of one network to be. */
export interface Ranges {
  readonly v4: Ipv4Cidr | undefined;
  readonly v6: Ipv6Cidr | undefined;
}

/**
 * Cuts the requested ranges into one block per network: the first free ones of the wanted size.
 * Throws CidrConflict when a block that was asked for is taken, or a part of a larger network, RpcValueError when the blocks cannot fit.
 */
export function carveRanges(request: NetworkRequest, existing: readonly Network[]): Ranges[] {
  if (request.takesWholeRanges) return [wholeRanges(request, existing)];
  const bits = Math.ceil(Math.log2(request.networkSize));
  const v4 = request.cidr && carve(request, request.cidr, 32 - bits, taken(existing, 4));
  const v6 = request.cidrV6 && carve(request, request.cidrV6, v6Length(request, bits), taken(existing, 6));
  return Array.from({ length: request.numNetworks }, (_, index) => ({ v4: v4?.[index], v6: v6?.[index] }));
}

/** One network, whatever the number and the size are. */
function wholeRanges(request: NetworkRequest, existing: readonly Network[]): Ranges {
  refuseOverlap(request.cidr, taken(existing, 4));
  refuseOverlap(request.cidrV6, taken(existing, 6));
  return { v4: request.cidr, v6: request.cidrV6 };
}

function refuseOverlap<V extends IpVersion>(range: Cidr<V> | undefined, used: readonly Cidr<V>[]): void {
  const other = range && used.find((candidate) => candidate.overlaps(range));
  if (range && other) throw new CidrConflict(range.toString(), other.toString());
}

/**
 * A /64, which stateless autoconfiguration needs, unless more addresses are wanted; a single network takes what it is
 * given when that is less.
 */
function v6Length({ numNetworks, cidrV6 }: NetworkRequest, bits: number): number {
  const usual = Math.min(128 - bits, 64);
  return numNetworks === 1 && cidrV6 ? Math.max(cidrV6.prefixLength, usual) : usual;
}

function taken<V extends IpVersion>(existing: readonly Network[], version: V): Cidr<V>[] {
  return existing.flatMap((network) => subnetOf(network, version)?.cidr ?? []);
}

function carve<V extends IpVersion>(
  request: NetworkRequest,
  range: Cidr<V>,
  prefixLength: number,
  used: readonly Cidr<V>[],
): Cidr<V>[] {
  const { numNetworks, networkSize } = request;
  if (prefixLength < range.prefixLength || 2 ** (prefixLength - range.prefixLength) < numNetworks) {
    throw new RpcValueError(`${numNetworks} x ${networkSize} addresses do not fit into ${range.toString()}`);
  }
  const blocks: Cidr<V>[] = [];
  let conflict: { block: Cidr<V>; other: Cidr<V> } | undefined;
  for (const block of range.subnets(prefixLength)) {
    const other = used.find((candidate) => candidate.overlaps(block));
    if (!other) blocks.push(block);
    else conflict ??= { block, other };
    if (blocks.length === numNetworks) return blocks;
    // Nothing is looked for in or behind a larger network: what is asked for is a part of it, as somebody else's is.
    if (other && other.prefixLength < block.prefixLength)
      throw new CidrConflict(block.toString(), other.toString());
    if (other?.contains(range)) break;
  }
  throw new CidrConflict(conflict?.block.toString() ?? range.toString(), conflict?.other.toString() ?? '');
}
