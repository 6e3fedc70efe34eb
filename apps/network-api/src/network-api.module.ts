import { Module, type DynamicModule } from '@nestjs/common';
import type { ManagerTraits } from '@novanet/network-managers';
import { ObservabilityModule } from '@novanet/observability';
import { APP_GUARD } from '@nestjs/core';
import { AuthGuard } from './auth/auth.guard.js';
import { Authenticator } from './auth/authenticator.js';
import { CloudDatabase } from './database/cloud-database.js';
import { InstanceController } from './instances/instance.controller.js';
import { NetworkController } from './networks/network.controller.js';
import { VisibleNetworks } from './networks/visible-networks.js';
import { PolicyBook } from './policy/policy-book.js';
import { SERVICE_DOWN_TIME, ServiceController } from './services/service.controller.js';
import { TenantNetworkController } from './tenant-networks/tenant-network.controller.js';
import { VersionController } from './versions/version.controller.js';
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
}

/** The REST interface. */
@Module({})
export class NetworkApiModule {
  static forRoot(parts: NetworkApiParts): DynamicModule {
    const { database, workers, authenticator, policies, traits, serviceDownTime } = parts;
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
        TenantNetworkController,
        InstanceController,
        ServiceController,
      ],
      providers: [
        { provide: CloudDatabase, useValue: database },
        { provide: NetworkWorkers, useValue: workers },
        { provide: VisibleNetworks, useValue: new VisibleNetworks(database, traits) },
        { provide: Authenticator, useValue: authenticator },
        { provide: PolicyBook, useValue: policies },
        { provide: APP_GUARD, useClass: AuthGuard },
        { provide: SERVICE_DOWN_TIME, useValue: serviceDownTime },
      ],
    };
  }
}
