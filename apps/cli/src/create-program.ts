import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import type { CliContext, CommandTools } from './command-tools.js';
import { completionCommands } from './completion/completion-commands.js';
import { configCommands } from './configuration/config-commands.js';
import { dbCommands } from './database/db-commands.js';
import { doctorCommand } from './doctor/doctor-command.js';
import { alsoCalled, withExamples } from './grammar/command-facts.js';
import { fixedIpCommands } from './fixed-ips/fixed-ip-commands.js';
import { floatingIpCommands } from './floating-ips/floating-ip-commands.js';
import { hostCommands } from './hosts/host-commands.js';
import { importCommands } from './nova-import/import-command.js';
import { networkCommands } from './networks/network-commands.js';
import { projectCommands } from './projects/project-commands.js';
import { quotaCommand } from './projects/quota-command.js';
import { serviceCommands } from './services/service-commands.js';
import { vpnCommands } from './vpn/vpn-commands.js';

const more = `
Names of commands and options may be shortened as long as they mean one thing; options may be written with underscores.

Examples:
  novanet network create private 10.0.0.0/24 --bridge br100
  novanet --config-file /etc/nova/nova.conf network list
  novanet --api-url http://controller:8774 service list
  novanet network list --json | jq -r '.[].cidr'
  NOVANET_TOKEN=$(openstack token issue -f value -c id) novanet network list

Environment:
  NOVANET_API_URL  where the network API listens
  NOVANET_TOKEN    who asks (default admin:admin, for an API with auth_strategy = noauth2)
  NOVANET_YES      1: as --yes

Which API is asked: that of --api-url; with --config-file one of this machine's own, which needs no token; that of
NOVANET_API_URL. With neither these nor NOVANET_TOKEN, the machine's own where /etc/novanet/novanet.conf can be read, else
http://127.0.0.1:8774.

Exit codes: 0 done, 1 refused, 2 wrong usage, 3 API or network worker unreachable`;

/** All commands, with what they need to say something and to end. */
export function createProgram(
  context: Pick<CliContext, 'print' | 'complain'>,
  makeTools: (program: Command) => CommandTools,
): Command {
  const program = new Command('novanet')
    .description('Networks of a cloud: asks the network API, which asks the network workers.')
    .version(readVersion())
    .option('--api-url <url>', 'ask this network API')
    .addOption(
      alsoCalled(
        new Option(
          '--config-file <file>',
          'be the API of this machine, with this nova.conf or flag file; repeatable',
        ).argParser(oneMore),
        'flagfile',
      ),
    )
    .option('--json', 'print the answer as JSON')
    .option('--yaml', 'print the answer as YAML')
    .option('-y, --yes', 'do not ask before something is lost')
    .option('--quiet', 'say nothing of what was done')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => context.print(text.trimEnd()),
      writeErr: (text) => context.complain(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /, 'novanet: ')),
    })
    .showHelpAfterError('(--help shows how)')
    .addHelpText('after', more)
    .helpCommand(false)
    .exitOverride();
  addCommands(program, makeTools(program));
  return program;
}

/** Made by createCommand, sub-commands inherit the settings above. */
function addCommands(program: Command, tools: CommandTools): void {
  const category = (name: string, about: string) =>
    program.command(name).description(about).helpCommand(false);
  networkCommands(category('network', 'create, list, change and delete networks'), tools);
  fixedIpCommands(category('fixed', 'list and reserve fixed IPs'), tools);
  floatingIpCommands(category('floating', 'add, list and delete floating IPs and their pools'), tools);
  projectCommands(category('project', 'quotas, and what is left of a project').alias('account'), tools);
  quotaCommand(program.command('quota'), 'novanet quota', tools);
  serviceCommands(category('service', 'see which workers are alive, and disable them'), tools);
  hostCommands(category('host', 'list hosts, and take them out of the cloud'), tools);
  vpnCommands(category('vpn', "see where projects' VPNs are reached"), tools);
  doctorCommand(program.command('doctor'), tools);
  dbCommands(category('db', 'the database and its migrations'), tools);
  configCommands(category('config', 'check a configuration'), tools);
  importCommands(category('import', 'take over another database'), tools);
  completionCommands(program, tools);
  const version = program
    .command('version', { hidden: true })
    .description('print the version')
    .argument('[list]');
  withExamples(version, 'novanet version').action(() =>
    tools.answer({ version: program.version() }, program.version() ?? ''),
  );
}

/** Of an option that may be repeated. */
function oneMore(value: string, former: readonly string[] | undefined): readonly string[] {
  return [...(former ?? []), value];
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return String(version);
}
