import type { RequestedNetwork } from '@novanet/contracts';
import {
  FixedIpInvalid,
  FixedIpNotFoundForNetwork,
  NetworkNotFoundForProject,
  NoNetworksFound,
  type Network,
  type NetworkCatalogue,
} from '@novanet/ipam';
import { Ipv4 } from '@novanet/net-address';
import { isVisible, type Caller } from '../caller.js';

/** A network an instance is going to get a NIC in. */
export interface ChosenNetwork {
  readonly network: Network;
  readonly address: Ipv4 | undefined;
}

/**
 * The networks of a new instance, in the order of the NICs: those asked for, or every one the caller may use.
 * Throws NoNetworksFound, NetworkNotFoundForProject, FixedIpInvalid, FixedIpNotFoundForNetwork.
 */
export async function chooseNetworks(
  networks: NetworkCatalogue,
  wishes: readonly RequestedNetwork[],
  caller: Caller,
): Promise<ChosenNetwork[]> {
  const isUsable = (network: Network) => network.vlan === null && isVisible(network, caller);
  if (wishes.length === 0) {
    const all = await networks.list();
    return all.filter(isUsable).map((network) => ({ network, address: undefined }));
  }
  const found = (await networks.findByUuids(wishes.map((wish) => wish.networkUuid))).filter(isUsable);
  if (found.length === 0) throw new NoNetworksFound();
  return distinct(wishes).map((wish) => {
    const network = found.find((candidate) => candidate.uuid === wish.networkUuid.toLowerCase());
    if (!network) throw new NetworkNotFoundForProject(wish.networkUuid, caller.projectId);
    return { network, address: wishedAddress(wish, network) };
  });
}

/** A network asked for twice gives one NIC, as in nova; the wish that names an address counts. */
function distinct(wishes: readonly RequestedNetwork[]): RequestedNetwork[] {
  const byUuid = new Map<string, RequestedNetwork>();
  for (const wish of wishes) {
    const key = wish.networkUuid.toLowerCase();
    if (!byUuid.get(key)?.address) byUuid.set(key, wish);
  }
  return [...byUuid.values()];
}

function wishedAddress(wish: RequestedNetwork, network: Network): Ipv4 | undefined {
  if (!wish.address) return undefined;
  const address = Ipv4.tryParse(wish.address);
  if (!address) throw new FixedIpInvalid(wish.address);
  const isInside = network.subnets.some((subnet) => subnet.cidr.contains(address));
  if (!isInside) throw new FixedIpNotFoundForNetwork(wish.address, network.uuid);
  return address;
}
