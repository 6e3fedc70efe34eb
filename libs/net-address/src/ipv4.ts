import type { IpAddress } from './ip-address.js';
import { ipFamily } from './ip-family.js';

export type Ipv4 = IpAddress<4>;

/** Dotted quads without leading zeros: "010.0.0.1" is refused, because programs disagree on what it means. */
export const Ipv4 = ipFamily(4, {
  bits: 32,
  read(text) {
    const parts = text.split('.');
    if (parts.length !== 4) return undefined;
    let value = 0;
    for (const part of parts) {
      if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
      value = value * 256 + Number(part);
    }
    return BigInt(value);
  },
  write(value) {
    const number = Number(value);
    return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');
  },
});
