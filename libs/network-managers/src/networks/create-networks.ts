import type { CreateNetworksArguments } from '@novanet/contracts';
import type { Network, NetworkCatalogue, NetworkLimit } from '@novanet/ipam';
import type { ManagerTraits } from '../managers/manager-traits.js';
import type { NetworkDefaults } from './network-defaults.js';
import { parseNetworkRequest } from './network-request.js';
import { planNetworks } from './plan-networks.js';

/** `create_networks`: all the networks asked for, or none. */
export class CreateNetworks {
  constructor(
    private readonly networks: NetworkCatalogue,
    private readonly defaults: NetworkDefaults,
    private readonly traits: ManagerTraits,
    private readonly newUuid: () => string,
  ) {}

  /** @param requestId identity of the request: a repetition answers what the first one created */
  async run(args: CreateNetworksArguments, requestId: string, limit?: NetworkLimit): Promise<Network[]> {
    const request = parseNetworkRequest(args, this.defaults, this.traits);
    return this.networks.create((existing) => planNetworks(request, this.traits, existing, this.newUuid), {
      requestId,
      ...(limit && { limit }),
    });
  }
}
