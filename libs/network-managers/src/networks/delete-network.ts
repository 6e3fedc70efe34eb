import type { DeleteNetworkArguments } from '@novanet/contracts';
import {
  NetworkNotFoundForCidr,
  NetworkNotFoundForUUID,
  type FixedIpLedger,
  type Network,
  type NetworkCatalogue,
} from '@novanet/ipam';
import type { HostName } from '@novanet/net-address';
import type { NetworkHosts } from '../hosts/network-hosts.port.js';

/** `delete_network`: out of the database, then off its hosts. */
export class DeleteNetwork {
  constructor(
    private readonly networks: NetworkCatalogue,
    private readonly fixedIps: FixedIpLedger,
    private readonly hosts: NetworkHosts,
    /** Told of a host that could not clean up; it does so when it is back. */
    private readonly onHostProblem: (host: HostName, error: unknown) => void,
  ) {}

  /** Throws NetworkNotFoundForUUID, NetworkNotFoundForCidr, NetworkHasProject, NetworkInUse. */
  async run(args: DeleteNetworkArguments, requestId: string): Promise<void> {
    // It comes again when its worker died after the commit: the hosts then clean up by themselves.
    if (await this.networks.isDone(requestId)) return;
    const network = await this.find(args);
    const servers = await this.fixedIps.serversOf(network.id);
    const requireDisassociated = args.require_disassociated ?? true;
    await this.networks.delete(network, { requireDisassociated, requestId });
    await Promise.all(servers.map((host) => this.tearDown(host, network.id)));
  }

  private async find(args: DeleteNetworkArguments): Promise<Network> {
    if (args.uuid) {
      const network = await this.networks.findByUuid(args.uuid);
      if (!network) throw new NetworkNotFoundForUUID(args.uuid);
      return network;
    }
    const range = args.fixed_range ?? '';
    const network = await this.networks.findByCidr(range);
    if (!network) throw new NetworkNotFoundForCidr(range);
    return network;
  }

  /** What a host leaves over it removes when it next compares itself: no reason to refuse what is already done. */
  private async tearDown(host: HostName, networkId: number): Promise<void> {
    try {
      await this.hosts.tearDown(host, networkId);
    } catch (error) {
      this.onHostProblem(host, error);
    }
  }
}
