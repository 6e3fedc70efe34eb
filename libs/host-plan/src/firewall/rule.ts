import type { Cidr, IpAddress } from '@novanet/net-address';

/** Joins the parts of a rule; an empty part is a match that is not wanted. */
export function rule(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}

/** `-s 10.0.0.0/24`: the kernel does not list a match of everything. */
export function from(range: Cidr): string {
  return range.prefixLength === 0 ? '' : `-s ${range.toString()}`;
}

/** `-d 10.0.0.0/24`. */
export function to(range: Cidr<4>): string {
  return range.prefixLength === 0 ? '' : `-d ${range.toString()}`;
}

/** `-p udp -m udp --dport 67`. */
export function toPort(protocol: 'tcp' | 'udp', port: number): string {
  return `-p ${protocol} -m ${protocol} --dport ${port}`;
}

/** `10.0.0.3/32`: one address as a match. */
export function one(address: IpAddress): string {
  return `${address.toString()}/${address.version === 4 ? 32 : 128}`;
}
