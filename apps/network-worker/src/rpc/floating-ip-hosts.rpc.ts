import { Controller } from '@nestjs/common';
import {
  CarryFloatingIpArguments,
  DropFloatingIpArguments,
  MigrateInstanceArguments,
} from '@novanet/contracts';
import { InstanceWhereabouts } from '@novanet/ipam';
import type { RpcContext } from '@novanet/messaging';
import { tryParseHostName } from '@novanet/net-address';
import { CarryFloatingIpHere, DropFloatingIpHere, MoveFloatingIps } from '@novanet/network-managers';
import { Rpc } from './rpc.decorator.js';

/** The methods about the hosts that carry floating IPs. */
@Controller()
export class FloatingIpHostsRpc {
  constructor(
    private readonly carryFlow: CarryFloatingIpHere,
    private readonly dropFlow: DropFloatingIpHere,
    private readonly moveFlow: MoveFloatingIps,
    private readonly whereabouts: InstanceWhereabouts,
  ) {}

  @Rpc('_associate_floating_ip', {
    since: '1.0',
    about: 'Lets a floating IP stand for a fixed IP, carried by the answering host.',
    takes: CarryFloatingIpArguments,
    answers: null,
    raises: [
      'FloatingIpNotFoundForAddress',
      'FixedIpNotFoundForAddress',
      'FloatingIpAssociateFailed',
      'NoFloatingIpInterface',
      'HostSetupFailed',
      'Forbidden',
      'InvalidIpAddressError',
      'FixedIpInvalid',
    ],
  })
  async associate(args: CarryFloatingIpArguments, context: RpcContext): Promise<null> {
    await this.carryFlow.run(args, context, context.uniqueId);
    return null;
  }

  @Rpc('_disassociate_floating_ip', {
    since: '1.0',
    about: 'Lets a floating IP that the answering host carries stand for nothing.',
    takes: DropFloatingIpArguments,
    answers: null,
    raises: ['FloatingIpNotFoundForAddress', 'FloatingIpNotAssociated', 'Forbidden', 'InvalidIpAddressError'],
  })
  async disassociate(args: DropFloatingIpArguments, context: RpcContext): Promise<null> {
    await this.dropFlow.run(args, context, context.uniqueId);
    return null;
  }

  @Rpc('migrate_instance_start', {
    since: '1.1',
    about: 'An instance leaves its host: without a destination nobody carries its floating IPs any more.',
    takes: MigrateInstanceArguments,
    answers: null,
    raises: ['InvalidInput'],
  })
  async migrateStart(args: MigrateInstanceArguments): Promise<null> {
    await this.moveFlow.start(args);
    return null;
  }

  @Rpc('migrate_instance_finish', {
    since: '1.1',
    about:
      'An instance has arrived: the destination carries its floating IPs, then the source gives them up.',
    takes: MigrateInstanceArguments,
    answers: null,
    raises: ['InvalidInput', 'NetworkHostUnavailable', 'NoFloatingIpInterface', 'HostSetupFailed'],
  })
  async migrateFinish(args: MigrateInstanceArguments): Promise<null> {
    const host = tryParseHostName(args.dest ?? args.host);
    if (host) await this.whereabouts.arrived(args.instance_uuid.toLowerCase(), host);
    await this.moveFlow.finish(args);
    return null;
  }
}
