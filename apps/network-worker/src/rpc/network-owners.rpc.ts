import { Controller, Inject } from '@nestjs/common';
import {
  AddNetworkToProjectArguments,
  ConvertNetworkArguments,
  GetNetworkArguments,
  ModifyNetworkArguments,
  networkDict,
  RpcNotImplementedError,
} from '@novanet/contracts';
import { AdminRequired, NetworkCatalogue } from '@novanet/ipam';
import type { RpcContext } from '@novanet/messaging';
import { ModifyNetwork, NetworkOwners, type ManagerTraits } from '@novanet/network-managers';
import { hostNamed } from './host-named.js';
import { MANAGER_TRAITS } from './networks.rpc.js';
import { Rpc } from './rpc.decorator.js';

/** The methods about whose a network is, and who serves it. */
@Controller()
export class NetworkOwnersRpc {
  constructor(
    private readonly networks: NetworkCatalogue,
    private readonly owners: NetworkOwners,
    private readonly modification: ModifyNetwork,
    @Inject(MANAGER_TRAITS) private readonly traits: ManagerTraits,
  ) {}

  @Rpc('add_network_to_project', {
    since: '1.0',
    about: 'Gives a project one more network: the named one, or any free one. VlanManager only.',
    takes: AddNetworkToProjectArguments,
    answers: null,
    raises: ['NetworkNotFoundForUUID', 'NetworkInUse', 'NoMoreNetworks', 'NotImplementedError'],
  })
  async addNetworkToProject(args: AddNetworkToProjectArguments, context: RpcContext) {
    if (!this.traits.isPerProject) throw new RpcNotImplementedError();
    const uuid = args.network_uuid?.toLowerCase() ?? null;
    await this.networks.giveToProject(args.project_id, uuid, { requestId: context.uniqueId });
    return null;
  }

  @Rpc('disassociate_network', {
    since: '1.0',
    about: 'Takes a network from its project, and from its host unless instances still use it.',
    takes: GetNetworkArguments,
    answers: null,
    raises: ['NetworkNotFoundForUUID'],
  })
  async disassociateNetwork({ network_uuid: uuid }: GetNetworkArguments) {
    await this.owners.disassociate(uuid);
    return null;
  }

  @Rpc('modify_network', {
    namespace: 'novanet',
    since: '1.0',
    about:
      'Changes a network where it stands, and the hosts that serve it: all of it or nothing. What is left out stays, null ' +
      'takes away. vlan, bridge and bridge_interface change only while no instance holds an address in it.',
    takes: ModifyNetworkArguments,
    answers: null,
    raises: [
      'AdminRequired',
      'NetworkNotFoundForUUID',
      'InvalidInput',
      'LabelTooLong',
      'InvalidIntValue',
      'InvalidAddress',
      'AddressOutOfRange',
      'ValueError',
      'DuplicateVlan',
      'FixedIpAlreadyInUse',
      'NetworkChangeConflict',
      'NetworkHostUnavailable',
      'HostSetupFailed',
    ],
  })
  async modifyNetwork(args: ModifyNetworkArguments, { isAdmin }: RpcContext) {
    if (!isAdmin) throw new AdminRequired();
    const { host } = args;
    await this.modification.run(args, typeof host === 'string' ? hostNamed(host) : host);
    return null;
  }

  @Rpc('convert_network', {
    namespace: 'novanet',
    since: '1.0',
    about: 'Makes every host serve a network for its own instances, or one host for all.',
    takes: ConvertNetworkArguments,
    answers: 'the network, as a plain row',
    raises: [
      'AdminRequired',
      'NetworkNotFoundForUUID',
      'InvalidInput',
      'NetworkHostUnavailable',
      'HostSetupFailed',
    ],
  })
  async convertNetwork(args: ConvertNetworkArguments, context: RpcContext) {
    if (!context.isAdmin) throw new AdminRequired();
    const host = args.host ? hostNamed(args.host) : undefined;
    return networkDict(await this.owners.convert(args.network_uuid, args.multi_host, host));
  }
}
