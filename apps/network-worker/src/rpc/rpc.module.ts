import { randomUUID } from 'node:crypto';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import type { Settings } from '@novanet/config';
import { FixedIpLedger, InstanceRegistry, NetworkCatalogue } from '@novanet/ipam';
import {
  AllocateForInstance,
  CreateNetworks,
  DeallocateForInstance,
  DeleteNetwork,
  flatDhcpManager,
  InstanceNetworkInfo,
  NetworkHosts,
  SetupNetworksOnHost,
} from '@novanet/network-managers';
import type { Logger } from '@novanet/observability';
import type { Ipam } from '@novanet/persistence';
import { BaseApiRpc } from './base-api.rpc.js';
import { FixedIpsRpc, LEASE_OPTIONS, type LeaseOptions } from './fixed-ips.rpc.js';
import { InstancesRpc } from './instances.rpc.js';
import { NetworksRpc } from './networks.rpc.js';

/** What the RPC methods stand on. */
export interface RpcParts {
  readonly settings: Settings;
  readonly ipam: Pick<Ipam, 'networks' | 'fixedIps' | 'instances'>;
  readonly hosts: NetworkHosts;
  readonly endLease: LeaseOptions['endLease'];
  readonly log: Logger;
}

/** All methods a worker answers, with the flows behind them. */
@Module({})
export class RpcModule {
  static forRoot(parts: RpcParts): DynamicModule {
    const { networks, fixedIps, instances } = parts.ipam;
    return {
      module: RpcModule,
      controllers: [NetworksRpc, InstancesRpc, FixedIpsRpc, BaseApiRpc],
      providers: [
        { provide: NetworkCatalogue, useValue: networks },
        { provide: FixedIpLedger, useValue: fixedIps },
        { provide: InstanceRegistry, useValue: instances },
        { provide: NetworkHosts, useValue: parts.hosts },
        { provide: LEASE_OPTIONS, useValue: leaseOptions(parts) },
        ...flows(parts),
      ],
    };
  }
}

function leaseOptions({ settings, log, endLease }: RpcParts): LeaseOptions {
  return { leaseSeconds: settings.dhcpLeaseTime, log, endLease };
}

function flows({ settings, ipam, hosts, log }: RpcParts): Provider[] {
  const { networks, fixedIps, instances } = ipam;
  const allocate = new AllocateForInstance(
    networks,
    fixedIps,
    hosts,
    flatDhcpManager,
    settings.quotaFixedIps,
  );
  const deallocate = new DeallocateForInstance(fixedIps, hosts, (network, error) => {
    log.warn(
      { network: network.uuid, host: network.host, error },
      'host did not clean up after a deallocation',
    );
  });
  return [
    { provide: AllocateForInstance, useValue: allocate },
    { provide: DeallocateForInstance, useValue: deallocate },
    {
      provide: CreateNetworks,
      useValue: new CreateNetworks(networks, settings, flatDhcpManager, randomUUID),
    },
    { provide: DeleteNetwork, useValue: new DeleteNetwork(networks, hosts) },
    { provide: InstanceNetworkInfo, useValue: new InstanceNetworkInfo(fixedIps, instances, flatDhcpManager) },
    { provide: SetupNetworksOnHost, useValue: new SetupNetworksOnHost(fixedIps, instances, hosts) },
  ];
}
