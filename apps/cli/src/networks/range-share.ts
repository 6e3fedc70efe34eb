import { Ipv4Cidr } from '@novanet/net-address';
import type { Fields } from '../http/api-answers.js';
import { cellOf } from '../terminal/table.js';
import type { Given } from './network-fields.js';

/** Its own address, the gateway, an instance, and the broadcast address. */
const SMALLEST = 4n;

/** A sentence when so many networks cannot be cut from the range, else undefined. */
export function describeTooMany(given: Given): string | undefined {
  const range = Ipv4Cidr.tryParse(given.get('cidr') ?? '');
  const wanted = given.get('num_networks') ?? '';
  if (!range || !/^[1-9]\d*$/.test(wanted)) return undefined;
  const size = given.get('network_size') ?? '';
  const each = /^[1-9]\d*$/.test(size) ? BigInt(size) : SMALLEST;
  if (BigInt(wanted) * each <= range.size) return undefined;
  const kind = size ? `of ${size} addresses` : `(the smallest takes ${SMALLEST} addresses)`;
  return `${wanted} networks ${kind} do not fit into ${range.toString()}, which has ${range.size}.`;
}

/** A sentence when networks take less than the range that was given for them, else undefined. */
export function describeRemainder(wanted: string | undefined, made: readonly Fields[]): string | undefined {
  const range = Ipv4Cidr.tryParse(wanted ?? '');
  if (!range) return undefined;
  const taken = made
    .map((network) => Ipv4Cidr.tryParse(String(cellOf(network['cidr']))))
    .reduce((sum, each) => sum + (each?.size ?? 0n), 0n);
  if (taken >= range.size) return undefined;
  return (
    `warning: of the ${range.size} addresses of ${range.toString()}, ${taken} are taken: the rest belongs to no network ` +
    `(--num-networks, --network-size).`
  );
}
