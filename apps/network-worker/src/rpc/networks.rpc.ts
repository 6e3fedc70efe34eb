import { Controller } from '@nestjs/common';
import {
  CreateNetworksArguments,
  DeleteNetworkArguments,
  GetNetworkArguments,
  networkDict,
  networkObject,
  parseArguments,
  SetupNetworkOnHostArguments,
  SetupNetworksOnHostArguments,
} from '@novanet/contracts';
import { NetworkCatalogue, NetworkNotFound, NetworkNotFoundForUUID } from '@novanet/ipam';
import { RpcMethod, type RpcContext } from '@novanet/messaging';
import {
  CreateNetworks,
  DeleteNetwork,
  isVisible,
  NetworkHosts,
  SetupNetworksOnHost,
} from '@novanet/network-managers';
import { referencedNetwork } from './referenced-network.js';

/** The methods about networks and about hosts that serve them. */
@Controller()
export class NetworksRpc {
  constructor(
    private readonly networks: NetworkCatalogue,
    private readonly hosts: NetworkHosts,
    private readonly createFlow: CreateNetworks,
    private readonly deleteFlow: DeleteNetwork,
    private readonly setupFlow: SetupNetworksOnHost,
  ) {}

  @RpcMethod('create_networks')
  async createNetworks(args: unknown, context: RpcContext) {
    const parsed = parseArguments(CreateNetworksArguments, 'create_networks', args);
    const networks = await this.createFlow.run(parsed, context.uniqueId);
    return networks.map((network) => networkDict(network));
  }

  @RpcMethod('delete_network')
  async deleteNetwork(args: unknown, context: RpcContext) {
    await this.deleteFlow.run(
      parseArguments(DeleteNetworkArguments, 'delete_network', args),
      context.uniqueId,
    );
    return null;
  }

  @RpcMethod('get_all_networks')
  async getAllNetworks(_args: unknown, context: RpcContext) {
    const networks = await this.networks.list();
    return networks.filter((network) => isVisible(network, context)).map((network) => networkDict(network));
  }

  @RpcMethod('get_network')
  async getNetwork(args: unknown, context: RpcContext) {
    const { network_uuid: uuid } = parseArguments(GetNetworkArguments, 'get_network', args);
    const network = await this.networks.findByUuid(uuid);
    if (!network || !isVisible(network, context)) throw new NetworkNotFoundForUUID(uuid);
    return networkObject(network);
  }

  /** Answers who serves the network, this worker or the one that was faster. */
  @RpcMethod('set_network_host')
  async setNetworkHost(args: unknown) {
    const network = await referencedNetwork(this.networks, 'set_network_host', args);
    return this.networks.claimHost(network.id, this.hosts.self);
  }

  @RpcMethod('rpc_setup_network_on_host')
  async setupNetworkOnHost(args: unknown) {
    const parsed = parseArguments(SetupNetworkOnHostArguments, 'rpc_setup_network_on_host', args);
    const network = await this.networks.findById(parsed.network_id);
    const { self } = this.hosts;
    if (parsed.teardown) await this.hosts.tearDown(self, parsed.network_id);
    else if (network) await this.hosts.setUp(self, network);
    else throw new NetworkNotFound(parsed.network_id);
    return null;
  }

  @RpcMethod('setup_networks_on_host')
  async setupNetworksOnHost(args: unknown) {
    await this.setupFlow.run(parseArguments(SetupNetworksOnHostArguments, 'setup_networks_on_host', args));
    return null;
  }
}
