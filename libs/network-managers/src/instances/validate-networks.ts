import type { RequestedNetwork } from '@novanet/contracts';
import {
  FixedIpAlreadyInUse,
  FixedIpInvalid,
  FixedIpNotFoundForAddress,
  FixedIpNotFoundForNetwork,
  NetworkNotFoundForProject,
  subnetOf,
  type FixedIpLedger,
  type Network,
  type NetworkCatalogue,
} from '@novanet/ipam';
import { Ipv4 } from '@novanet/net-address';
import type { Caller } from '../caller.js';
import type { ManagerTraits } from '../managers/manager-traits.js';
import { isUsable } from './choose-networks.js';

/** `validate_networks`: whether an instance could have these networks and addresses, before it is made. */
export class ValidateNetworks {
  constructor(
    private readonly networks: Pick<NetworkCatalogue, 'list'>,
    private readonly fixedIps: Pick<FixedIpLedger, 'findByAddress'>,
    private readonly traits: ManagerTraits,
  ) {}

  /**
   * Throws FixedIpInvalid, FixedIpNotFoundForAddress, FixedIpNotFoundForNetwork, FixedIpAlreadyInUse (with the holder);
   * NetworkNotFoundForProject, which nova only finds out when the instance is built.
   */
  async run(wishes: readonly RequestedNetwork[], caller: Caller): Promise<void> {
    if (wishes.length === 0) return;
    const all = await this.networks.list();
    for (const { networkUuid, address } of wishes) {
      const network = all.find(({ uuid }) => uuid === networkUuid.toLowerCase());
      if (address !== null) await this.checkAddress(address, networkUuid, network, all);
      if (!network || !isUsable(network, caller, this.traits)) {
        throw new NetworkNotFoundForProject(networkUuid, caller.projectId);
      }
    }
  }

  private async checkAddress(
    text: string,
    networkUuid: string,
    network: Network | undefined,
    all: readonly Network[],
  ): Promise<void> {
    const address = Ipv4.tryParse(text);
    if (!address) throw new FixedIpInvalid(text);
    const home = all.find((candidate) => subnetOf(candidate, 4)?.cidr.contains(address));
    if (!home) throw new FixedIpNotFoundForAddress(text);
    if (!network || !subnetOf(network, 4)?.cidr.contains(address)) {
      throw new FixedIpNotFoundForNetwork(text, networkUuid);
    }
    const held = await this.fixedIps.findByAddress(address);
    if (held?.networkId === network.id) {
      if (held.instanceUuid !== null) throw new FixedIpAlreadyInUse(text, held.instanceUuid);
      throw new FixedIpNotFoundForNetwork(text, networkUuid);
    }
    if (!isInPool(network, address)) throw new FixedIpNotFoundForNetwork(text, networkUuid);
  }
}

/** Outside of it lies what is reserved. */
function isInPool(network: Network, address: Ipv4): boolean {
  const pool = subnetOf(network, 4)?.pool;
  return !!pool && pool.first.compare(address) <= 0 && pool.last.compare(address) >= 0;
}
