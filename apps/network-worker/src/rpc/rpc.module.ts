import { Module, type DynamicModule, type Type } from '@nestjs/common';
import {
  FixedIpLedger,
  InstanceRegistry,
  InstanceWhereabouts,
  NetworkCatalogue,
  ProjectQuotas,
  ServiceDirectory,
} from '@novanet/ipam';
import { NetworkHosts, type ManagerTraits } from '@novanet/network-managers';
import type { FlowParts } from '../flows/flow-parts.js';
import type { WorkerFlows } from '../flows/worker-flows.js';
import { BaseApiRpc } from './base-api.rpc.js';
import { CloudRecordsRpc } from './cloud-records.rpc.js';
import { CloudRulesRpc } from './cloud-rules.rpc.js';
import { HostDoctor } from '../doctor/host-doctor.js';
import { DoctorRpc } from './doctor.rpc.js';
import { DnsRpc } from './dns.rpc.js';
import { FixedIpsRpc } from './fixed-ips.rpc.js';
import { FlatFloatingIpsRpc } from './flat-floating-ips.rpc.js';
import { floatingIpControllers } from './floating-ip-flows.js';
import { EmptiedHostsRpc } from './emptied-hosts.rpc.js';
import { HostsRpc } from './hosts.rpc.js';
import { InstanceRecordsRpc } from './instance-records.rpc.js';
import { InstancesRpc } from './instances.rpc.js';
import { LEASE_OPTIONS, LeasesRpc, type LeaseOptions } from './leases.rpc.js';
import { LookupsRpc } from './lookups.rpc.js';
import { NetworkAssociationsRpc } from './network-associations.rpc.js';
import { NetworkOwnersRpc } from './network-owners.rpc.js';
import { MANAGER_TRAITS, NetworksRpc } from './networks.rpc.js';
import { SecurityGroupsRpc } from './security-groups.rpc.js';
import { TenantNetworksRpc } from './tenant-networks.rpc.js';

/** What the RPC methods stand on. */
export interface RpcParts extends Pick<FlowParts, 'traits' | 'ipam' | 'hosts'> {
  readonly flows: WorkerFlows;
  readonly leases: LeaseOptions;
  readonly doctor: HostDoctor;
}

/** All methods a worker answers, with the flows behind them. */
@Module({})
export class RpcModule {
  static forRoot({ traits, ipam, hosts, flows, leases, doctor }: RpcParts): DynamicModule {
    return {
      module: RpcModule,
      controllers: controllersOf(traits),
      providers: [
        { provide: NetworkHosts, useValue: hosts },
        { provide: MANAGER_TRAITS, useValue: traits },
        { provide: LEASE_OPTIONS, useValue: leases },
        { provide: HostDoctor, useValue: doctor },
        { provide: NetworkCatalogue, useValue: ipam.networks },
        { provide: FixedIpLedger, useValue: ipam.fixedIps },
        { provide: InstanceRegistry, useValue: ipam.instances },
        { provide: InstanceWhereabouts, useValue: ipam.whereabouts },
        { provide: ServiceDirectory, useValue: ipam.services },
        { provide: ProjectQuotas, useValue: ipam.quotas },
        ...flows.providers,
      ],
    };
  }
}

/**
 * nova's FlatManager answers for floating IPs that there are none, and does not know the methods about names; only its
 * VlanManager knows `associate`.
 */
function controllersOf({ servesNetworks, isPerProject }: ManagerTraits): Type[] {
  const always = [
    NetworksRpc,
    NetworkOwnersRpc,
    TenantNetworksRpc,
    EmptiedHostsRpc,
    HostsRpc,
    DoctorRpc,
    InstancesRpc,
    InstanceRecordsRpc,
    FixedIpsRpc,
    LeasesRpc,
    LookupsRpc,
    SecurityGroupsRpc,
    CloudRulesRpc,
    CloudRecordsRpc,
    BaseApiRpc,
  ];
  if (!servesNetworks) return [...always, FlatFloatingIpsRpc];
  const serving = [...always, ...floatingIpControllers, DnsRpc];
  return isPerProject ? [...serving, NetworkAssociationsRpc] : serving;
}
