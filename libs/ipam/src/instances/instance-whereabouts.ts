import type { HostName } from '@novanet/net-address';
import type { WhereaboutsStore } from './whereabouts-store.port.js';

/**
 * On which hosts an instance is: the one it runs on, and those that were told to expect it (a migration sets the new
 * host up before the instance is there).
 */
export class InstanceWhereabouts {
  constructor(private readonly store: WhereaboutsStore) {}

  /** Makes the host serve the instance from now on. Repeatable; nothing happens without such an instance. */
  expect(instanceUuid: string, host: HostName): Promise<void> {
    return this.store.expect(instanceUuid, host);
  }

  /** The host need not serve it any more, unless the instance runs there. Repeatable. */
  unexpect(instanceUuid: string, host: HostName): Promise<void> {
    return this.store.unexpect(instanceUuid, host);
  }

  /** The instance runs there now. Repeatable. */
  arrived(instanceUuid: string, host: HostName): Promise<void> {
    return this.store.arrived(instanceUuid, host);
  }

  /** Where it runs first, then where it is expected. */
  hostsOf(instanceUuid: string): Promise<HostName[]> {
    return this.store.hostsOf(instanceUuid);
  }

  /** The instances of a host, those it expects included. */
  on(host: HostName): Promise<string[]> {
    return this.store.on(host);
  }
}
