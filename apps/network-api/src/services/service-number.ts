import { createHash } from 'node:crypto';
import type { Service } from '@novanet/ipam';

/** nova's clients name services by number. Ours have none: it is made from host and binary, and the same each time. */
export function serviceNumber({ host, binary }: Pick<Service, 'host' | 'binary'>): number {
  return createHash('sha256').update(`${host}\0${binary}`).digest().readUInt32BE() >>> 1;
}
