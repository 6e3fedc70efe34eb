import { Module, type DynamicModule } from '@nestjs/common';
import { ObservabilityModule } from '@novanet/observability';
import { CloudDatabase } from './database/cloud-database.js';
import { InstanceController } from './instances/instance.controller.js';
import { NetworkController } from './networks/network.controller.js';
import { SERVICE_DOWN_TIME, ServiceController } from './services/service.controller.js';
import { VersionController } from './versions/version.controller.js';
import { NetworkWorkers } from './workers/network-workers.js';

/** What the API is wired to. */
export interface NetworkApiParts {
  readonly database: CloudDatabase;
  readonly workers: NetworkWorkers;
  /** `service_down_time`, in seconds. */
  readonly serviceDownTime: number;
}

/** The REST interface. */
@Module({})
export class NetworkApiModule {
  static forRoot({ database, workers, serviceDownTime }: NetworkApiParts): DynamicModule {
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
        { provide: SERVICE_DOWN_TIME, useValue: serviceDownTime },
      ],
    };
  }
}
