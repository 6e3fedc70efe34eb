import { faultBody } from '../faults/fault.js';

/** nova's fault of this status, in these words. */
export function refusal(status: number, message: string): { status: number; body: object } {
  return { status, body: faultBody(status, message) };
}
