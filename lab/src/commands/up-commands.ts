import { type Command, Option } from 'commander';

import { runDemo } from '../demo/demo.js';
import { takeDown } from '../lifecycle/down.js';
import { inForeground, untilEnd } from '../lifecycle/foreground.js';
import { describeStatus, statusOf } from '../lifecycle/status.js';
import { bringUp, disown, type UpOptions } from '../lifecycle/up.js';
import type { ManagerName } from '../plan/configuration.js';
import { planLab } from '../plan/lab-plan.js';
import { LabFolder } from '../state/lab-folder.js';
import { isAbandoned } from '../state/lab-state.js';
import { openLab } from '../state/open-lab.js';
import type { Progress } from '../terminal/progress.js';
import { parseCount, parseKernel, parseManager, parsePort } from './parse.js';

interface SharedOptions {
  readonly lab: string;
  readonly config?: string;
  readonly amqpPort?: number;
  readonly databasePort?: number;
  readonly apiPort?: number;
}

interface UpCommandOptions extends SharedOptions {
  readonly hosts: number;
  readonly manager: ManagerName;
  readonly multiHost?: boolean;
  readonly network: boolean;
  readonly detach?: boolean;
}

/** `up`, `down` and `demo` (npm start). */
export function addUpCommands(program: Command, progress: Progress): void {
  const up = withPorts(program.command('up').description('build a lab; Ctrl-C takes it down'))
    .option('--lab <name>', 'name of the lab', 'default')
    .option('--hosts <count>', 'how many hosts: h1, h2 …', parseCount, 1)
    .option('--manager <name>', "flat, flatdhcp or vlan, or nova's class", parseManager, 'flatdhcp')
    .option('--multi-host', 'each host is gateway and DHCP server of its own instances')
    .option('--kernel <kind>', 'what a host is: namespace', parseKernel, 'namespace')
    .option('--no-network', 'create neither the network private nor floating IPs')
    .option('--detach', 'return when it is up; down takes it down');
  up.action(async (options: UpCommandOptions) => {
    const wanted = upOptions(options, options.hosts, options.network, options);
    await (options.detach ? upDetached(wanted, progress) : upInForeground(wanted, progress));
  });
  program
    .command('down')
    .description('take a lab down and remove everything of it')
    .option('--lab <name>', 'name of the lab', 'default')
    .action(async ({ lab }: { lab: string }) => {
      planLab(lab, 1);
      await progress.step(`taking lab ${lab} down`, () => takeDown(new LabFolder(lab)));
    });
  withPorts(program.command('demo', { hidden: true }).description('what npm start does'))
    .addOption(new Option('--lab <name>', 'name of the lab').default('demo'))
    .option('--once', 'end as soon as the instance reached metadata and the outside')
    .action(async (options: SharedOptions & { once?: boolean }) => {
      const cloud = { manager: 'flatdhcp' as const, multiHost: false };
      await runDemo(upOptions(options, 1, true, cloud), options.once ?? false, progress);
    });
}

function withPorts(command: Command): Command {
  return command
    .option('--config <file>', 'more options for all services, as a nova.conf; they win')
    .option('--amqp-port <port>', 'port of 127.0.0.1 for AMQP (default: a free one)', parsePort)
    .option('--database-port <port>', 'port of 127.0.0.1 for the database (default: a free one)', parsePort)
    .option('--api-port <port>', 'port of 127.0.0.1 for the API (default: a free one)', parsePort);
}

function upOptions(
  shared: SharedOptions,
  hostCount: number,
  withNetwork: boolean,
  cloud: { readonly manager: ManagerName; readonly multiHost?: boolean },
): UpOptions {
  const { lab, config, amqpPort, databasePort, apiPort } = shared;
  return {
    name: lab,
    hostCount,
    withNetwork,
    cloud: { manager: cloud.manager, multiHost: cloud.multiHost ?? false },
    configFile: config,
    ports: {
      ...(amqpPort !== undefined && { amqp: amqpPort }),
      ...(databasePort !== undefined && { database: databasePort }),
      ...(apiPort !== undefined && { api: apiPort }),
    },
  };
}

/** True, and said, when there is nothing left to do. */
function isUpAlready(name: string, progress: Progress): boolean {
  planLab(name, 1);
  const state = new LabFolder(name).find();
  if (!state?.isComplete || isAbandoned(state)) return false;
  progress.say(`Lab "${name}" is up already.`);
  process.stdout.write(`${describeStatus(statusOf(openLab(name)))}\n`);
  return true;
}

async function upDetached(options: UpOptions, progress: Progress): Promise<void> {
  if (isUpAlready(options.name, progress)) return;
  const interrupt = await inForeground(new LabFolder(options.name), progress, async () => {
    const lab = await bringUp(options, progress);
    disown(lab);
    process.stdout.write(`${describeStatus(statusOf(lab))}\n`);
  });
  if (interrupt.isRequested) process.exitCode = 130;
}

async function upInForeground(options: UpOptions, progress: Progress): Promise<void> {
  if (isUpAlready(options.name, progress)) return;
  const folder = new LabFolder(options.name);
  await inForeground(folder, progress, async (interrupt) => {
    const lab = await bringUp(options, progress);
    process.stdout.write(`${describeStatus(statusOf(lab))}\nCtrl-C takes it down.\n`);
    await untilEnd(folder, interrupt);
  });
}
