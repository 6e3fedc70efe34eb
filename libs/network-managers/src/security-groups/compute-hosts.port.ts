import type { InstanceReference } from '@novanet/ipam';
import type { HostName } from '@novanet/net-address';

/** The compute services of the cloud, which filter what reaches their instances. */
export abstract class ComputeHosts {
  /**
   * Tells the compute service of the host that the filters of these instances are out of date
   * (`refresh_instance_security_rules`, a cast each). Resolves when the messages are on their way, and MUST NOT wait for
   * an answer.
   */
  abstract refreshSecurityRules(host: HostName, instances: readonly InstanceReference[]): Promise<void>;
}
