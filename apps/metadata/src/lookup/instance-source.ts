import type { IpAddress, Mac } from '@novanet/net-address';
import type { FoundInstance } from '../tree/instance-facts.js';

/** What is asked of the database. Everything throws DatabaseUnavailable when that is away. */
export interface InstanceSource {
  /** The uuids of the instances that have these addresses or MACs at this moment, in their order; undefined: nobody. */
  owners(places: readonly (IpAddress | Mac)[]): Promise<readonly (string | undefined)[]>;
  load(uuid: string): Promise<FoundInstance | undefined>;
}
