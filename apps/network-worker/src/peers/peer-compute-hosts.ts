import { instanceObject } from '@novanet/contracts';
import type { InstanceReference } from '@novanet/ipam';
import type { OsloClient, RpcTarget } from '@novanet/messaging';
import type { HostName } from '@novanet/net-address';
import { ComputeHosts } from '@novanet/network-managers';

/** The message by which a worker is told that what it filters is out of date. */
const REFRESH = 'refresh_filters';

/**
 * Compute services and workers, reached over the message bus. Compute services find an instance's filters by their own
 * number of it only: one whose number nobody told is left out, because a wrong one would give its rules to another
 * instance.
 */
export class PeerComputeHosts extends ComputeHosts {
  private readonly workers: RpcTarget;

  /** @param own this worker's host, and the topic of all workers */
  constructor(
    private readonly peers: OsloClient,
    private readonly own: { readonly host: HostName; readonly networkTopic: string },
  ) {
    super();
    this.workers = { topic: own.networkTopic, namespace: 'novanet', version: '1.0' };
  }

  override async refreshSecurityRules(
    host: HostName,
    instances: readonly InstanceReference[],
  ): Promise<void> {
    const target = { topic: 'compute', server: host, version: '4.4' };
    await Promise.all([
      this.peers.cast({ ...this.workers, server: host }, REFRESH),
      ...instances
        .filter(isNumbered)
        .map((instance) =>
          this.peers.cast(target, 'refresh_instance_security_rules', { instance: instanceObject(instance) }),
        ),
    ]);
  }

  override async refreshFilters(host: HostName): Promise<void> {
    if (host !== this.own.host) await this.peers.cast({ ...this.workers, server: host }, REFRESH);
  }

  override async refreshAllFilters(): Promise<void> {
    await this.peers.fanout(this.workers, REFRESH);
  }
}

function isNumbered(
  instance: InstanceReference,
): instance is InstanceReference & { readonly computeId: number } {
  return instance.computeId !== null;
}
