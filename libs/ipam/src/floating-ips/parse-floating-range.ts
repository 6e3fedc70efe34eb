import { Ipv4, Ipv4Cidr } from '@novanet/net-address';
import { InvalidInput } from '../errors.js';

/** As many as nova creates at once. */
export const MAX_ADDRESSES_AT_ONCE = 999_999;

interface Range {
  readonly first: Ipv4;
  readonly last: Ipv4;
}

/**
 * The addresses of a block ("203.0.113.0/28", without network and broadcast address; of a /31 or /32 all), a range
 * ("203.0.113.5-203.0.113.9"), a single address, or a comma-separated list of these, in ascending order. nova takes
 * blocks of at least four addresses only. Throws InvalidInput with the reason.
 */
export function parseFloatingRange(text: string): Ipv4[] {
  const ranges = text.split(',').map((part) => parsePart(part.trim()));
  const size = ranges.reduce((sum, { first, last }) => sum + last.value - first.value + 1n, 0n);
  if (size > BigInt(MAX_ADDRESSES_AT_ONCE)) {
    throw new InvalidInput(
      `${text} has ${size} addresses, at most ${MAX_ADDRESSES_AT_ONCE} are taken at once`,
    );
  }
  const ascending = ranges.toSorted((a, b) => a.first.compare(b.first));
  for (const [index, { first }] of ascending.entries()) {
    const previous = ascending[index - 1];
    if (previous && previous.last.compare(first) >= 0) {
      throw new InvalidInput(`${text} has ${first.toString()} twice`);
    }
  }
  return ascending.flatMap(addressesOf);
}

function parsePart(part: string): Range {
  const range = part.includes('/') ? blockIn(part) : spanIn(part);
  if (!range) {
    throw new InvalidInput(
      `"${part}" is no IPv4 address, block (203.0.113.0/28) or range (203.0.113.5-203.0.113.9)`,
    );
  }
  if (range.first.compare(range.last) > 0) throw new InvalidInput(`${part} ends before it begins`);
  for (const address of [range.first, range.last]) {
    if (!isUnicast(address)) throw new InvalidInput(`no host can have the address ${address.toString()}`);
  }
  return range;
}

function blockIn(text: string): Range | undefined {
  const block = Ipv4Cidr.tryParse(text);
  if (!block || block.prefixLength > 30) return block;
  return { first: block.first.plus(1), last: block.last.plus(-1) };
}

function spanIn(text: string): Range | undefined {
  const ends = text.split('-').map((end) => Ipv4.tryParse(end.trim()));
  const [first, last = first] = ends;
  return first && last && ends.length <= 2 && ends.every((end) => end) ? { first, last } : undefined;
}

/** Neither "this network" (0), nor loopback (127), nor multicast and beyond (224). */
function isUnicast(address: Ipv4): boolean {
  const top = Number(address.value >> 24n);
  return top > 0 && top !== 127 && top < 224;
}

function addressesOf({ first, last }: Range): Ipv4[] {
  const count = Number(last.value - first.value) + 1;
  return Array.from({ length: count }, (_, offset) => first.plus(offset));
}
