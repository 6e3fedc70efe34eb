import type { Command } from 'commander';
import { CliFailure } from '../cli-failure.error.js';
import type { CommandTools } from '../command-tools.js';
import { configurationArguments } from '../configuration/configuration-arguments.js';
import { withExamples } from '../grammar/command-facts.js';
import { ProgressLine } from './progress-line.js';

/** What `novanet import nova` is told. */
export interface ImportWords {
  readonly from?: string;
  readonly to?: string;
  readonly dryRun?: boolean;
  readonly skipProblems?: boolean;
}

const more = `
The import goes beside what Novanet's database has already, and may be repeated: what is there is left as it is. All of
it is written, or nothing. Problems are rows that cannot be taken as they are; while one of them would cost an instance
an address, nothing is written.

Environment:
  NOVANET_IMPORT_FROM  nova's database: a command line can be seen by everybody on the machine`;

/** Adds `nova` to `novanet import`. */
export function importCommands(command: Command, tools: CommandTools): void {
  const nova = command
    .command('nova')
    .description("take over networks, addresses and security groups of nova's database")
    .option('--from <url>', "nova's database, as in nova.conf (NOVANET_IMPORT_FROM)")
    .option('--to <url>', "Novanet's database (default: what the configuration says)")
    .option('--dry-run', 'only say what would be done')
    .option('--skip-problems', 'import the rest, although instances lose addresses')
    .addHelpText('after', more);
  withExamples(
    nova,
    'novanet import nova --from mysql://nova:secret@controller/nova --dry-run',
    'NOVANET_IMPORT_FROM=mysql://nova:secret@controller/nova novanet --config-file /etc/novanet/novanet.conf import nova',
  );
  nova.action(async (words: ImportWords) => {
    const from = words.from ?? tools.env['NOVANET_IMPORT_FROM'];
    if (!from) {
      throw new CliFailure('usage', "name nova's database with --from or NOVANET_IMPORT_FROM");
    }
    // with what a database needs: no other command should wait for that
    const { runImport } = await import('./run-import.js');
    const progress = new ProgressLine(tools.status);
    const done = await runImport(
      { ...words, from, configuration: configurationArguments(tools) },
      tools.env,
      progress,
    ).finally(() => progress.end());
    tools.answer(done.data, done.text);
    if (done.refusal !== undefined) throw new CliFailure('refused', done.refusal);
  });
}
