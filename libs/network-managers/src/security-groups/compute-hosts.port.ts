import type { InstanceReference } from '@novanet/ipam';
import type { HostName } from '@novanet/net-address';

/**
 * The hosts that instances run on. What reaches the instances is filtered there, by the compute service or by the worker:
 * whoever does not filter has nothing to do. Every method resolves when its messages are on their way, and MUST NOT wait
 * for an answer.
 */
export abstract class ComputeHosts {
  /** The filters of these instances are out of date (nova's `refresh_instance_security_rules`, a cast each). */
  abstract refreshSecurityRules(host: HostName, instances: readonly InstanceReference[]): Promise<void>;
  /**
   * An instance of the host has other addresses. Compute services know that already, and so does the worker that changed
   * them.
   */
  abstract refreshFilters(host: HostName): Promise<void>;
  /** Every host's filters are out of date: rules changed that are all instances'. */
  abstract refreshAllFilters(): Promise<void>;
}
