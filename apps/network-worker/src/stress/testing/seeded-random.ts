/** Numbers from 0 to 1 (exclusive) that look random, the same ones for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** From the environment, to have a failed run again; else a new one. */
export function testSeed(): number {
  return Number(process.env['STRESS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
}
