export interface BackOff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** Quick after a short interruption; never a crowd that comes back in step. */
export const reconnectBackOff: BackOff = { firstMs: 50, longestMs: 5_000 };

/** A delay before the n-th attempt (1, 2 …): anything up to a limit that doubles each time ("full jitter"). */
export function fullJitter(attempt: number, { firstMs, longestMs }: BackOff, random = Math.random): number {
  return Math.round(random() * Math.min(longestMs, firstMs * 2 ** attempt));
}
