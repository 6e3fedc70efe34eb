import { Controller } from '@nestjs/common';
import {
  AddFixedIpArguments,
  AllocateForInstanceArguments,
  DeallocateForInstanceArguments,
  InstanceNwInfoArguments,
  parseRequestedNetworks,
  RemoveFixedIpArguments,
  ValidateNetworksArguments,
} from '@novanet/contracts';
import type { RpcContext } from '@novanet/messaging';
import {
  AllocateForInstance,
  ChangeFixedIps,
  DeallocateForInstance,
  InstanceNetworkInfo,
  ValidateNetworks,
} from '@novanet/network-managers';
import { Rpc } from './rpc.decorator.js';

const allocationErrors = [
  'NetworkNotFoundForProject',
  'NoNetworksFound',
  'NoMoreNetworks',
  'NoMoreFixedIps',
  'FixedIpAlreadyInUse',
  'FixedIpNotFoundForNetwork',
  'FixedIpInvalid',
  'FixedIpLimitExceeded',
  'FixedIpAssociateFailed',
  'VirtualInterfaceCreateException',
  'VirtualInterfaceMacAddressException',
  'NetworkHostUnavailable',
  'HostSetupFailed',
  'InvalidInput',
];

/** The methods about an instance: what it gets, what it gives back. */
@Controller()
export class InstancesRpc {
  constructor(
    private readonly allocateFlow: AllocateForInstance,
    private readonly deallocateFlow: DeallocateForInstance,
    private readonly changes: ChangeFixedIps,
    private readonly validation: ValidateNetworks,
    private readonly networkInfo: InstanceNetworkInfo,
  ) {}

  @Rpc('allocate_for_instance', {
    since: '1.0',
    about:
      'Gives an instance a NIC and an address in each of its networks, served by a host when it answers.',
    takes: AllocateForInstanceArguments,
    answers: 'network_info',
    raises: ['InvalidUUID', ...allocationErrors, 'NoMoreFloatingIps', 'FloatingIpPoolNotFound'],
  })
  allocateForInstance(args: AllocateForInstanceArguments, context: RpcContext) {
    return this.allocateFlow.run(args, context, context.isRedelivered);
  }

  @Rpc('deallocate_for_instance', {
    since: '1.0',
    about: 'Takes everything from an instance, also when its host is down.',
    takes: DeallocateForInstanceArguments,
    answers: null,
    raises: ['InstanceNotFound'],
  })
  async deallocateForInstance(args: DeallocateForInstanceArguments) {
    await this.deallocateFlow.run(args);
    return null;
  }

  @Rpc('add_fixed_ip_to_instance', {
    since: '1.0',
    about: 'One address more in a network.',
    takes: AddFixedIpArguments,
    answers: 'network_info',
    raises: ['InvalidUUID', 'InstanceNotFound', 'NetworkNotFound', 'Forbidden', ...allocationErrors],
  })
  addFixedIpToInstance(args: AddFixedIpArguments, context: RpcContext) {
    return this.changes.add(args, context, context.uniqueId);
  }

  @Rpc('remove_fixed_ip_from_instance', {
    since: '1.0',
    about: 'Takes one address, with the floating IPs that lead to it; the NIC stays.',
    takes: RemoveFixedIpArguments,
    answers: 'network_info',
    raises: [
      'InvalidUUID',
      'InstanceNotFound',
      'FixedIpInvalid',
      'FixedIpNotFoundForInstance',
      'FixedIpNotFoundForSpecificInstance',
    ],
  })
  removeFixedIpFromInstance(args: RemoveFixedIpArguments, context: RpcContext) {
    return this.changes.remove(args, context.uniqueId);
  }

  @Rpc('validate_networks', {
    since: '1.0',
    about: 'Whether an instance could have these networks and addresses.',
    takes: ValidateNetworksArguments,
    answers: null,
    raises: [
      'FixedIpInvalid',
      'FixedIpNotFoundForAddress',
      'FixedIpNotFoundForNetwork',
      'FixedIpAlreadyInUse',
      'Forbidden',
      'NetworkNotFoundForProject',
    ],
  })
  async validateNetworks(args: ValidateNetworksArguments, context: RpcContext) {
    await this.validation.run(parseRequestedNetworks('validate_networks', args.networks ?? []), context);
    return null;
  }

  @Rpc('get_instance_nw_info', {
    since: '1.0',
    about: 'The NICs of an instance with their networks and addresses.',
    takes: InstanceNwInfoArguments,
    answers: 'network_info',
    raises: ['InvalidUUID', 'InstanceNotFound'],
  })
  getInstanceNwInfo(args: InstanceNwInfoArguments) {
    return this.networkInfo.run(args);
  }
}
