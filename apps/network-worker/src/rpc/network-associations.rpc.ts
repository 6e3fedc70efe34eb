import { Controller } from '@nestjs/common';
import { AssociateArguments } from '@novanet/contracts';
import { NetworkOwners } from '@novanet/network-managers';
import { hostNamed } from './host-named.js';
import { Rpc } from './rpc.decorator.js';

/** What only nova's VlanManager has. */
@Controller()
export class NetworkAssociationsRpc {
  constructor(private readonly owners: NetworkOwners) {}

  @Rpc('associate', {
    since: '1.5',
    about: 'Sets or takes away the project and the host of a network. VlanManager only.',
    takes: AssociateArguments,
    answers: null,
    raises: ['NetworkNotFoundForUUID', 'InvalidInput', 'NetworkHostUnavailable', 'HostSetupFailed'],
  })
  async associate({ network_uuid: uuid, associations }: AssociateArguments) {
    const { host, project } = associations;
    await this.owners.associate(uuid, {
      ...(host !== undefined && { host: host === null ? null : hostNamed(host) }),
      ...(project !== undefined && { projectId: typeof project === 'string' ? project : null }),
    });
    return null;
  }
}
