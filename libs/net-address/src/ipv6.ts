import type { IpAddress } from './ip-address.js';
import { ipFamily } from './ip-family.js';
import { Ipv4 } from './ipv4.js';

export type Ipv6 = IpAddress<6>;

/** Reads every form of RFC 4291 §2.2 (without zone), writes RFC 5952. */
export const Ipv6 = ipFamily(6, { bits: 128, read, write });

function read(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half, index) => readGroups(half, index === halves.length - 1));
  const [head, tail] = groups;
  if (!head || (halves.length === 2 && !tail)) return undefined;
  if (!tail) return head.length === 8 ? join(head) : undefined;
  const missing = 8 - head.length - tail.length;
  return missing < 1 ? undefined : join([...head, ...Array<number>(missing).fill(0), ...tail]);
}

/** Groups of one side of "::"; a dotted quad may stand at the very end and counts for two. */
function readGroups(half: string, isLast: boolean): number[] | undefined {
  if (half === '') return [];
  const words = half.split(':');
  const groups: number[] = [];
  for (const [index, word] of words.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(word)) {
      groups.push(parseInt(word, 16));
      continue;
    }
    const quad = isLast && index === words.length - 1 ? Ipv4.tryParse(word) : undefined;
    if (!quad) return undefined;
    groups.push(Number(quad.value >> 16n), Number(quad.value & 0xffffn));
  }
  return groups.length > 8 ? undefined : groups;
}

function join(groups: readonly number[]): bigint {
  return groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n);
}

/** RFC 5952: lower case, no leading zeros, the first of the longest runs of two or more zero groups as "::". */
function write(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(112 - 16 * i)) & 0xffffn));
  const run = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  if (run.length < 2) return hex.join(':');
  return `${hex.slice(0, run.start).join(':')}::${hex.slice(run.start + run.length).join(':')}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (const [index, group] of groups.entries()) {
    if (group !== 0) start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  }
  return best;
}
