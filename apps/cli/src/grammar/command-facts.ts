import type { Command, Option } from 'commander';

/** What commander does not keep of a command. */
const examples = new WeakMap<Command, readonly string[]>();
const otherNames = new WeakMap<Option, readonly string[]>();

/** Shows command lines at the end of the command's --help, and in docs/cli.md. */
export function withExamples(command: Command, ...lines: readonly string[]): Command {
  examples.set(command, lines);
  return command.addHelpText('after', ['', 'Examples:', ...lines.map((line) => `  ${line}`)].join('\n'));
}

export function examplesOf(command: Command): readonly string[] {
  return examples.get(command) ?? [];
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

/** "novanet network list" */
export function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}

/** The commands below this one that its --help lists, without commander's own. */
export function visibleCommands(command: Command): readonly Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((each) => each.name() !== 'help');
}

/** The command and everything below it that is listed, in the order of --help. */
export function withDescendants(command: Command): readonly Command[] {
  return [command, ...visibleCommands(command).flatMap(withDescendants)];
}
