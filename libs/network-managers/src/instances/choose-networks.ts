import type { RequestedNetwork } from '@novanet/contracts';
import {
  FixedIpInvalid,
  FixedIpNotFoundForNetwork,
  InvalidInput,
  NetworkNotFoundForProject,
  NoNetworksFound,
  type Network,
  type NetworkCatalogue,
} from '@novanet/ipam';
import { Ipv4 } from '@novanet/net-address';
import { isVisible, type Caller } from '../caller.js';
import type { ManagerTraits } from '../managers/manager-traits.js';

/** A network an instance is going to get a NIC in. */
export interface ChosenNetwork {
  readonly network: Network;
  readonly address: Ipv4 | undefined;
}

/** The networks of new instances. */
export class NetworkChoice {
  constructor(
    private readonly networks: Pick<NetworkCatalogue, 'list' | 'findByUuids' | 'ensureForProject'>,
    private readonly traits: ManagerTraits,
    /** `default_network`: label or uuid of what an instance without wishes gets; null: every network, as in nova. */
    private readonly defaultNetwork: string | null = null,
  ) {}

  /**
   * In the order of the NICs: those asked for, or those an instance of the project gets by default.
   * Throws NoNetworksFound, NetworkNotFoundForProject, NoMoreNetworks, FixedIpInvalid, FixedIpNotFoundForNetwork,
   * InvalidInput when the default network is not exactly one.
   */
  async choose(
    wishes: readonly RequestedNetwork[],
    projectId: string | null,
    caller: Caller,
  ): Promise<ChosenNetwork[]> {
    if (wishes.length === 0) {
      const networks = await this.standard(projectId, caller);
      return networks.map((network) => ({ network, address: undefined }));
    }
    const found = await this.networks.findByUuids(wishes.map((wish) => wish.networkUuid));
    const usable = found.filter((network) => isUsable(network, caller, this.traits));
    if (usable.length === 0) throw new NoNetworksFound();
    return distinct(wishes).map((wish) => {
      const network = usable.find((candidate) => candidate.uuid === wish.networkUuid.toLowerCase());
      if (!network) throw new NetworkNotFoundForProject(wish.networkUuid, caller.projectId);
      return { network, address: wishedAddress(wish, network) };
    });
  }

  /** The default network, or every network one may use; or those of the project, which gets one when it has none. */
  private async standard(projectId: string | null, caller: Caller): Promise<Network[]> {
    if (!this.traits.isPerProject) {
      const usable = (await this.networks.list()).filter((network) => isUsable(network, caller, this.traits));
      return this.defaultNetwork === null ? usable : [onlyOne(usable, this.defaultNetwork)];
    }
    const project = projectId ?? caller.projectId;
    if (project === null) throw new NoNetworksFound();
    return this.networks.ensureForProject(project);
  }
}

/** The caller sees it, and the manager can serve it: those without VLANs pass over networks that have one, as in nova. */
export function isUsable(network: Network, caller: Caller, traits: ManagerTraits): boolean {
  return isVisible(network, caller, traits) && (traits.isPerProject || network.vlan === null);
}

function onlyOne(usable: readonly Network[], name: string): Network {
  const found = usable.filter(({ uuid, label }) => uuid === name.toLowerCase() || label === name);
  if (found.length === 1 && found[0]) return found[0];
  const count = found.length === 0 ? 'no network' : `${found.length} networks`;
  throw new InvalidInput(
    `${count} ${name} (default_network) for this project: ask for a network by its uuid`,
  );
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
