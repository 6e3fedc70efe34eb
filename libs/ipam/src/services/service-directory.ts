import type { HostName } from '@novanet/net-address';
import type { Service } from './service.js';
import type { Heartbeat, ServiceStore } from './service-store.port.js';

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
}
