// The lab: a cloud on one machine, for trying things, for system tests and benchmarks. See ../README.md.
import { CommandFailed, ProgramMissing, WaitedInVain } from '@novanet/testbed';
import { Command, CommanderError, Option } from 'commander';

import { addFloatingIpCommands } from './commands/floating-ip-commands.js';
import { addInstanceCommands } from './commands/instance-commands.js';
import { addSecurityGroupCommands } from './commands/security-group-commands.js';
import { addServiceCommands } from './commands/service-commands.js';
import { addUpCommands } from './commands/up-commands.js';
import { LabError } from './plan/lab-error.js';
import { Progress } from './terminal/progress.js';

const examples = `
Examples:
  npm run lab -- up --detach                          one host, network private 10.0.0.0/24 on br100
  npm run lab -- boot web1                            an instance with an address by DHCP
  npm run lab -- exec web1 -- curl -s http://169.254.169.254/latest/meta-data/
  npm run lab -- associate web1                       a floating IP that leads to it
  npm run lab -- allow web1 tcp 80                    and what may come in from outside
  npm run lab -- kill h1 worker                       and later: start h1 worker
  npm run lab -- status --json
  npm run lab -- up --lab wide --hosts 3 --multi-host --detach    another lab beside the first
  npm run lab -- down

Every command takes --lab NAME.`;

const words = process.argv.slice(2);
const isDebugging = takeDebug(words);
const progress = new Progress();
const program = new Command('npm run lab --')
  .description(
    'A cloud on this machine: broker, database, API, hosts as network namespaces, instances with DHCP.',
  )
  .addOption(new Option('--debug', 'show where an error comes from (with every command)'))
  .addHelpText('after', examples)
  .showHelpAfterError('(--help shows how)')
  .exitOverride();
addUpCommands(program, progress);
addInstanceCommands(program, progress);
addFloatingIpCommands(program, progress);
addSecurityGroupCommands(program, progress);
addServiceCommands(program, progress);

try {
  await program.parseAsync(words, { from: 'user' });
} catch (error) {
  process.exitCode = error instanceof CommanderError ? error.exitCode : 1;
  if (!(error instanceof CommanderError)) process.stderr.write(`${describeError(error)}\n`);
}
// Whatever the work left open must not hold the terminal.
process.exit();

/** --debug may stand anywhere but in the command of `exec`. */
function takeDebug(given: string[]): boolean {
  const at = given.indexOf('--debug');
  if (at < 0 || given.slice(0, at).includes('exec')) return false;
  given.splice(at, 1);
  return true;
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isDebugging) return error.stack ?? error.message;
  const where = progress.failedStep ? `${progress.failedStep}: ` : '';
  const isExpected = [LabError, ProgramMissing, CommandFailed, WaitedInVain].some(
    (known) => error instanceof known,
  );
  return `${where}${error.message}${isExpected ? '' : ' (--debug shows where this comes from)'}`;
}
