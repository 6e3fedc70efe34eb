import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { ApiClient, parseApiUrl } from './api-client.js';
import { CliFailure, exitCodes } from './cli-failure.error.js';
import { importCommands } from './nova-import/import-command.js';
import { doctorCommand } from './doctor/doctor-command.js';
import { networkCommands } from './networks/network-commands.js';
import { serviceCommands } from './services/service-commands.js';

/** Where a command's words come from and go to. */
export interface CliContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  print(text: string): void;
  complain(text: string): void;
}

/** What each command works with. */
export interface CommandTools {
  /** The API that the options name. Throws CliFailure. */
  api(): ApiClient;
  /** As JSON when --json is given, otherwise the text. */
  answer(data: unknown, text: string): void;
  /** A sentence for the operator that is no part of the answer. */
  warn(sentence: string): void;
}

interface GlobalOptions {
  readonly apiUrl?: string;
  readonly json?: boolean;
}

/** Carries out one command line; answers the exit code. */
export async function runCli(args: readonly string[], context: CliContext): Promise<number> {
  try {
    await createProgram(context).parseAsync(args, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    if (!(error instanceof CliFailure)) throw error;
    context.complain(`novanet: ${error.message}`);
    return exitCodes[error.outcome];
  }
}

const examples = `
Examples:
  novanet network create private --cidr 10.0.0.0/24 --bridge br100 --bridge-interface eth1
  novanet network list
  novanet --api-url http://controller:8774 service list
  novanet network list --json | jq -r '.[].cidr'
  NOVANET_TOKEN=$(openstack token issue -f value -c id) novanet network list

Environment:
  NOVANET_API_URL  where the network API listens
  NOVANET_TOKEN    who asks (default admin:admin, for an API with auth_strategy = noauth2)

Exit codes: 0 done, 1 refused, 2 wrong usage, 3 API or network worker unreachable`;

function createProgram(context: CliContext): Command {
  const program = new Command('novanet')
    .description('Networks of a cloud: asks the network API, which asks the network workers.')
    .version(readVersion())
    .option(
      '--api-url <url>',
      'where the network API listens (NOVANET_API_URL; default http://127.0.0.1:8774)',
    )
    .option('--json', 'print what the API answered as JSON')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => context.print(text.trimEnd()),
      writeErr: (text) => context.complain(text.trimEnd()),
    })
    .showHelpAfterError('(--help shows how)')
    .addHelpText('after', examples)
    .exitOverride();
  const options = () => program.opts<GlobalOptions>();
  const tools: CommandTools = {
    api() {
      const url = options().apiUrl ?? (context.env['NOVANET_API_URL'] || 'http://127.0.0.1:8774');
      return new ApiClient(parseApiUrl(url), context.env['NOVANET_TOKEN'] || 'admin:admin');
    },
    answer: (data, text) => context.print(options().json ? JSON.stringify(data, undefined, 2) : text),
    warn: (sentence) => context.complain(`novanet: ${sentence}`),
  };
  // Made by createCommand, sub-commands inherit the settings above.
  networkCommands(program.command('network').description('create, list, show and delete networks'), tools);
  importCommands(program.command('import').description('take over another database'), tools, context);
  serviceCommands(program.command('service').description('see which workers are alive'), tools);
  doctorCommand(program.command('doctor'), tools);
  return program;
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return String(version);
}
