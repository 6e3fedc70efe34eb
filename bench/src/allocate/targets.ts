import type { Measurement } from '../figures/measurements.js';
import type { Speed } from '../figures/speed.js';
import type { InstanceMethod } from './instance-calls.js';

interface Target {
  readonly what: InstanceMethod;
  readonly atOnce: number;
  readonly figure: keyof Speed;
  readonly sense: 'at most' | 'at least';
  readonly value: number;
}

/** In a network of any size. */
const targets: readonly Target[] = [
  { what: 'allocate_for_instance', atOnce: 1, figure: 'p50', sense: 'at most', value: 8 },
  { what: 'allocate_for_instance', atOnce: 16, figure: 'perSecond', sense: 'at least', value: 250 },
];

export interface Verdict extends Target {
  readonly network: string;
  readonly measured: number;
  /** How many times as good as it has to be: 1 is just met. */
  readonly ratio: number;
  readonly isMet: boolean;
}

/** The targets that something was measured for. */
export function judge(measurements: readonly Measurement[]): Verdict[] {
  return targets.flatMap((target) =>
    measurements
      .filter(({ what, atOnce }) => what === target.what && atOnce === target.atOnce)
      .map(({ network = '', speed }) => {
        const measured = speed[target.figure];
        const ratio = target.sense === 'at least' ? measured / target.value : target.value / measured;
        return { ...target, network, measured, ratio, isMet: ratio >= 1 };
      }),
  );
}

/** Whether all are met, or missed by no more than so many percent. */
export function areGoodEnough(
  verdicts: readonly { readonly ratio: number }[],
  tolerancePercent: number,
): boolean {
  return verdicts.every(({ ratio }) => ratio >= 1 - tolerancePercent / 100);
}
