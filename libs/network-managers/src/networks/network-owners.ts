import {
  NetworkNotFoundForUUID,
  type FixedIpLedger,
  type Network,
  type NetworkCatalogue,
} from '@novanet/ipam';
import type { HostName } from '@novanet/net-address';
import type { NetworkHosts } from '../hosts/network-hosts.port.js';
import type { ManagerTraits } from '../managers/manager-traits.js';

/** What `associate` was told: absent keys stay as they are, null takes away. */
export interface Associations {
  readonly projectId?: string | null;
  readonly host?: HostName | null;
}

/** To whom a network belongs, and who serves it. */
export class NetworkOwners {
  constructor(
    private readonly networks: NetworkCatalogue,
    private readonly fixedIps: FixedIpLedger,
    private readonly hosts: NetworkHosts,
    private readonly traits: ManagerTraits,
    /** Told of a host that could not clean up; it does so when it is back. */
    private readonly onHostProblem: (host: HostName, error: unknown) => void,
  ) {}

  /** `disassociate_network`. nova's method of that name does nothing. Throws NetworkNotFoundForUUID. */
  disassociate(uuid: string): Promise<void> {
    return this.associate(uuid, { projectId: null, host: null });
  }

  /**
   * `associate`. A network that instances use keeps its gateway: another host is set up before the old one is torn down,
   * and "no host" only means that the next one who needs it may take over, so it waits until nobody uses the network.
   * Throws NetworkNotFoundForUUID, NetworkHostUnavailable (nothing is changed then), HostSetupFailed.
   */
  async associate(uuid: string, { projectId, host }: Associations): Promise<void> {
    const network = await this.networks.findByUuid(uuid.toLowerCase());
    if (!network) throw new NetworkNotFoundForUUID(uuid);
    if (host) await this.hosts.requireUp(host);
    const isHostFree = host === null && !(await this.networks.isInUse(network.id));
    await this.networks.update(network.id, {
      ...(projectId !== undefined && { projectId }),
      ...((host || isHostFree) && { host }),
    });
    if (host) await this.moveTo(network, host);
    else if (isHostFree && network.host) await this.leave(network, network.host);
  }

  /**
   * Makes every host with instances serve the network itself, or one host serve all. The new side is set up before the
   * old one is torn down. Instances learn of their new router when they renew their lease.
   * Throws NetworkNotFoundForUUID; NetworkHostUnavailable, HostSetupFailed: the network is then what it was.
   * @param host who serves a single-host network; this worker unless told
   */
  async convert(uuid: string, isMultiHost: boolean, host: HostName = this.hosts.self): Promise<Network> {
    const before = await this.networks.findByUuid(uuid.toLowerCase());
    if (!before) throw new NetworkNotFoundForUUID(uuid);
    if (before.isMultiHost === isMultiHost) return before;
    const oldServers = await this.fixedIps.serversOf(before.id);
    if (!isMultiHost) await this.hosts.requireUp(host);
    const after = await this.networks.update(before.id, { isMultiHost, host: isMultiHost ? null : host });
    const newServers = this.traits.servesNetworks ? await this.fixedIps.serversOf(after.id) : [];
    try {
      await Promise.all(newServers.map((server) => this.hosts.setUp(server, after)));
    } catch (error) {
      await this.networks.update(before.id, { isMultiHost: before.isMultiHost, host: before.host });
      await Promise.all([...oldServers, ...newServers].map((server) => this.leave(before, server)));
      throw error;
    }
    if (!isMultiHost) {
      for (const server of oldServers) await this.fixedIps.releaseHostAddresses(server, after.id);
    }
    const left = oldServers.filter((server) => !newServers.includes(server));
    await Promise.all(left.map((server) => this.leave(after, server)));
    return after;
  }

  private async moveTo(network: Network, host: HostName): Promise<void> {
    if (this.traits.servesNetworks) await this.hosts.setUp(host, { ...network, host });
    if (network.host && network.host !== host) await this.leave(network, network.host);
  }

  private async leave(network: Network, host: HostName): Promise<void> {
    try {
      await this.hosts.tearDown(host, network.id);
    } catch (error) {
      this.onHostProblem(host, error);
    }
  }
}
