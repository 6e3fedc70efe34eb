import { Controller } from '@nestjs/common';
import { CreateNetworksArguments, networkDict } from '@novanet/contracts';
import { InvalidInput } from '@novanet/ipam';
import type { RpcContext } from '@novanet/messaging';
import { CreateTenantNetworks } from '@novanet/network-managers';
import { Rpc } from './rpc.decorator.js';

/** What a project makes for itself. */
@Controller()
export class TenantNetworksRpc {
  constructor(private readonly createFlow: CreateTenantNetworks) {}

  @Rpc('create_tenant_networks', {
    namespace: 'novanet',
    since: '1.0',
    about:
      'As `create_networks`, for the caller’s project; `quota_networks` counts when `enable_network_quota` is set.',
    takes: CreateNetworksArguments,
    answers: 'list of networks, as plain rows',
    raises: [
      'NetworkLimitExceeded',
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
  async createTenantNetworks(args: CreateNetworksArguments, { projectId, uniqueId }: RpcContext) {
    if (projectId === null) throw new InvalidInput('only a project can make networks for itself');
    const networks = await this.createFlow.run(args, projectId, uniqueId);
    return networks.map((network) => networkDict(network));
  }
}
