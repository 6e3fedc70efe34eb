import type { IpAddress } from '@novanet/net-address';
import { InstanceInUse } from '../errors.js';
import type { Nic } from '../fixed-ips/fixed-ip.js';
import type { FixedIpStore } from '../fixed-ips/fixed-ip-store.port.js';
import type { Instance, InstanceObservation, InstanceRegistration, ObservedChange } from './instance.js';
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

  /** Repeatable. Throws InstanceInUse while it holds addresses: deallocating them is the caller's part. */
  async remove(uuid: string): Promise<void> {
    const held = await this.store.removeUnlessHolding(uuid);
    if (held.length > 0) throw new InstanceInUse(uuid, held);
  }

  /** Whose address it is, for those who ask from it. */
  async findByFixedAddress(
    address: IpAddress,
  ): Promise<{ readonly instance: Instance; readonly nics: readonly Nic[] } | undefined> {
    const instance = await this.store.findByFixedAddress(address);
    return instance && { instance, nics: await this.fixedIps.nicsOf(instance.uuid) };
  }
}

/** nova's name for an instance that has none. */
export function defaultHostname(uuid: string): string {
  return `server-${uuid}`;
}
