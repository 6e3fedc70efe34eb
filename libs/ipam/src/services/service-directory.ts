import type { HostName } from '@novanet/net-address';
import { HostBinaryNotFound } from './errors.js';
import type { Service } from './service.js';
import type { Heartbeat, ServiceKey, ServiceStatus, ServiceStore } from './service-store.port.js';

/** Which processes the cloud has, and when each was last heard of. */
export class ServiceDirectory {
  constructor(private readonly store: ServiceStore) {}

  beat(heartbeat: Heartbeat): Promise<void> {
    return this.store.beat(heartbeat);
  }

  list(): Promise<Service[]> {
    return this.store.list();
  }

  /** Forgets everything that ran on the host. */
  removeHost(host: HostName): Promise<void> {
    return this.store.removeHost(host);
  }

  /** Whether it counts as down whatever it reports. Throws HostBinaryNotFound. */
  async forceDown(service: ServiceKey, isForcedDown: boolean): Promise<void> {
    const isKnown = await this.store.forceDown(service, isForcedDown);
    if (!isKnown) throw new HostBinaryNotFound(service.host, service.binary);
  }

  /** Whether it is given anything more, and if not, why. Throws HostBinaryNotFound. */
  async setStatus(service: ServiceKey, status: ServiceStatus): Promise<void> {
    const isKnown = await this.store.setStatus(service, status);
    if (!isKnown) throw new HostBinaryNotFound(service.host, service.binary);
  }

  /** Forgets it until it reports again. Throws HostBinaryNotFound. */
  async remove(service: ServiceKey): Promise<void> {
    const isKnown = await this.store.remove(service);
    if (!isKnown) throw new HostBinaryNotFound(service.host, service.binary);
  }
}
