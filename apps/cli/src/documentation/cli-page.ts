import type { Command, Option } from 'commander';
import { examplesOf, pathOf, withDescendants } from '../grammar/command-facts.js';

/** docs/cli.md: every command as it is declared. */
export function renderCliPage(program: Command): string {
  const commands = withDescendants(program).filter((command) => command.commands.length === 0);
  const everywhere = program.options.filter((option) => option.long !== '--version');
  return [intro, optionTable(everywhere), ...commands.map(renderCommand)].join('\n');
}

const intro = `# The command \`novanet\`

Written from the declarations of the commands; do not edit.

Does what nova-manage did with networks, addresses, projects, services and hosts, under the same names. Names of commands
and options may be shortened as long as they mean one thing, and options written with underscores: \`novanet fix list\`,
\`--fixed_range_v4=10.0.0.0/24\`. It asks the network API:

- that of \`--api-url\`, in the name of the token in \`NOVANET_TOKEN\` ([authentication.md](authentication.md));
- with \`--config-file\` (or \`--flagfile\`) none that listens: the same code runs for this one command, with this nova.conf or
  flag file. Who may read that needs no token. The broker and the database have to be reachable;
- that of \`NOVANET_API_URL\`; without it and without \`NOVANET_TOKEN\` the second way, where /etc/novanet/novanet.conf can be
  read; else http://127.0.0.1:8774.

What would be lost is asked for on a terminal. Elsewhere \`--yes\` or \`NOVANET_YES=1\` is needed: nova-manage never asked.

Exit codes: 0 done, 1 refused, 2 wrong usage, 3 API, worker or database unreachable. A refusal is a sentence on standard
error. \`novanet completion bash\` (zsh, fish) prints a completion script.

## Options of every command
`;

function renderCommand(command: Command): string {
  const words = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '…' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  const names = command.aliases().length > 0 ? ` (also ${command.aliases().join(', ')})` : '';
  const about = command.description();
  const sections = [
    `## ${pathOf(command)}${words.length > 0 ? ` \`${words.join(' ')}\`` : ''}\n`,
    `${about.charAt(0).toUpperCase()}${about.slice(1)}${names}.\n`,
    `${examplesOf(command)
      .map((line) => `    ${line}`)
      .join('\n')}\n`,
  ];
  const options = command.options.filter((option) => !option.hidden);
  return [...sections, ...(options.length > 0 ? [optionTable(options)] : [])].join('\n');
}

function optionTable(options: readonly Option[]): string {
  const lines = options.map(({ flags, description }) => `- \`${flags}\`: ${description}`);
  return `${lines.join('\n')}\n`;
}
