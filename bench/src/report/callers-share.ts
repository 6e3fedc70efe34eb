import type { Measurement } from '../figures/measurements.js';
import { shortNumber } from './table.js';

/** How much of an allocation's time may be that of the callers. */
export interface CallersShare {
  /** Each number of callers, and how many times as fast an echo is through them. */
  readonly echoes: readonly { readonly atOnce: number; readonly timesAsFast: number }[];
  /** How many processors they use while they allocate, at most. */
  readonly processors: number;
  readonly areBottleneck: boolean;
}

/** An echo costs the callers what an allocation costs them. */
const enoughTimesAsFast = 2;

export function judgeCallers({
  limits,
  calls,
}: {
  readonly limits: readonly Measurement[];
  readonly calls: readonly Measurement[];
}): CallersShare {
  const allocations = calls.filter(({ what }) => what === 'allocate_for_instance');
  const echoes = limits
    .filter(({ what }) => what.startsWith('echo'))
    .map(({ atOnce, speed }) => {
      const rates = allocations.filter((call) => call.atOnce === atOnce).map((call) => call.speed.perSecond);
      return { atOnce, timesAsFast: speed.perSecond / Math.max(...rates) };
    });
  const busy = allocations.map(({ speed, usage }) => ((usage?.callersCpu ?? 0) * speed.perSecond) / 1_000);
  return {
    echoes,
    processors: Math.max(...busy),
    areBottleneck: echoes.some(({ timesAsFast }) => timesAsFast < enoughTimesAsFast),
  };
}

export function describeCallers({ echoes, processors, areBottleneck }: CallersShare): string {
  const ratios = echoes.map(
    ({ atOnce, timesAsFast }) => `${shortNumber(timesAsFast)} times (${atOnce} at once)`,
  );
  return (
    `Callers: an echo through them is ${ratios.join(', ')} as fast as an allocation, and allocating they use ` +
    `${shortNumber(processors)} processors: they ${areBottleneck ? 'may be' : 'are not'} the bottleneck.`
  );
}
