import type { RestartResult } from '../associate/measure-restart.js';

/** A restart in which only what is given matters. */
export function restartResult(
  given: { readonly seconds?: number; readonly lost?: number; readonly instances?: number } = {},
): RestartResult {
  const { seconds = 2, lost = 0, instances = 500 } = given;
  const flow = { sent: 900, lost, longestGap: 12 };
  return {
    instances,
    floatingIps: 200,
    warm: { seconds, programs: 8, flow },
    wiped: { seconds: 2.5, programs: 16 },
  };
}
