import type { Measurement } from '../figures/measurements.js';
import { nothingUsed } from '../figures/usage.js';

/** A measurement in which only what is given matters. */
export function measurement(
  given: Partial<Pick<Measurement, 'what' | 'atOnce' | 'network' | 'associated' | 'errors'>> & {
    readonly perSecond?: number;
    readonly p50?: number;
    readonly callersCpu?: number;
  },
): Measurement {
  const { perSecond = 300, p50 = 5, callersCpu = 1, ...subject } = given;
  return {
    what: 'allocate_for_instance',
    atOnce: 1,
    network: '/24',
    errors: [],
    ...subject,
    speed: { perSecond, p50, p95: 8, p99: 9 },
    usage: { ...nothingUsed, statements: 11, callersCpu },
  };
}
