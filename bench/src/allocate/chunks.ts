/** Network, broadcast and gateway are nobody's. */
const namedAddresses = 3;
/** A pool that is full to the last address is another case than the one that is measured. */
const filled = 0.8;

/** Shares out calls so that no part fills the network: what a part allocates is given back before the next. */
export function chunksOf(calls: number, prefixLength: number): number[] {
  const atOnce = Math.floor((2 ** (32 - prefixLength) - namedAddresses) * filled);
  const full = Array.from({ length: Math.floor(calls / atOnce) }, () => atOnce);
  return calls % atOnce === 0 ? full : [...full, calls % atOnce];
}
