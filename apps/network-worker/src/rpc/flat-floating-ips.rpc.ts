import { Controller } from '@nestjs/common';
import { RpcMethod } from '@novanet/messaging';

/**
 * What nova's FlatManager answers: it has no floating IPs, and says so without an error. The methods are declared where
 * they do something.
 */
@Controller()
export class FlatFloatingIpsRpc {
  @RpcMethod('allocate_floating_ip')
  allocate() {
    return null;
  }

  @RpcMethod('deallocate_floating_ip')
  deallocate() {
    return null;
  }

  @RpcMethod('associate_floating_ip')
  associate() {
    return null;
  }

  @RpcMethod('disassociate_floating_ip')
  disassociate() {
    return null;
  }

  @RpcMethod('migrate_instance_start')
  migrateStart() {
    return null;
  }

  @RpcMethod('migrate_instance_finish')
  migrateFinish() {
    return null;
  }

  @RpcMethod('get_floating_ip')
  byId() {
    return null;
  }

  @RpcMethod('get_floating_ip_by_address')
  byAddress() {
    return null;
  }

  @RpcMethod('get_instance_id_by_floating_address')
  instanceByAddress() {
    return null;
  }

  @RpcMethod('get_floating_ips_by_project')
  byProject() {
    return [];
  }

  @RpcMethod('get_floating_ips_by_fixed_address')
  byFixedAddress() {
    return [];
  }

  @RpcMethod('get_floating_ip_pools')
  poolNames() {
    return {};
  }

  @RpcMethod('get_floating_pools')
  oldPoolNames() {
    return {};
  }
}
