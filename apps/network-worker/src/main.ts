import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadSettings } from '@novanet/config';
import { nestOptions, ObservabilityModule, runService } from '@novanet/observability';
import { Worker } from './service/worker.js';

/** Health and metrics of the worker; closing it stops the worker. */
@Module({})
class WorkerModule {
  static forRoot(worker: Worker): DynamicModule {
    return {
      module: WorkerModule,
      imports: [ObservabilityModule.forRoot({ checks: worker.checks })],
      providers: [{ provide: Worker, useValue: worker }],
    };
  }
}

await runService({
  name: 'network-worker',
  configure: () => loadSettings({ argv: process.argv.slice(2), env: process.env }),
  create: async (settings, log) => {
    const worker = new Worker(settings, log);
    const app = await NestFactory.create(WorkerModule.forRoot(worker), nestOptions(log));
    const server = {
      app,
      host: settings.healthListen.toString(),
      port: settings.workerHealthPort,
      hostOption: 'health_listen',
      portOption: 'worker_health_port',
    };
    return { servers: [server], start: () => worker.start() };
  },
});
