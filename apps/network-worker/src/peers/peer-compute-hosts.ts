import { instanceObject } from '@novanet/contracts';
import type { InstanceReference } from '@novanet/ipam';
import type { OsloClient } from '@novanet/messaging';
import type { HostName } from '@novanet/net-address';
import { ComputeHosts } from '@novanet/network-managers';

/** The compute services, reached over the message bus. */
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
      instances.map((instance) =>
        this.peers.cast(target, 'refresh_instance_security_rules', { instance: instanceObject(instance) }),
      ),
    );
  }
}
