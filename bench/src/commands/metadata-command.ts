import type { Command } from 'commander';

import { areGoodEnough } from '../allocate/targets.js';
import { type MetadataOptions, runMetadataBenchmark } from '../metadata/metadata-benchmark.js';
import { judgeMetadata } from '../metadata/targets.js';
import { describeMachine } from '../report/machine.js';
import { type MetadataReport, renderMetadataReport } from '../report/render-metadata-report.js';
import { claimRunFolder, clearRunFolder } from '../servers/run-folder.js';
import type { Terminal } from '../terminal/terminal.js';
import { parseCount, parsePercent } from './parse.js';

interface MetadataCommandOptions extends MetadataOptions {
  readonly tolerance: number;
  readonly json?: boolean;
}

/** `metadata`: what instances ask for when all of them boot at once. */
export function addMetadataCommand(program: Command, terminal: Terminal): void {
  program
    .command('metadata')
    .description('the metadata service under load, beside a server that does nothing')
    .option('--connections <count>', 'connections at a time', parseCount, 100)
    .option('--seconds <count>', 'so long each path is asked for', parseCount, 5)
    .option('--repeat <count>', 'measure so often, and take medians', parseCount, 3)
    .option(
      '--tolerance <percent>',
      'how far a target may be missed before the exit code is 1',
      parsePercent,
      0,
    )
    .option('--json', 'print everything as JSON')
    .action(async ({ tolerance, json, ...options }: MetadataCommandOptions) => {
      const report = await measure(options, terminal);
      process.stdout.write(`${json ? JSON.stringify(report, undefined, 2) : renderMetadataReport(report)}\n`);
      process.exitCode = areGoodEnough(report.targets, tolerance) ? 0 : 1;
    });
}

/** Leaves nothing behind, however it ends. */
async function measure(options: MetadataOptions, terminal: Terminal): Promise<MetadataReport> {
  await claimRunFolder();
  try {
    const figures = await runMetadataBenchmark(options, terminal);
    return { machine: await describeMachine(), options, figures, targets: judgeMetadata(figures) };
  } finally {
    await clearRunFolder();
  }
}
