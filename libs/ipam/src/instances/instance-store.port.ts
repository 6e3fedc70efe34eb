import type { HostName, IpAddress, Mac } from '@novanet/net-address';
import type {
  Instance,
  InstanceFilter,
  InstanceObservation,
  InstanceRegistration,
  ObservedChange,
  PasswordOutcome,
} from './instance.js';

/** A registration with nothing left open. */
export type NamedRegistration = InstanceRegistration & { readonly hostname: string };

/** Where instances are kept. A failed connection is retried and ends as DatabaseUnavailable. */
export abstract class InstanceStore {
  /** Writes or replaces the whole registration. MUST leave id and creation date alone. */
  abstract put(registration: NamedRegistration): Promise<Instance>;
  /**
   * MUST write nothing but the facts given, and nothing at all (undefined) when something newer was put or observed, or
   * when the instance is unknown and this is no birth, or was deleted. Of a registered instance image, kernel and ramdisk
   * stay as they are.
   */
  abstract observe(observation: InstanceObservation): Promise<ObservedChange | undefined>;
  abstract setComputeId(uuid: string, computeId: number): Promise<void>;
  abstract list(filter: InstanceFilter): Promise<Instance[]>;
  abstract find(uuid: string): Promise<Instance | undefined>;
  /** Where instances with NICs are, each once. */
  abstract hosts(): Promise<HostName[]>;
  /** Text of the address or MAC → uuid of the instance to which it is allocated. */
  abstract owners(places: readonly (IpAddress | Mac)[]): Promise<ReadonlyMap<string, string>>;
  abstract password(uuid: string): Promise<string>;
  /** MUST let the first win of two that come at a time. */
  abstract leavePassword(uuid: string, password: string): Promise<PasswordOutcome>;
  abstract clearPassword(uuid: string): Promise<void>;
  /**
   * MUST delete the instance only if it has no NIC, also against an allocation at the same moment; answers what it
   * holds: addresses, or the MACs of NICs without one. No such instance: nothing. MUST keep an {@link observe} from
   * bringing it back, also one at the same moment.
   */
  abstract removeUnlessHolding(uuid: string): Promise<readonly string[]>;
}
