import { instanceObject } from '@novanet/contracts';
import type { InstanceReference } from '@novanet/ipam';
import type { OsloClient } from '@novanet/messaging';
import type { HostName } from '@novanet/net-address';
import { ComputeHosts } from '@novanet/network-managers';

/**
 * The compute services, reached over the message bus. They find an instance's filters by their own number of it only: one
 * whose number nobody told is left out, because a wrong one would give its rules to another instance.
 */
export class PeerComputeHosts extends ComputeHosts {
  constructor(private readonly peers: OsloClient) {
    super();
  }

  override async refreshSecurityRules(
    host: HostName,
    instances: readonly InstanceReference[],
  ): Promise<void> {
    const target = { topic: 'compute', server: host, version: '4.4' };
    await Promise.all(
      instances
        .filter(isNumbered)
        .map((instance) =>
          this.peers.cast(target, 'refresh_instance_security_rules', { instance: instanceObject(instance) }),
        ),
    );
  }
}

function isNumbered(
  instance: InstanceReference,
): instance is InstanceReference & { readonly computeId: number } {
  return instance.computeId !== null;
}
