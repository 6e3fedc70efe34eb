import type { ModifyNetworkArguments } from '@novanet/contracts';
import {
  NetworkHostUnavailable,
  NetworkNotFoundForUUID,
  type FixedIpLedger,
  type Network,
  type NetworkCatalogue,
  type RevisedNetwork,
} from '@novanet/ipam';
import type { HostName } from '@novanet/net-address';
import { allDone } from '../hosts/all-done.js';
import type { NetworkHosts } from '../hosts/network-hosts.port.js';
import type { ManagerTraits } from '../managers/manager-traits.js';
import type { RefreshSecurityGroups } from '../security-groups/refresh-security-groups.js';
import { concernsHosts, parseNetworkEdit } from './network-edit.js';
import type { NetworkOwners } from './network-owners.js';
import { revisionOf } from './revise-network.js';

/** What {@link ModifyNetwork} works with. */
export interface ModificationParts {
  readonly networks: Pick<NetworkCatalogue, 'findByUuid' | 'revise' | 'takeBack'>;
  readonly fixedIps: Pick<FixedIpLedger, 'serversOf'>;
  readonly owners: Pick<NetworkOwners, 'associate'>;
  readonly hosts: Pick<NetworkHosts, 'setUp'>;
  readonly traits: ManagerTraits;
  /** Hosts filter by where DHCP answers come from. */
  readonly filters: Pick<RefreshSecurityGroups, 'allChanged'>;
  /** Told of a host that does not know yet; it learns it when it compares itself. */
  readonly onHostProblem: (host: HostName, error: unknown) => void;
  /** Told of a change that stays, though a host could not do its part: somebody has what it would have to take back. */
  readonly onKept: (network: Network, error: unknown) => void;
}

/** `modify_network`: in the database, then on the hosts that serve the network. */
export class ModifyNetwork {
  constructor(private readonly parts: ModificationParts) {}

  /**
   * All of it or nothing. A host that is down holds nobody up: it learns it when it is back. One that cannot do its part
   * makes the network what it was. Repeatable.
   * Throws NetworkNotFoundForUUID, what {@link parseNetworkEdit} and {@link revisionOf} throw, FixedIpAlreadyInUse,
   * HostSetupFailed; NetworkHostUnavailable when the new host is down.
   * @param host who is to serve it: undefined stays, null is nobody
   */
  async run(args: ModifyNetworkArguments, host: HostName | null | undefined): Promise<void> {
    const edit = parseNetworkEdit(args);
    const { networks, traits, owners, filters } = this.parts;
    const network = await networks.findByUuid(args.network_uuid);
    if (!network) throw new NetworkNotFoundForUUID(args.network_uuid);
    const revised = await networks.revise(network.id, revisionOf(edit, traits));
    try {
      if (concernsHosts(edit)) await this.setUpServers(revised.after);
      if (host !== undefined) {
        await owners.associate(network.uuid, { host, vpnPublicAddress: edit.vpnPublicAddress ?? null });
      }
    } catch (error) {
      await this.takeBack(revised);
      throw error;
    }
    if (edit.gateway !== undefined || edit.dhcpServer !== undefined) await filters.allChanged();
  }

  private async setUpServers(network: Network): Promise<void> {
    const { fixedIps, traits } = this.parts;
    if (!traits.servesNetworks) return;
    const servers = await fixedIps.serversOf(network.id);
    await allDone(servers.map((server) => this.setUp(server, network)));
  }

  private async setUp(server: HostName, network: Network): Promise<void> {
    const { hosts, onHostProblem } = this.parts;
    try {
      await hosts.setUp(server, network);
    } catch (error) {
      if (!(error instanceof NetworkHostUnavailable)) throw error;
      onHostProblem(server, error);
    }
  }

  private async takeBack(revised: RevisedNetwork): Promise<void> {
    const { networks, onKept } = this.parts;
    let network: Network;
    try {
      network = await networks.takeBack(revised);
    } catch (error) {
      onKept(revised.after, error);
      return;
    }
    await this.setUpAgain(network);
  }

  /** One that could not before may be as unable now. */
  private async setUpAgain(network: Network): Promise<void> {
    const { fixedIps, hosts, traits, onHostProblem } = this.parts;
    if (!traits.servesNetworks) return;
    const setUp = (server: HostName) =>
      hosts.setUp(server, network).catch((error: unknown) => onHostProblem(server, error));
    await Promise.all((await fixedIps.serversOf(network.id)).map(setUp));
  }
}
