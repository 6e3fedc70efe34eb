import { Module, type DynamicModule } from '@nestjs/common';
import type { ManagerTraits } from '@novanet/network-managers';
import { ObservabilityModule, RateLimit } from '@novanet/observability';
import { APP_GUARD } from '@nestjs/core';
import { AuthGuard } from './auth/auth.guard.js';
import { Authenticator } from './auth/authenticator.js';
import { CloudpipeController } from './cloudpipes/cloudpipe.controller.js';
import { Cloudpipes } from './cloudpipes/cloudpipes.js';
import { CloudDatabase } from './database/cloud-database.js';
import { FixedIpListController } from './fixed-ips/fixed-ip-list.controller.js';
import { FixedIpController } from './fixed-ips/fixed-ip.controller.js';
import { DnsDomainController } from './floating-ip-dns/dns-domain.controller.js';
import { DnsEntryController } from './floating-ip-dns/dns-entry.controller.js';
import { FloatingIpController } from './floating-ips/floating-ip.controller.js';
import { FloatingIpPoolController } from './floating-ips/floating-ip-pool.controller.js';
import { FloatingIpsBulkController } from './floating-ips/floating-ips-bulk.controller.js';
import { CloudDoctor } from './doctor/cloud-doctor.js';
import { DoctorController } from './doctor/doctor.controller.js';
import { ExtensionController } from './extensions/extension.controller.js';
import { HostActionController } from './hosts/host-action.controller.js';
import { HostController } from './hosts/host.controller.js';
import type { TlsOptions } from './http/tls.js';
import { InstanceController } from './instances/instance.controller.js';
import { NetworkController } from './networks/network.controller.js';
import { VisibleNetworks } from './networks/visible-networks.js';
import { NovanetNetworkController } from './novanet-networks/novanet-network.controller.js';
import { PoolController } from './pools/pool.controller.js';
import { PolicyBook } from './policy/policy-book.js';
import { LimitsController } from './quotas/limits.controller.js';
import { ProjectLimits } from './quotas/project-limits.js';
import { QuotaClassSetController } from './quotas/quota-class-set.controller.js';
import { STANDARD_LIMITS, type QuotaLimits } from './quotas/quota-limits.js';
import { QuotaSetController } from './quotas/quota-set.controller.js';
import { serverControllers, serverProviders } from './servers/server-parts.js';
import { ComputeServiceController } from './services/compute-service.controller.js';
import { SERVICE_DOWN_TIME, ServiceController } from './services/service.controller.js';
import { TenantNetworkController } from './tenant-networks/tenant-network.controller.js';
import { VersionController } from './versions/version.controller.js';
import { securityGroupControllers } from './security-groups/security-group-controllers.js';
import { KnownGroups } from './security-groups/known-groups.js';
import { NetworkWorkers } from './workers/network-workers.js';

/** What the API is wired to. */
export interface NetworkApiParts {
  readonly database: CloudDatabase;
  readonly workers: NetworkWorkers;
  readonly authenticator: Authenticator;
  readonly policies: PolicyBook;
  /** Of the workers' `network_manager`: they decide which networks a project sees. */
  readonly traits: ManagerTraits;
  /** `service_down_time`, in seconds. */
  readonly serviceDownTime: number;
  /** The options `quota_*`. */
  readonly limits: QuotaLimits;
  /** Undefined: plain HTTP. */
  readonly tls?: TlsOptions | undefined;
  /** In bytes; undefined: nova's. */
  readonly maxRequestBodySize?: number;
  /** Requests a second; undefined or 0: any number. */
  readonly projectRateLimit?: number;
}

/** The REST interface. */
@Module({})
export class NetworkApiModule {
  static forRoot(parts: NetworkApiParts): DynamicModule {
    const { database, workers, authenticator, policies, traits, serviceDownTime, limits } = parts;
    const checks = [
      { name: 'database', check: () => database.ping() },
      { name: 'broker', check: () => workers.checkBroker() },
    ];
    return {
      module: NetworkApiModule,
      imports: [ObservabilityModule.forRoot({ checks })],
      controllers: [
        VersionController,
        NetworkController,
        NovanetNetworkController,
        CloudpipeController,
        ...securityGroupControllers,
        InstanceController,
        ServiceController,
        FloatingIpController,
        FloatingIpPoolController,
        FloatingIpsBulkController,
        PoolController,
        FixedIpController,
        FixedIpListController,
        DnsDomainController,
        DnsEntryController,
        TenantNetworkController,
        ...serverControllers,
        ComputeServiceController,
        HostController,
        HostActionController,
        LimitsController,
        QuotaSetController,
        QuotaClassSetController,
        ExtensionController,
        DoctorController,
      ],
      providers: [
        { provide: CloudDatabase, useValue: database },
        { provide: NetworkWorkers, useValue: workers },
        { provide: VisibleNetworks, useValue: new VisibleNetworks(database, traits) },
        { provide: Authenticator, useValue: authenticator },
        KnownGroups,
        Cloudpipes,
        { provide: CloudDoctor, useValue: new CloudDoctor(database, workers, { traits, serviceDownTime }) },
        { provide: RateLimit, useValue: new RateLimit(parts.projectRateLimit ?? 0) },
        { provide: PolicyBook, useValue: policies },
        { provide: APP_GUARD, useClass: AuthGuard },
        { provide: SERVICE_DOWN_TIME, useValue: serviceDownTime },
        { provide: STANDARD_LIMITS, useValue: limits },
        ProjectLimits,
        ...serverProviders,
      ],
    };
  }
}
