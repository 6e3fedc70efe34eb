import { Module, type DynamicModule } from '@nestjs/common';
import { ObservabilityModule } from '@novanet/observability';
import { APP_GUARD } from '@nestjs/core';
import { AuthGuard } from './auth/auth.guard.js';
import { Authenticator } from './auth/authenticator.js';
import { CloudDatabase } from './database/cloud-database.js';
import { ExtensionController } from './extensions/extension.controller.js';
import { HostController } from './hosts/host.controller.js';
import { InstanceController } from './instances/instance.controller.js';
import { NetworkController } from './networks/network.controller.js';
import { PolicyBook } from './policy/policy-book.js';
import { LimitsController } from './quotas/limits.controller.js';
import { ProjectLimits } from './quotas/project-limits.js';
import { QuotaClassSetController } from './quotas/quota-class-set.controller.js';
import { STANDARD_LIMITS, type QuotaLimits } from './quotas/quota-limits.js';
import { QuotaSetController } from './quotas/quota-set.controller.js';
import { serverControllers, serverProviders } from './servers/server-parts.js';
import { ComputeServiceController } from './services/compute-service.controller.js';
import { SERVICE_DOWN_TIME, ServiceController } from './services/service.controller.js';
import { VersionController } from './versions/version.controller.js';
import { NetworkWorkers } from './workers/network-workers.js';

/** What the API is wired to. */
export interface NetworkApiParts {
  readonly database: CloudDatabase;
  readonly workers: NetworkWorkers;
  readonly authenticator: Authenticator;
  readonly policies: PolicyBook;
  /** `service_down_time`, in seconds. */
  readonly serviceDownTime: number;
  /** The options `quota_*`. */
  readonly limits: QuotaLimits;
}

/** The REST interface. */
@Module({})
export class NetworkApiModule {
  static forRoot(parts: NetworkApiParts): DynamicModule {
    const { database, workers, authenticator, policies, serviceDownTime, limits } = parts;
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
        InstanceController,
        ServiceController,
        ...serverControllers,
        ComputeServiceController,
        HostController,
        LimitsController,
        QuotaSetController,
        QuotaClassSetController,
        ExtensionController,
      ],
      providers: [
        { provide: CloudDatabase, useValue: database },
        { provide: NetworkWorkers, useValue: workers },
        { provide: Authenticator, useValue: authenticator },
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
