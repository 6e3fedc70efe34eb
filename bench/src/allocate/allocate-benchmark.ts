import { Measurements, type Measurement } from '../figures/measurements.js';
import { residentMemoryOf } from '../meters/process-meter.js';
import { measureLimits } from '../limits/measure-limits.js';
import { withoutDataplane } from '../servers/worker.js';
import { startSession } from '../session/bench-session.js';
import type { Terminal } from '../terminal/terminal.js';
import { measureNetwork } from './measure-network.js';
import type { AllocateOptions } from './options.js';
import { warmUp, type MessagesPerCall } from './warm-up.js';

export interface AllocateResult {
  readonly limits: readonly Measurement[];
  readonly calls: readonly Measurement[];
  readonly messagesPerCall: MessagesPerCall;
  /** Megabytes of the worker, before the first call and after the last. */
  readonly memory: { readonly before: number; readonly after: number };
}

/** Measures allocations by one worker, and in the same run what limits them. */
export async function runAllocateBenchmark(
  options: AllocateOptions,
  terminal: Terminal,
): Promise<AllocateResult> {
  const session = await startSession(terminal, withoutDataplane);
  const before = residentMemoryOf(session.worker.pid);
  const messagesPerCall = await terminal.step('warming up', () => warmUp(session, options));
  const limits = new Measurements();
  const calls = new Measurements();
  for (let round = 1; round <= options.repeat; round += 1) {
    const ofAll = `(${round} of ${options.repeat})`;
    await terminal.step(`limits ${ofAll}`, () => measureLimits(session, options, limits));
    for (const prefixLength of options.networks) {
      await terminal.step(`calls in a /${prefixLength} ${ofAll}`, () =>
        measureNetwork(session, prefixLength, options, calls),
      );
    }
  }
  const after = residentMemoryOf(session.worker.pid);
  await terminal.step('ending', () => session.end());
  return { limits: limits.medians, calls: calls.medians, messagesPerCall, memory: { before, after } };
}
