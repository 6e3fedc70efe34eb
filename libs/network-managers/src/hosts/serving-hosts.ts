import { InvalidInput, type Network, type NetworkCatalogue } from '@novanet/ipam';
import type { HostName, Ipv4 } from '@novanet/net-address';
import type { ManagerTraits } from '../managers/manager-traits.js';
import type { HostChoice } from './host-choice.js';
import type { NetworkHosts } from './network-hosts.port.js';

/** Which host serves a network to an instance: the network's own one, or each instance's own one. */
export class ServingHosts {
  constructor(
    private readonly networks: NetworkCatalogue,
    private readonly hosts: NetworkHosts,
    private readonly choice: HostChoice,
    private readonly traits: ManagerTraits,
    /** `vpn_ip`: where this worker's VPN ports are reached. */
    private readonly vpnIp: Ipv4,
  ) {}

  /**
   * The host, chosen on first use, alive. Undefined where hosts have no work.
   * Throws NetworkHostUnavailable, NetworkNotFound; InvalidInput when it depends on the instance's host and that is not
   * known (nova makes some worker the network's host for ever then).
   */
  async require(network: Network, instanceHost: HostName | null): Promise<HostName | undefined> {
    if (!this.traits.servesNetworks) return undefined;
    const host = network.isMultiHost ? instanceHost : await this.ownerOf(network);
    if (host === null) {
      throw new InvalidInput(
        `network ${network.uuid} is served by the host of each instance, and the request names no host`,
      );
    }
    if (host !== this.hosts.self) await this.hosts.requireUp(host);
    return host;
  }

  /** The same without choosing or asking anyone. */
  known(network: Network, instanceHost: HostName | null): HostName | undefined {
    if (!this.traits.servesNetworks) return undefined;
    return (network.isMultiHost ? instanceHost : network.host) ?? undefined;
  }

  /**
   * Takes back what {@link require} chose for these networks, as they were before, when nothing came of it; one that
   * somebody uses by now stays, and what went to another host because this one is disabled.
   */
  async giveUp(networks: readonly Network[]): Promise<void> {
    if (!this.traits.servesNetworks) return;
    const claimed = networks.filter(({ host, isMultiHost }) => host === null && !isMultiHost);
    for (const { id } of claimed) await this.networks.releaseHost(id, this.hosts.self);
  }

  private async ownerOf({ id, host, vlan, vpnPublicAddress }: Network): Promise<HostName> {
    const { self } = this.hosts;
    const vpnIp = vlan === null ? null : this.vpnIp;
    // it came to this host in another way than by a claim: only its new owner knows where its VPN is reached
    const lacksVpnIp = host === self && vpnIp !== null && vpnPublicAddress === null;
    if (host !== null && !lacksVpnIp) return host;
    const owner = host ?? (await this.choice.choose(id));
    return this.networks.claimHost(id, owner, owner === self ? vpnIp : null);
  }
}
