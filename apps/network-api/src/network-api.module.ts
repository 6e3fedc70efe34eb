import { Module, type DynamicModule } from '@nestjs/common';
import { ObservabilityModule, RateLimit } from '@novanet/observability';
import { APP_GUARD } from '@nestjs/core';
import { AuthGuard } from './auth/auth.guard.js';
import { Authenticator } from './auth/authenticator.js';
import { CloudDatabase } from './database/cloud-database.js';
import type { TlsOptions } from './http/tls.js';
import { InstanceController } from './instances/instance.controller.js';
import { NetworkController } from './networks/network.controller.js';
import { PolicyBook } from './policy/policy-book.js';
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
    const { database, workers, authenticator, policies, serviceDownTime } = parts;
    const checks = [
      { name: 'database', check: () => database.ping() },
      { name: 'broker', check: () => workers.checkBroker() },
    ];
    return {
      module: NetworkApiModule,
      imports: [ObservabilityModule.forRoot({ checks })],
      controllers: [VersionController, NetworkController, InstanceController, ServiceController],
      providers: [
        { provide: CloudDatabase, useValue: database },
        { provide: NetworkWorkers, useValue: workers },
        { provide: Authenticator, useValue: authenticator },
        { provide: RateLimit, useValue: new RateLimit(parts.projectRateLimit ?? 0) },
        { provide: PolicyBook, useValue: policies },
        { provide: APP_GUARD, useClass: AuthGuard },
        { provide: SERVICE_DOWN_TIME, useValue: serviceDownTime },
      ],
    };
  }
}
