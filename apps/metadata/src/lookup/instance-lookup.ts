import type { IpAddress } from '@novanet/net-address';
import type { FoundInstance } from '../tree/instance-facts.js';

/** Tells whose address it is. Answers MUST be of this moment: an address may have gone to another instance. */
export interface InstanceLookup {
  /** Undefined: certainly nobody's. Throws DatabaseUnavailable when it cannot be known. */
  find(address: IpAddress): Promise<FoundInstance | undefined>;
}
