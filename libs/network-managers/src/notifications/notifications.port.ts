import type { Caller } from '../caller.js';

/** Tells other services what happened: metering, billing, audit. */
export abstract class Notifications {
  /**
   * Called after the commit. MUST NOT throw, and not wait for whoever listens: what cannot be sent is logged.
   * @param caller on whose behalf it happened
   */
  abstract emit(eventType: string, payload: Readonly<Record<string, unknown>>, caller: Caller): Promise<void>;
}
