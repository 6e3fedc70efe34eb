import { Controller } from '@nestjs/common';
import {
  AffectFloatingIpArguments,
  AllocateFloatingIpArguments,
  AssociateFloatingIpArguments,
  FixedAddressArguments,
  FloatingIpAddressArguments,
  FloatingIpIdArguments,
  MigrateInstanceArguments,
  NoArguments,
} from '@novanet/contracts';
import { RpcStandIn } from './rpc.decorator.js';

/** What nova's FlatManager answers: it has no floating IPs, and says so without an error. */
@Controller()
export class FlatFloatingIpsRpc {
  @RpcStandIn('allocate_floating_ip', AllocateFloatingIpArguments)
  allocate() {
    return null;
  }

  @RpcStandIn('deallocate_floating_ip', AffectFloatingIpArguments)
  deallocate() {
    return null;
  }

  @RpcStandIn('associate_floating_ip', AssociateFloatingIpArguments)
  associate() {
    return null;
  }

  @RpcStandIn('disassociate_floating_ip', AffectFloatingIpArguments)
  disassociate() {
    return null;
  }

  @RpcStandIn('migrate_instance_start', MigrateInstanceArguments)
  migrateStart() {
    return null;
  }

  @RpcStandIn('migrate_instance_finish', MigrateInstanceArguments)
  migrateFinish() {
    return null;
  }

  @RpcStandIn('get_floating_ip', FloatingIpIdArguments)
  byId() {
    return null;
  }

  @RpcStandIn('get_floating_ip_by_address', FloatingIpAddressArguments)
  byAddress() {
    return null;
  }

  @RpcStandIn('get_instance_id_by_floating_address', FloatingIpAddressArguments)
  instanceByAddress() {
    return null;
  }

  @RpcStandIn('get_floating_ips_by_project', NoArguments)
  byProject() {
    return [];
  }

  @RpcStandIn('get_floating_ips_by_fixed_address', FixedAddressArguments)
  byFixedAddress() {
    return [];
  }

  @RpcStandIn('get_floating_ip_pools', NoArguments)
  poolNames() {
    return {};
  }

  @RpcStandIn('get_floating_pools', NoArguments)
  oldPoolNames() {
    return {};
  }
}
