import { InvalidAddressText } from './address.error.js';
import { IpAddress, type IpVersion, type Notation } from './ip-address.js';

/** The ways to make an address of one family. */
export interface IpFamily<V extends IpVersion> {
  readonly version: V;
  readonly bits: 32 | 128;
  /** Throws InvalidAddressText. */
  parse(text: string): IpAddress<V>;
  tryParse(text: string): IpAddress<V> | undefined;
  /** Throws RangeError when the number is outside the family's space. */
  fromValue(value: bigint | number): IpAddress<V>;
}

export function ipFamily<V extends IpVersion>(version: V, notation: Notation): IpFamily<V> {
  const zero = new IpAddress(version, 0n, notation);
  const tryParse = (text: string) => {
    const value = notation.read(text);
    return value === undefined ? undefined : zero.plus(value);
  };
  return {
    version,
    bits: notation.bits,
    tryParse,
    parse(text) {
      const address = tryParse(text);
      if (!address) throw new InvalidAddressText(`IPv${version} address`, text);
      return address;
    },
    fromValue: (value) => zero.plus(value),
  };
}
