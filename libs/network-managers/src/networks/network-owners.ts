import {
  InvalidInput,
  NetworkNotFoundForUUID,
  type FixedIpLedger,
  type Network,
  type NetworkCatalogue,
  type NetworkChanges,
} from '@novanet/ipam';
import type { HostName, Ipv4 } from '@novanet/net-address';
import { allDone } from '../hosts/all-done.js';
import type { HostChoice } from '../hosts/host-choice.js';
import type { NetworkHosts } from '../hosts/network-hosts.port.js';
import type { ManagerTraits } from '../managers/manager-traits.js';

/** What `associate` was told: absent keys stay as they are, null takes away. */
export interface Associations {
  readonly projectId?: string | null;
  readonly host?: HostName | null;
  /** Where the VPN is reached when the host is another one; null: where that one says. */
  readonly vpnPublicAddress?: Ipv4 | null;
}

/** Lets the floating IPs of a network's instances be carried by those who serve the network now. */
export interface FloatingIpFollowing {
  follow(networkId: number): Promise<void>;
}

/** What {@link NetworkOwners} works with. */
export interface NetworkOwnerParts {
  readonly networks: NetworkCatalogue;
  readonly fixedIps: FixedIpLedger;
  readonly floatingIps: FloatingIpFollowing;
  readonly hosts: NetworkHosts;
  readonly choice: HostChoice;
  readonly traits: ManagerTraits;
  /** Told of a host that could not clean up; it does so when it is back. */
  readonly onHostProblem: (host: HostName, error: unknown) => void;
}

/** To whom a network belongs, and who serves it. */
export class NetworkOwners {
  constructor(private readonly parts: NetworkOwnerParts) {}

  /** `disassociate_network`. nova's method of that name does nothing. Throws NetworkNotFoundForUUID. */
  disassociate(uuid: string): Promise<void> {
    return this.associate(uuid, { projectId: null, host: null });
  }

  /**
   * `associate`. A network that instances use keeps its gateway: another host is set up before the old one is torn down,
   * and "no host" only means that the next one who needs it may take over, so it waits until nobody uses the network.
   * Throws NetworkNotFoundForUUID, InvalidInput for the one host of a multi-host network; NetworkHostUnavailable,
   * HostSetupFailed: the network is then what it was.
   */
  async associate(uuid: string, { projectId, host, vpnPublicAddress }: Associations): Promise<void> {
    const network = await this.get(uuid);
    if (host) await this.requireSingle(network, host);
    if (projectId !== undefined) await this.parts.networks.update(network.id, { projectId });
    if (host) await this.orRevert(network, () => this.moveTo(network, host, vpnPublicAddress ?? null));
    else if (
      host === null &&
      network.host &&
      (await this.parts.networks.releaseHost(network.id, network.host))
    ) {
      await this.leave([network.host], network.id);
    }
  }

  /**
   * Makes every host with instances serve the network itself, or one host serve all. The new side is set up before the
   * old one is torn down. Instances learn of their new router when they renew their lease. Repeatable: a conversion that
   * was interrupted is finished.
   * Throws NetworkNotFoundForUUID; NetworkHostUnavailable, HostSetupFailed: the network is then what it was.
   * @param host who serves a single-host network; the one that does already or a chosen one, unless told
   */
  async convert(uuid: string, isMultiHost: boolean, host?: HostName): Promise<Network> {
    const before = await this.get(uuid);
    const owner = isMultiHost ? null : await this.ownerFor(before, host);
    const oldServers = await this.parts.fixedIps.serversOf(before.id);
    const after = await this.parts.networks.update(before.id, { isMultiHost, ...ownerChange(before, owner) });
    await this.orRevert(before, () => this.setUpServers(after));
    await this.parts.floatingIps.follow(after.id);
    if (!isMultiHost) await this.parts.fixedIps.releaseAllHostAddresses(after.id);
    const servers = await this.parts.fixedIps.serversOf(after.id);
    await this.leave(
      oldServers.filter((server) => !servers.includes(server)),
      after.id,
    );
    return after;
  }

  /** Throws NetworkNotFoundForUUID. */
  private async get(uuid: string): Promise<Network> {
    const network = await this.parts.networks.findByUuid(uuid);
    if (!network) throw new NetworkNotFoundForUUID(uuid);
    return network;
  }

  private async requireSingle(network: Network, host: HostName): Promise<void> {
    if (network.isMultiHost) {
      throw new InvalidInput(
        `network ${network.uuid} is served by the host of each instance, not by ${host}`,
      );
    }
    await this.requireFor(network, host);
  }

  /** Alive. Throws NetworkHostUnavailable. */
  private async ownerFor(network: Network, wanted: HostName | undefined): Promise<HostName> {
    const host = wanted ?? network.host ?? (await this.parts.choice.choose(network.id));
    await this.requireFor(network, host);
    return host;
  }

  /** A disabled host goes on serving what it has. */
  private requireFor(network: Network, host: HostName): Promise<void> {
    const { hosts, choice } = this.parts;
    return host === network.host ? hosts.requireUp(host) : choice.require(host);
  }

  private async moveTo(before: Network, host: HostName, vpnPublicAddress: Ipv4 | null): Promise<void> {
    const change = ownerChange(before, host, vpnPublicAddress);
    const after = await this.parts.networks.update(before.id, change);
    await this.setUpServers(after);
    await this.parts.floatingIps.follow(before.id);
    if (before.host && before.host !== host) await this.leave([before.host], before.id);
  }

  private async setUpServers(network: Network): Promise<void> {
    if (!this.parts.traits.servesNetworks) return;
    const servers = await this.parts.fixedIps.serversOf(network.id);
    await allDone(servers.map((server) => this.parts.hosts.setUp(server, network)));
  }

  /** What a host took for itself meanwhile goes back as well. */
  private async orRevert(before: Network, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const failed = await this.parts.fixedIps.serversOf(before.id);
      const { projectId, host, isMultiHost, vpnPublicAddress } = before;
      await this.parts.networks.update(before.id, { projectId, host, isMultiHost, vpnPublicAddress });
      if (!isMultiHost) await this.parts.fixedIps.releaseAllHostAddresses(before.id);
      const servers = await this.parts.fixedIps.serversOf(before.id);
      await this.leave([...new Set([...failed, ...servers])], before.id);
      throw error;
    }
  }

  private async leave(hosts: readonly HostName[], networkId: number): Promise<void> {
    await Promise.all(
      hosts.map(async (host) => {
        try {
          await this.parts.hosts.tearDown(host, networkId);
        } catch (error) {
          this.parts.onHostProblem(host, error);
        }
      }),
    );
  }
}

/** Where the VPN is reached only the new owner knows, unless somebody says it. */
function ownerChange(
  before: Network,
  host: HostName | null,
  vpnPublicAddress: Ipv4 | null = null,
): NetworkChanges {
  return host === before.host ? {} : { host, vpnPublicAddress };
}
