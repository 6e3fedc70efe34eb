import { InvalidAddressText } from './address.error.js';
import type { Cidr } from './cidr.js';
import type { Ipv6 } from './ipv6.js';

/** A 48-bit Ethernet address: an immutable value. */
export class Mac {
  #text: string | undefined;

  private constructor(readonly value: number) {}

  /** Six hex pairs separated by ":" or "-", any case. Throws InvalidAddressText. */
  static parse(text: string): Mac {
    const mac = Mac.tryParse(text);
    if (!mac) throw new InvalidAddressText('MAC address', text);
    return mac;
  }

  static tryParse(text: string): Mac | undefined {
    if (!/^[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}$/i.test(text)) return undefined;
    return new Mac(parseInt(text.replace(/[:-]/g, ''), 16));
  }

  /** In nova's own block: fa:16:3e, then the low three bytes of the number. */
  static ofNova(low: number): Mac {
    return new Mac(0xfa163e000000 + (low & 0xffffff));
  }

  /**
   * The address a host with this MAC gives itself in the prefix (RFC 4291 appendix A, nova's ipv6_backend rfc2462):
   * ff:fe in the middle, universal/local bit inverted. The prefix is at most 64 bits long.
   */
  eui64(prefix: Cidr<6>): Ipv6 {
    if (prefix.prefixLength > 64)
      throw new RangeError(`${prefix.toString()} leaves no room for an EUI-64 identifier`);
    const high = BigInt(Math.floor(this.value / 0x1000000));
    const low = BigInt(this.value % 0x1000000);
    const identifier = ((high << 40n) | (0xfffen << 24n) | low) ^ (0x02n << 56n);
    return prefix.first.plus(identifier);
  }

  equals(other: Mac): boolean {
    return this.value === other.value;
  }

  /** Lower case with colons, as Linux writes it. */
  toString(): string {
    return (this.#text ??= writeMac(this.value));
  }

  toJSON(): string {
    return this.toString();
  }
}

function writeMac(value: number): string {
  const hex = value.toString(16).padStart(12, '0');
  return hex.match(/../g)?.join(':') ?? hex;
}
