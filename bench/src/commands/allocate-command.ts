import { type Command, Option } from 'commander';

import { runAllocateBenchmark } from '../allocate/allocate-benchmark.js';
import type { AllocateOptions } from '../allocate/options.js';
import { areGoodEnough, judge } from '../allocate/targets.js';
import { describeMachine } from '../report/machine.js';
import { renderReport, type AllocateReport } from '../report/render-report.js';
import { claimRunFolder, clearRunFolder } from '../servers/run-folder.js';
import type { Terminal } from '../terminal/terminal.js';
import { parseCount, parseCounts, parsePercent, parsePrefixLengths } from './parse.js';

interface AllocateCommandOptions extends AllocateOptions {
  readonly tolerance: number;
  readonly json?: boolean;
}

/** `allocate`: addresses for instances, without dataplane. */
export function addAllocateCommand(program: Command, terminal: Terminal): void {
  program
    .command('allocate')
    .description('allocate_for_instance and its like by one worker that leaves the kernel alone')
    .option('--calls <count>', 'calls of each method', parseCount, 200)
    .addOption(
      new Option('--callers <counts>', 'how many call at once')
        .argParser(parseCounts)
        .default([1, 16], '1,16'),
    )
    .addOption(
      new Option('--networks <sizes>', 'sizes of the network')
        .argParser(parsePrefixLengths)
        .default([24, 16, 8], '/24,/16,/8'),
    )
    .option('--repeat <count>', 'measure so often, and take medians', parseCount, 3)
    .option(
      '--tolerance <percent>',
      'how far a target may be missed before the exit code is 1',
      parsePercent,
      0,
    )
    .option('--json', 'print everything as JSON')
    .action(async ({ tolerance, json, ...options }: AllocateCommandOptions) => {
      const report = await measure(options, terminal);
      process.stdout.write(`${json ? JSON.stringify(report, undefined, 2) : renderReport(report)}\n`);
      const hasErrors = report.calls.some(({ errors }) => errors.length > 0);
      process.exitCode = hasErrors || !areGoodEnough(report.targets, tolerance) ? 1 : 0;
    });
}

/** Leaves nothing behind, however it ends. */
async function measure(options: AllocateOptions, terminal: Terminal): Promise<AllocateReport> {
  await claimRunFolder();
  try {
    const result = await runAllocateBenchmark(options, terminal);
    return { machine: await describeMachine(), options, ...result, targets: judge(result.calls) };
  } finally {
    await clearRunFolder();
  }
}
