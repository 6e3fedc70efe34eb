import { Controller } from '@nestjs/common';
import {
  AffectFloatingIpArguments,
  AllocateFloatingIpArguments,
  AssociateFloatingIpArguments,
} from '@novanet/contracts';
import type { RpcContext } from '@novanet/messaging';
import {
  AllocateFloatingIp,
  AssociateFloatingIp,
  DisassociateFloatingIp,
  ReleaseFloatingIp,
} from '@novanet/network-managers';
import { Rpc } from './rpc.decorator.js';

/** What a project does with floating IPs. */
@Controller()
export class FloatingIpsRpc {
  constructor(
    private readonly allocateFlow: AllocateFloatingIp,
    private readonly releaseFlow: ReleaseFloatingIp,
    private readonly associateFlow: AssociateFloatingIp,
    private readonly disassociateFlow: DisassociateFloatingIp,
  ) {}

  @Rpc('allocate_floating_ip', {
    since: '1.0',
    about: 'Gives a project a floating IP: one never used, else the one released longest ago.',
    takes: AllocateFloatingIpArguments,
    answers: 'the address',
    raises: [
      'FloatingIpPoolNotFound',
      'FloatingIpLimitExceeded',
      'NoMoreFloatingIps',
      'Forbidden',
      'InvalidInput',
    ],
  })
  async allocate(args: AllocateFloatingIpArguments, context: RpcContext): Promise<string> {
    const { address } = await this.allocateFlow.run(args, context, context.uniqueId);
    return address.toString();
  }

  @Rpc('deallocate_floating_ip', {
    since: '1.0',
    about: 'Gives a floating IP back to its pool, and forgets its names.',
    takes: AffectFloatingIpArguments,
    answers: null,
    raises: ['FloatingIpNotFoundForAddress', 'FloatingIpAssociated', 'Forbidden', 'InvalidIpAddressError'],
  })
  async deallocate(args: AffectFloatingIpArguments, context: RpcContext): Promise<null> {
    await this.releaseFlow.run(args, context, context.uniqueId);
    return null;
  }

  @Rpc('associate_floating_ip', {
    since: '1.0',
    about: 'Lets a floating IP stand for a fixed IP, whatever it stood for.',
    takes: AssociateFloatingIpArguments,
    answers: 'the uuid of the instance that it stood for until now, or null',
    raises: [
      'FloatingIpNotFoundForAddress',
      'FixedIpNotFoundForAddress',
      'FloatingIpAssociateFailed',
      'NoFloatingIpInterface',
      'NetworkHostUnavailable',
      'HostSetupFailed',
      'Forbidden',
      'InvalidIpAddressError',
      'FixedIpInvalid',
      'InvalidInput',
    ],
  })
  associate(args: AssociateFloatingIpArguments, context: RpcContext): Promise<string | null> {
    return this.associateFlow.run(args, context, context.uniqueId);
  }

  @Rpc('disassociate_floating_ip', {
    since: '1.0',
    about: 'Lets a floating IP stand for nothing; it stays with its project.',
    takes: AffectFloatingIpArguments,
    answers: null,
    raises: [
      'FloatingIpNotFoundForAddress',
      'FloatingIpNotAssociated',
      'CannotDisassociateAutoAssignedFloatingIP',
      'Forbidden',
      'InvalidIpAddressError',
    ],
  })
  async disassociate(args: AffectFloatingIpArguments, context: RpcContext): Promise<null> {
    await this.disassociateFlow.run(args, context, context.uniqueId);
    return null;
  }
}
