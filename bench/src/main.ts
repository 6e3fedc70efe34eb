// Benchmarks: what a call costs, beside what this machine's disk, database and broker cost. See ../README.md.
import { CommandFailed, ProgramMissing, WaitedInVain } from '@novanet/testbed';
import { Command, CommanderError } from 'commander';

import { addAllocateCommand } from './commands/allocate-command.js';
import { addAssociateCommand } from './commands/associate-command.js';
import { addMetadataCommand } from './commands/metadata-command.js';
import { BenchError } from './terminal/bench-error.js';
import { Interrupted, Terminal } from './terminal/terminal.js';

const examples = `
Examples:
  npm run bench -- allocate                                everything, about two minutes
  npm run bench -- allocate --networks /24 --repeat 1      a quick look
  npm run bench -- allocate --calls 1000 --callers 1,4,16,64
  npm run bench -- allocate --json > figures.json
  npm run bench -- allocate --tolerance 20                 for a machine that others use, too
  npm run bench -- associate                               floating IPs with the dataplane, and restarts
  npm run bench -- associate --sizes 0 --instances 20 --floating-ips 10 --restarts 1
  npm run bench -- metadata                                what instances ask for, under load

The exit code is 1 when a call failed or a target was missed by more than the tolerance.`;

const program = new Command('npm run bench --')
  .description('Measures Novanet on private servers of its own: nothing else of this machine is touched.')
  .addHelpText('afterAll', examples)
  .showHelpAfterError('(--help shows how)')
  .exitOverride();
const terminal = new Terminal();
addAllocateCommand(program, terminal);
addAssociateCommand(program, terminal);
addMetadataCommand(program, terminal);

try {
  await program.parseAsync(process.argv.slice(2), { from: 'user' });
} catch (error) {
  process.exitCode = exitCodeOf(error);
  if (!(error instanceof CommanderError)) process.stderr.write(`${describeError(error)}\n`);
}
// Connections to servers that are gone must not hold the terminal.
process.exit();

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode;
  return error instanceof Interrupted ? 130 : 1;
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isExpected = [BenchError, ProgramMissing, CommandFailed, WaitedInVain, Interrupted].some(
    (known) => error instanceof known,
  );
  return isExpected ? error.message : (error.stack ?? error.message);
}
