import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadSettings } from '@novanet/config';
import { SpawnCommandRunner } from '@novanet/linux-net';
import { nestOptions, ObservabilityModule, runService } from '@novanet/observability';
import { runDrain } from './drain/drain-command.js';
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

const [command, ...argv] = process.argv.slice(2);
if (command === 'drain') {
  const terminal = {
    say: (text: string) => console.log(text),
    complain: (text: string) => console.error(text),
  };
  process.exitCode = await runDrain({ argv, env: process.env }, terminal, new SpawnCommandRunner());
} else {
  await serve();
}

function serve(): Promise<void> {
  return runService({
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
}
