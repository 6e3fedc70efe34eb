import type { RequestedNetwork } from '@novanet/contracts';
import {
  FixedIpAlreadyInUse,
  FixedIpInvalid,
  FixedIpNotFoundForAddress,
  FixedIpNotFoundForNetwork,
  Forbidden,
  NetworkNotFoundForProject,
  subnetOf,
  type FixedIp,
  type FixedIpLedger,
  type Instance,
  type Network,
  type NetworkCatalogue,
} from '@novanet/ipam';
import { Ipv4 } from '@novanet/net-address';
import { isVisible, type Caller } from '../caller.js';
import type { ManagerTraits } from '../managers/manager-traits.js';
import { isUsable } from './choose-networks.js';

/** `validate_networks`: whether an instance could have these networks and addresses, before it is made. */
export class ValidateNetworks {
  constructor(
    private readonly networks: Pick<NetworkCatalogue, 'list'>,
    private readonly fixedIps: Pick<FixedIpLedger, 'findByAddress'>,
    private readonly instances: { find(uuid: string): Promise<Pick<Instance, 'projectId'> | undefined> },
    private readonly traits: ManagerTraits,
  ) {}

  /**
   * Throws FixedIpInvalid, FixedIpNotFoundForAddress, FixedIpNotFoundForNetwork, FixedIpAlreadyInUse (with the holder),
   * Forbidden instead when that is another project's;
   * NetworkNotFoundForProject, which nova only finds out when the instance is built.
   */
  async run(wishes: readonly RequestedNetwork[], caller: Caller): Promise<void> {
    if (wishes.length === 0) return;
    const all = await this.networks.list();
    for (const { networkUuid, address } of wishes) {
      const network = all.find(({ uuid }) => uuid === networkUuid.toLowerCase());
      const fixedIp =
        address === null ? undefined : await this.checkAddress(address, networkUuid, network, all);
      if (!network || !isUsable(network, caller, this.traits)) {
        throw new NetworkNotFoundForProject(networkUuid, caller.projectId);
      }
      if (fixedIp?.instanceUuid) await this.refuseHeld(fixedIp, fixedIp.instanceUuid, caller);
    }
  }

  /** Whose it is, only its project may know. */
  private async refuseHeld({ address }: FixedIp, holder: string, caller: Caller): Promise<never> {
    const instance = await this.instances.find(holder);
    if (instance && !isVisible(instance, caller)) throw new Forbidden();
    throw new FixedIpAlreadyInUse(address.toString(), holder);
  }

  private async checkAddress(
    text: string,
    networkUuid: string,
    network: Network | undefined,
    all: readonly Network[],
  ): Promise<FixedIp | undefined> {
    const address = Ipv4.tryParse(text);
    if (!address) throw new FixedIpInvalid(text);
    const home = all.find((candidate) => subnetOf(candidate, 4)?.cidr.contains(address));
    if (!home) throw new FixedIpNotFoundForAddress(text);
    if (!network || !subnetOf(network, 4)?.cidr.contains(address)) {
      throw new FixedIpNotFoundForNetwork(text, networkUuid);
    }
    const held = await this.fixedIps.findByAddress(address);
    const isHeld = held?.networkId === network.id;
    if (isHeld && held.instanceUuid !== null) return held;
    if (isHeld || !isInPool(network, address)) throw new FixedIpNotFoundForNetwork(text, networkUuid);
    return undefined;
  }
}

/** Outside of it lies what is reserved. */
function isInPool(network: Network, address: Ipv4): boolean {
  const pool = subnetOf(network, 4)?.pool;
  return !!pool && pool.first.compare(address) <= 0 && pool.last.compare(address) >= 0;
}
