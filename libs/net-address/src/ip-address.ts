export type IpVersion = 4 | 6;

/** How one family reads and writes its addresses. */
export interface Notation {
  readonly bits: 32 | 128;
  /** Undefined when the text is no address of this family. */
  read(text: string): bigint | undefined;
  write(value: bigint): string;
}

/**
 * One address of IPv4 or IPv6: an immutable value, valid by construction.
 * Made by {@link Ipv4} and {@link Ipv6}.
 */
export class IpAddress<V extends IpVersion = IpVersion> {
  #text: string | undefined;

  /** @internal use Ipv4.parse, Ipv6.parse or parseIp */
  constructor(
    readonly version: V,
    readonly value: bigint,
    private readonly notation: Notation,
  ) {}

  /** The address `steps` further on (negative: back). Throws RangeError when it leaves the family's space. */
  plus(steps: number | bigint): IpAddress<V> {
    const value = this.value + BigInt(steps);
    if (value < 0n || value >> BigInt(this.notation.bits) !== 0n) {
      throw new RangeError(`${this.toString()} plus ${steps} is no IPv${this.version} address`);
    }
    return new IpAddress(this.version, value, this.notation);
  }

  equals(other: IpAddress): boolean {
    return this.version === other.version && this.value === other.value;
  }

  /** Sorts by family, then by number. */
  compare(other: IpAddress): number {
    if (this.version !== other.version) return this.version - other.version;
    return this.value < other.value ? -1 : Number(this.value > other.value);
  }

  /** Canonical text: dotted quad, or RFC 5952. Written once: rules and files name an address again and again. */
  toString(): string {
    return (this.#text ??= this.notation.write(this.value));
  }

  toJSON(): string {
    return this.toString();
  }
}
