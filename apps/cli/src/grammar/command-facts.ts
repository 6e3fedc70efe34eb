import type { Command, Option } from 'commander';

/** What commander does not keep of a command. */
const otherNames = new WeakMap<Option, readonly string[]>();

/** Shows command lines at the end of the command's --help, and in docs/cli.md. */
export function withExamples(command: Command, ...lines: readonly string[]): Command {
  return command.addHelpText('after', ['', 'Examples:', ...lines.map((line) => `  ${line}`)].join('\n'));
}

/** Other names of an option, without dashes: what nova called it, or this program before. */
export function alsoCalled(option: Option, ...names: readonly string[]): Option {
  otherNames.set(option, names);
  if (names.length > 0) option.description += ` (also ${names.map((name) => `--${name}`).join(', ')})`;
  return option;
}

/** Every name of the option, without dashes. */
export function namesOf(option: Option): readonly string[] {
  return [option.long?.replace(/^--/, '') ?? option.name(), ...(otherNames.get(option) ?? [])];
}
