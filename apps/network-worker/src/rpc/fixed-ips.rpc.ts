import { Controller } from '@nestjs/common';
import {
  DeallocateFixedIpArguments,
  FixedIpAddressArguments,
  FixedIpIdArguments,
  fixedIpObject,
  RpcAllocateFixedIpArguments,
} from '@novanet/contracts';
import {
  FixedIpInvalid,
  FixedIpLedger,
  FixedIpNotFound,
  FixedIpNotFoundForAddress,
  Forbidden,
  InstanceRegistry,
  type FixedIp,
} from '@novanet/ipam';
import type { RpcContext } from '@novanet/messaging';
import { tryParseIp } from '@novanet/net-address';
import { AllocateFixedIp, DeallocateFixedIp, isVisible, ReserveFixedIp } from '@novanet/network-managers';
import { Rpc } from './rpc.decorator.js';

/** The methods about single addresses. */
@Controller()
export class FixedIpsRpc {
  constructor(
    private readonly fixedIps: FixedIpLedger,
    private readonly instances: InstanceRegistry,
    private readonly allocateFlow: AllocateFixedIp,
    private readonly deallocateFlow: DeallocateFixedIp,
    private readonly reserveFlow: ReserveFixedIp,
  ) {}

  @Rpc('get_fixed_ip', {
    since: '1.0',
    about: 'An address by the number of its row.',
    takes: FixedIpIdArguments,
    answers: 'FixedIP object',
    raises: ['FixedIpNotFound', 'Forbidden'],
  })
  async getFixedIp({ id }: FixedIpIdArguments, context: RpcContext) {
    const fixedIp = await this.fixedIps.findById(id);
    if (!fixedIp) throw new FixedIpNotFound(id);
    return this.shown(fixedIp, context);
  }

  @Rpc('get_fixed_ip_by_address', {
    since: '1.0',
    about: 'An address that is in use or reserved.',
    takes: FixedIpAddressArguments,
    answers: 'FixedIP object',
    raises: ['FixedIpInvalid', 'FixedIpNotFoundForAddress', 'Forbidden'],
  })
  async getFixedIpByAddress({ address: text }: FixedIpAddressArguments, context: RpcContext) {
    const address = tryParseIp(text);
    if (!address) throw new FixedIpInvalid(text);
    const fixedIp = await this.fixedIps.findByAddress(address);
    if (!fixedIp) throw new FixedIpNotFoundForAddress(text);
    return this.shown(fixedIp, context);
  }

  private async shown(fixedIp: FixedIp, context: RpcContext) {
    const owner = fixedIp.instanceUuid === null ? undefined : await this.instances.find(fixedIp.instanceUuid);
    if (owner && !isVisible(owner, context)) throw new Forbidden();
    return fixedIpObject(fixedIp);
  }

  @Rpc('_rpc_allocate_fixed_ip', {
    since: '1.0',
    about: 'An address of one network for an instance of the answering host.',
    takes: RpcAllocateFixedIpArguments,
    answers: 'address',
    raises: [
      'InvalidUUID',
      'NetworkNotFound',
      'FixedIpInvalid',
      'FixedIpNotFoundForNetwork',
      'FixedIpAlreadyInUse',
      'FixedIpLimitExceeded',
      'NoMoreFixedIps',
      'NetworkHostUnavailable',
      'HostSetupFailed',
    ],
  })
  allocateFixedIp(args: RpcAllocateFixedIpArguments, context: RpcContext) {
    return this.allocateFlow.run(args, context);
  }

  @Rpc('deallocate_fixed_ip', {
    since: '1.0',
    about:
      'Takes an address from its instance; the NIC stays. One that is another instance’s by now is left alone.',
    takes: DeallocateFixedIpArguments,
    answers: null,
    raises: ['FixedIpInvalid', 'FixedIpNotFoundForAddress'],
  })
  async deallocateFixedIp(args: DeallocateFixedIpArguments) {
    await this.deallocateFlow.run(args);
    return null;
  }

  @Rpc('reserve_fixed_ip', {
    namespace: 'novanet',
    since: '1.0',
    about: 'Keeps an address from being given to an instance.',
    takes: FixedIpAddressArguments,
    answers: null,
    raises: ['AdminRequired', 'FixedIpInvalid', 'FixedIpNotFoundForAddress', 'FixedIpAlreadyInUse'],
  })
  async reserve(args: FixedIpAddressArguments, context: RpcContext): Promise<null> {
    await this.reserveFlow.reserve(args, context);
    return null;
  }

  @Rpc('unreserve_fixed_ip', {
    namespace: 'novanet',
    since: '1.0',
    about: 'Lets an address that is reserved be given to instances.',
    takes: FixedIpAddressArguments,
    answers: null,
    raises: ['AdminRequired', 'FixedIpInvalid', 'FixedIpNotFoundForAddress', 'InvalidInput'],
  })
  async unreserve(args: FixedIpAddressArguments, context: RpcContext): Promise<null> {
    await this.reserveFlow.unreserve(args, context);
    return null;
  }
}
