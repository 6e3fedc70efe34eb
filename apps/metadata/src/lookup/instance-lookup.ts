import type { Caller } from '../callers/caller.js';
import type { FoundInstance } from '../tree/instance-facts.js';

/** Tells who asks. Answers MUST be of this moment: an address may have gone to another instance. */
export interface InstanceLookup {
  /** Undefined: certainly nobody. Throws DatabaseUnavailable when it cannot be known. */
  find(caller: Caller): Promise<FoundInstance | undefined>;
}
