import type { HostName, IpAddress, Mac } from '@novanet/net-address';
import { InstanceInUse } from '../errors.js';
import type { Nic } from '../fixed-ips/fixed-ip.js';
import type { FixedIpStore } from '../fixed-ips/fixed-ip-store.port.js';
import type {
  Instance,
  InstanceFilter,
  InstanceObservation,
  InstanceRegistration,
  ObservedChange,
  PasswordOutcome,
} from './instance.js';
import type { InstanceStore } from './instance-store.port.js';

/** What compute services told of their instances. */
export class InstanceRegistry {
  constructor(
    private readonly store: InstanceStore,
    private readonly fixedIps: Pick<FixedIpStore, 'nicsOf'>,
  ) {}

  /** Replaces whatever was known: what the registration leaves out is forgotten. */
  register(registration: InstanceRegistration): Promise<Instance> {
    return this.store.put({
      ...registration,
      hostname: registration.hostname ?? defaultHostname(registration.uuid),
    });
  }

  /**
   * Takes over what somebody saw, as long as nothing newer was said. Repeatable. Undefined when it changed nothing: it
   * was outdated, or the instance is unknown (any more).
   */
  observe(observation: InstanceObservation): Promise<ObservedChange | undefined> {
    return this.store.observe(observation);
  }

  /** The compute service told by which number it knows the instance. Repeatable. */
  learnComputeId(uuid: string, computeId: number): Promise<void> {
    return this.store.setComputeId(uuid, computeId);
  }

  find(uuid: string): Promise<Instance | undefined> {
    return this.store.find(uuid);
  }

  list(filter: InstanceFilter): Promise<Instance[]> {
    return this.store.list(filter);
  }

  /** Where instances with NICs are, each once. */
  hosts(): Promise<HostName[]> {
    return this.store.hosts();
  }

  /** Repeatable. Throws InstanceInUse while it holds addresses: deallocating them is the caller's part. */
  async remove(uuid: string): Promise<void> {
    const held = await this.store.removeUnlessHolding(uuid);
    if (held.length > 0) throw new InstanceInUse(uuid, held);
  }

  /** Whose addresses and MACs these are, in their order; undefined: nobody's. */
  async owners(places: readonly (IpAddress | Mac)[]): Promise<(string | undefined)[]> {
    const owners = await this.store.owners(places);
    return places.map((place) => owners.get(place.toString()));
  }

  async findWithNics(
    uuid: string,
  ): Promise<{ readonly instance: Instance; readonly nics: readonly Nic[] } | undefined> {
    const [instance, nics] = await Promise.all([this.store.find(uuid), this.fixedIps.nicsOf(uuid)]);
    return instance && { instance, nics };
  }

  /** What the instance has left for its owner, encrypted; empty: nothing. */
  password(uuid: string): Promise<string> {
    return this.store.password(uuid);
  }

  /** Once: what is there stays until its owner has cleared it. */
  leavePassword(uuid: string, password: string): Promise<PasswordOutcome> {
    return this.store.leavePassword(uuid, password);
  }

  clearPassword(uuid: string): Promise<void> {
    return this.store.clearPassword(uuid);
  }
}

/** nova's name for an instance that has none. */
export function defaultHostname(uuid: string): string {
  return `server-${uuid}`;
}
