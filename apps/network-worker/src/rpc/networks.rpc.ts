import { Controller, Inject } from '@nestjs/common';
import {
  CreateNetworksArguments,
  DeleteNetworkArguments,
  GetNetworkArguments,
  networkDict,
  networkObject,
  NetworkRefArguments,
  NoArguments,
} from '@novanet/contracts';
import { NetworkCatalogue, NetworkNotFoundForUUID } from '@novanet/ipam';
import type { RpcContext } from '@novanet/messaging';
import {
  CreateNetworks,
  DeleteNetwork,
  HostChoice,
  isVisible,
  type ManagerTraits,
} from '@novanet/network-managers';
import { referencedNetwork } from './referenced-network.js';
import { Rpc } from './rpc.decorator.js';

/** Injection token of the {@link ManagerTraits}. */
export const MANAGER_TRAITS = Symbol('MANAGER_TRAITS');

/** The methods about networks. */
@Controller()
export class NetworksRpc {
  constructor(
    private readonly networks: NetworkCatalogue,
    private readonly choice: HostChoice,
    private readonly createFlow: CreateNetworks,
    private readonly deleteFlow: DeleteNetwork,
    @Inject(MANAGER_TRAITS) private readonly traits: ManagerTraits,
  ) {}

  @Rpc('create_networks', {
    since: '1.0',
    about: 'Creates one or several networks: all that were asked for, or none.',
    takes: CreateNetworksArguments,
    answers: 'list of networks, as plain rows',
    raises: [
      'NetworkNotCreated',
      'LabelTooLong',
      'InvalidIntValue',
      'InvalidCidr',
      'InvalidAddress',
      'AddressOutOfRange',
      'CidrConflict',
      'DuplicateVlan',
      'InvalidUUID',
      'InvalidInput',
      'ValueError',
    ],
  })
  async createNetworks(args: CreateNetworksArguments, context: RpcContext) {
    const networks = await this.createFlow.run(args, context.uniqueId);
    return networks.map((network) => networkDict(network));
  }

  @Rpc('delete_network', {
    since: '1.0',
    about: 'Deletes a network that no instance uses, and takes it off its hosts.',
    takes: DeleteNetworkArguments,
    answers: null,
    raises: ['NetworkNotFoundForUUID', 'NetworkNotFoundForCidr', 'NetworkHasProject', 'NetworkInUse'],
  })
  async deleteNetwork(args: DeleteNetworkArguments, context: RpcContext) {
    await this.deleteFlow.run(args, context.uniqueId);
    return null;
  }

  @Rpc('get_all_networks', {
    since: '1.0',
    about: 'The networks that the caller may see.',
    takes: NoArguments,
    answers: 'list of networks, as plain rows',
  })
  async getAllNetworks(_args: NoArguments, context: RpcContext) {
    const networks = await this.networks.list();
    return networks
      .filter((network) => isVisible(network, context, this.traits))
      .map((network) => networkDict(network));
  }

  @Rpc('get_network', {
    since: '1.0',
    about: 'One network.',
    takes: GetNetworkArguments,
    answers: 'Network object',
    raises: ['NetworkNotFoundForUUID'],
  })
  async getNetwork({ network_uuid: uuid }: GetNetworkArguments, context: RpcContext) {
    const network = await this.networks.findByUuid(uuid);
    if (!network || !isVisible(network, context, this.traits)) throw new NetworkNotFoundForUUID(uuid);
    return networkObject(network);
  }

  @Rpc('set_network_host', {
    since: '1.0',
    about:
      'Makes this worker, or another one when this is disabled, serve a network that nobody serves; answers who serves it.',
    takes: NetworkRefArguments,
    answers: 'host name',
    raises: ['NetworkNotFound', 'NetworkHostUnavailable'],
  })
  async setNetworkHost(args: NetworkRefArguments) {
    const network = await referencedNetwork(this.networks, 'set_network_host', args);
    return this.networks.claimHost(network.id, network.host ?? (await this.choice.choose(network.id)));
  }
}
