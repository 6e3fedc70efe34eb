import { type Command, Option } from 'commander';

import { areGoodEnough } from '../allocate/targets.js';
import { buildHost } from '../associate/host-network.js';
import type { AssociateOptions } from '../associate/options.js';
import { runInside } from '../associate/run-inside.js';
import { judgeAssociations } from '../associate/targets.js';
import { describeMachine } from '../report/machine.js';
import { type AssociateReport, renderAssociateReport } from '../report/render-associate-report.js';
import { claimRunFolder, clearRunFolder } from '../servers/run-folder.js';
import type { Terminal } from '../terminal/terminal.js';
import { parseCount, parseCounts, parsePercent, parseSizes } from './parse.js';

interface AssociateCommandOptions extends Omit<AssociateOptions, 'restart'> {
  readonly instances: number;
  readonly floatingIps: number;
  readonly restarts: number;
  readonly tolerance: number;
  readonly json?: boolean;
}

/** `associate`: floating IPs, with the kernel of a host that consists of namespaces. */
export function addAssociateCommand(program: Command, terminal: Terminal): void {
  program
    .command('associate')
    .description('associate_floating_ip by one worker with its dataplane, and restarts of that worker')
    .option('--calls <count>', 'calls of each method', parseCount, 50)
    .addOption(
      new Option('--callers <counts>', 'how many call at once').argParser(parseCounts).default([1, 8], '1,8'),
    )
    .addOption(
      new Option('--sizes <counts>', 'floating IPs that are associated already')
        .argParser(parseSizes)
        .default([0, 200, 1_000], '0,200,1000'),
    )
    .option('--instances <count>', 'instances of the host that restarts', parseCount, 500)
    .option('--floating-ips <count>', 'floating IPs of the host that restarts', parseCount, 200)
    .option('--restarts <count>', 'restarts while packets flow; the median counts', parseCount, 3)
    .option(
      '--tolerance <percent>',
      'how far a target may be missed before the exit code is 1',
      parsePercent,
      0,
    )
    .option('--json', 'print everything as JSON')
    .action(async ({ tolerance, json, ...chosen }: AssociateCommandOptions) => {
      const { calls, callers, sizes, instances, floatingIps, restarts } = chosen;
      const restart = { instances, floatingIps, times: restarts };
      const report = await measure({ calls, callers, sizes, restart }, terminal);
      process.stdout.write(
        `${json ? JSON.stringify(report, undefined, 2) : renderAssociateReport(report)}\n`,
      );
      const hasErrors = report.calls.some(({ errors }) => errors.length > 0);
      process.exitCode = hasErrors || !areGoodEnough(report.targets, tolerance) ? 1 : 0;
    });
}

/** Leaves nothing behind, however it ends. */
async function measure(options: AssociateOptions, terminal: Terminal): Promise<AssociateReport> {
  await claimRunFolder();
  try {
    await buildHost();
    const result = await runInside(options, terminal);
    return { machine: await describeMachine(), options, ...result, targets: judgeAssociations(result) };
  } finally {
    await clearRunFolder();
  }
}
