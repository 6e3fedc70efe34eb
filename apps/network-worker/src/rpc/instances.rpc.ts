import { Controller } from '@nestjs/common';
import {
  AllocateForInstanceArguments,
  DeallocateForInstanceArguments,
  DeleteInstanceArguments,
  instanceDict,
  InstanceNwInfoArguments,
  instanceRegistration,
  parseArguments,
  PutInstanceArguments,
} from '@novanet/contracts';
import { InstanceRegistry } from '@novanet/ipam';
import { RpcMethod, type RpcContext } from '@novanet/messaging';
import { AllocateForInstance, DeallocateForInstance, InstanceNetworkInfo } from '@novanet/network-managers';

/** The methods about an instance: what it gets, what it gives back, what it is. */
@Controller()
export class InstancesRpc {
  constructor(
    private readonly instances: InstanceRegistry,
    private readonly allocateFlow: AllocateForInstance,
    private readonly deallocateFlow: DeallocateForInstance,
    private readonly networkInfo: InstanceNetworkInfo,
  ) {}

  @RpcMethod('allocate_for_instance')
  allocateForInstance(args: unknown, context: RpcContext) {
    const parsed = parseArguments(AllocateForInstanceArguments, 'allocate_for_instance', args);
    return this.allocateFlow.run(parsed, context);
  }

  @RpcMethod('deallocate_for_instance')
  async deallocateForInstance(args: unknown) {
    await this.deallocateFlow.run(
      parseArguments(DeallocateForInstanceArguments, 'deallocate_for_instance', args),
    );
    return null;
  }

  @RpcMethod('get_instance_nw_info')
  getInstanceNwInfo(args: unknown) {
    return this.networkInfo.run(parseArguments(InstanceNwInfoArguments, 'get_instance_nw_info', args));
  }

  /** What metadata serves; without effect on addresses. */
  @RpcMethod('put_instance', { namespace: 'novanet' })
  async putInstance(args: unknown) {
    const { instance } = parseArguments(PutInstanceArguments, 'put_instance', args);
    return instanceDict(await this.instances.register(instanceRegistration(instance)));
  }

  @RpcMethod('delete_instance', { namespace: 'novanet' })
  async deleteInstance(args: unknown) {
    await this.instances.remove(parseArguments(DeleteInstanceArguments, 'delete_instance', args).uuid);
    return null;
  }
}
