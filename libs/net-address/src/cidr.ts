import { InvalidAddressText } from './address.error.js';
import type { IpAddress, IpVersion } from './ip-address.js';
import type { IpFamily } from './ip-family.js';
import { Ipv4 } from './ipv4.js';
import { Ipv6 } from './ipv6.js';

/** A block of addresses, "10.0.0.0/24": an immutable value whose host bits are zero. */
export class Cidr<V extends IpVersion = IpVersion> {
  readonly first: IpAddress<V>;
  readonly last: IpAddress<V>;

  /** @internal use Ipv4Cidr.parse, Ipv6Cidr.parse or .of */
  constructor(
    private readonly family: IpFamily<V>,
    inside: IpAddress<V>,
    readonly prefixLength: number,
  ) {
    if (!Number.isInteger(prefixLength) || prefixLength < 0 || prefixLength > family.bits) {
      throw new RangeError(`IPv${family.version} has no prefix length ${prefixLength}`);
    }
    const hostBits = BigInt(family.bits - prefixLength);
    const first = (inside.value >> hostBits) << hostBits;
    this.first = family.fromValue(first);
    this.last = family.fromValue(first + (1n << hostBits) - 1n);
  }

  get version(): V {
    return this.family.version;
  }

  /** How many addresses the block holds, network and broadcast included. */
  get size(): bigint {
    return this.last.value - this.first.value + 1n;
  }

  get netmask(): IpAddress<V> {
    const ones = (1n << BigInt(this.prefixLength)) - 1n;
    return this.family.fromValue(ones << BigInt(this.family.bits - this.prefixLength));
  }

  /** IPv4's broadcast address; for IPv6 merely the last address. */
  get broadcast(): IpAddress<V> {
    return this.last;
  }

  /** The address with this index in the block. Throws RangeError when the block is smaller. */
  at(index: number | bigint): IpAddress<V> {
    const address = this.first.plus(index);
    if (!this.contains(address)) throw new RangeError(`${this.toString()} has no address number ${index}`);
    return address;
  }

  contains(other: IpAddress | Cidr): boolean {
    const [first, last] = other instanceof Cidr ? [other.first, other.last] : [other, other];
    return this.first.compare(first) <= 0 && this.last.compare(last) >= 0;
  }

  overlaps(other: Cidr): boolean {
    return this.first.compare(other.last) <= 0 && this.last.compare(other.first) >= 0;
  }

  /** The blocks of this prefix length inside this one, in order. Lazy: a /8 has 65,536 of /24. */
  *subnets(prefixLength: number): Generator<Cidr<V>> {
    if (prefixLength < this.prefixLength || prefixLength > this.family.bits) return;
    const step = 1n << BigInt(this.family.bits - prefixLength);
    for (let value = this.first.value; value <= this.last.value; value += step) {
      yield new Cidr(this.family, this.family.fromValue(value), prefixLength);
    }
  }

  equals(other: Cidr): boolean {
    return this.first.equals(other.first) && this.prefixLength === other.prefixLength;
  }

  toString(): string {
    return `${this.first.toString()}/${this.prefixLength}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** The ways to make a block of one family. */
export interface CidrFamily<V extends IpVersion> {
  /** Host bits are allowed and masked: "10.0.0.7/24" is 10.0.0.0/24. A bare address is a block of one. Throws InvalidAddressText. */
  parse(text: string): Cidr<V>;
  tryParse(text: string): Cidr<V> | undefined;
  /** The block of this prefix length that holds the address. Throws RangeError when the family has no such length. */
  of(inside: IpAddress<V>, prefixLength: number): Cidr<V>;
}

function cidrFamily<V extends IpVersion>(family: IpFamily<V>): CidrFamily<V> {
  const tryParse = (text: string) => {
    const [addressText = '', lengthText = String(family.bits), ...rest] = text.split('/');
    const address = family.tryParse(addressText);
    const isLength = /^(0|[1-9]\d{0,2})$/.test(lengthText) && Number(lengthText) <= family.bits;
    if (!address || !isLength || rest.length > 0) return undefined;
    return new Cidr(family, address, Number(lengthText));
  };
  return {
    tryParse,
    parse(text) {
      const cidr = tryParse(text);
      if (!cidr) throw new InvalidAddressText(`IPv${family.version} network`, text);
      return cidr;
    },
    of: (inside, prefixLength) => new Cidr(family, inside, prefixLength),
  };
}

export type Ipv4Cidr = Cidr<4>;
export const Ipv4Cidr = cidrFamily(Ipv4);

export type Ipv6Cidr = Cidr<6>;
export const Ipv6Cidr = cidrFamily(Ipv6);
