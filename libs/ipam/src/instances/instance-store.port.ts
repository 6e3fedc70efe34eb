import type { IpAddress } from '@novanet/net-address';
import type { Instance, InstanceRegistration } from './instance.js';

/** A registration with nothing left open. */
export type NamedRegistration = InstanceRegistration & { readonly hostname: string };

/** Where instances are kept. A failed connection is retried and ends as DatabaseUnavailable. */
export abstract class InstanceStore {
  /** Writes or replaces the whole registration. MUST leave id and creation date alone. */
  abstract put(registration: NamedRegistration): Promise<Instance>;
  abstract find(uuid: string): Promise<Instance | undefined>;
  /** The instance to which the address is allocated. */
  abstract findByFixedAddress(address: IpAddress): Promise<Instance | undefined>;
  /**
   * MUST delete the instance only if it has no NIC, also against an allocation at the same moment; answers what it
   * holds: addresses, or the MACs of NICs without one. No such instance: nothing.
   */
  abstract removeUnlessHolding(uuid: string): Promise<readonly string[]>;
}
