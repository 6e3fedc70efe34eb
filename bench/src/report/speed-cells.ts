import type { Measurement } from '../figures/measurements.js';
import { shortNumber } from './table.js';

export const speedTitles = ['per s', 'p50', 'p95', 'p99'];

export function speedCells({ speed }: Measurement): string[] {
  return [speed.perSecond, speed.p50, speed.p95, speed.p99].map(shortNumber);
}

/** How busy those who take part keep the machine. */
export function oursPercent(measurement: Measurement, processors: number): number {
  return percent(ours(measurement), measurement, processors);
}

/** How busy everything else keeps it. */
export function othersPercent(measurement: Measurement, processors: number): number {
  const others = (measurement.usage?.machineCpu ?? 0) - ours(measurement);
  return percent(Math.max(others, 0), measurement, processors);
}

function ours({ usage }: Measurement): number {
  if (!usage) return 0;
  return usage.serverCpu + usage.programsCpu + usage.callersCpu + usage.databaseCpu + usage.brokerCpu;
}

function percent(perCall: number, { speed }: Measurement, processors: number): number {
  return (perCall * speed.perSecond) / (10 * processors);
}
