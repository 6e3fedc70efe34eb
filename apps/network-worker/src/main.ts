import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { loadSettings } from '@novanet/config';
import { SpawnCommandRunner } from '@novanet/linux-net';
import { createLogger, nestOptions, ObservabilityModule, runService } from '@novanet/observability';
import { runDoctor } from './doctor/doctor-command.js';
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

const FORCE = '--force';
const SWITCHES = {
  [FORCE]:
    'puts interfaces into bridges, and gives bridges addresses, also when this host loses its broker, its\n' +
    'database or an SSH session by that. Otherwise such a bridge is left as it is, and the log says why.',
};

const COMMANDS = {
  drain: 'takes away everything that the worker made on this host',
  doctor: 'says what is wrong with this host, also without broker and worker',
};

const [command, ...argv] = process.argv.slice(2);
const terminal = {
  say: (text: string) => console.log(text),
  complain: (text: string) => console.error(text),
};
const sources = { argv, env: process.env };
if (command === 'drain') {
  process.exitCode = await runDrain(sources, terminal, new SpawnCommandRunner());
} else if (command === 'doctor') {
  const log = createLogger('doctor', 'fatal');
  process.exitCode = await runDoctor(sources, terminal, { runner: new SpawnCommandRunner(), log });
} else {
  await serve();
}

function serve(): Promise<void> {
  return runService({
    name: 'network-worker',
    configure: () =>
      loadSettings({ argv: process.argv.slice(2), env: process.env, switches: SWITCHES, commands: COMMANDS }),
    create: async (settings, log) => {
      const worker = new Worker(settings, log, { force: process.argv.includes(FORCE) });
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
