import type { CreateNetworksArguments } from '@novanet/contracts';
import type { Network } from '@novanet/ipam';
import type { CreateNetworks } from './create-networks.js';

/** `enable_network_quota` and `quota_networks`. */
export interface NetworkQuota {
  readonly enableNetworkQuota: boolean;
  readonly quotaNetworks: number;
}

/** Networks that a project makes for itself: nova's os-tenant-networks. */
export class CreateTenantNetworks {
  constructor(
    private readonly createFlow: CreateNetworks,
    private readonly quota: NetworkQuota,
  ) {}

  /** As {@link CreateNetworks.run}. Throws NetworkLimitExceeded as well. */
  run(args: CreateNetworksArguments, projectId: string, requestId: string): Promise<Network[]> {
    const { enableNetworkQuota, quotaNetworks } = this.quota;
    const limit = enableNetworkQuota ? { projectId, usual: quotaNetworks } : undefined;
    return this.createFlow.run(Object.assign({}, args, { project_id: projectId }), requestId, limit);
  }
}
