import type { HostName } from '@novanet/net-address';

/** Where instances are. A failed connection is retried and ends as DatabaseUnavailable. */
export abstract class WhereaboutsStore {
  /** Does nothing when it runs there already, or when there is no such instance. */
  abstract expect(instanceUuid: string, host: HostName): Promise<void>;
  abstract unexpect(instanceUuid: string, host: HostName): Promise<void>;
  /** MUST end the expectation of that host in the same step. */
  abstract arrived(instanceUuid: string, host: HostName): Promise<void>;
  abstract hostsOf(instanceUuid: string): Promise<HostName[]>;
  abstract on(host: HostName): Promise<string[]>;
}
