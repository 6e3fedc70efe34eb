import type { Command, Option } from 'commander';
import { CliFailure } from '../cli-failure.error.js';
import { namesOf, pathOf, visibleCommands } from './command-facts.js';
import { listed, matchName } from './match-name.js';

/** Words that stand behind an option whose value may be left out. */
const YES_OR_NO = /^(t|true|y|yes|on|1|f|false|n|no|off|0)$/i;

/**
 * The command line as commander takes it: names in full and with dashes, each value in one word with its option. nova-manage
 * took names by their beginnings, and wrote options with underscores. Throws CliFailure.
 */
export function canonicalArguments(program: Command, args: readonly string[]): string[] {
  const reader = new ArgumentReader(program, args);
  return reader.read();
}

class ArgumentReader {
  private readonly rest: string[];
  private readonly words: string[] = [];
  private wantsHelp = false;

  constructor(
    private command: Command,
    args: readonly string[],
  ) {
    this.rest = [...args];
  }

  read(): string[] {
    for (let word = this.rest.shift(); word !== undefined; word = this.rest.shift()) {
      if (word === '--') {
        this.words.push(word, ...this.rest);
        break;
      }
      if (word.startsWith('--')) this.readOption(word);
      else if (this.command.commands.length > 0 && !word.startsWith('-')) this.readCommand(word);
      else this.words.push(word);
    }
    return this.wantsHelp ? [...this.words, '--help'] : this.words;
  }

  private readCommand(word: string): void {
    if (word === 'help') {
      this.wantsHelp = true;
      return;
    }
    const named = this.command.commands.flatMap((thing) =>
      [thing.name(), ...thing.aliases()].map((name) => ({ name, thing })),
    );
    const found = matchName(word, named);
    if (!found) {
      const visible = visibleCommands(this.command);
      const names = visible.map((each) => each.name());
      throw new CliFailure('usage', `${pathOf(this.command)} knows no "${word}", only ${listed(names)}.`);
    }
    this.words.push(found.name());
    this.command = found;
  }

  private readOption(word: string): void {
    const [, flag = '', value] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(word) ?? [];
    const name = flag.replaceAll('_', '-').toLowerCase();
    if (name === 'help') return void this.words.push('--help');
    const option = this.find(name);
    if (option) return this.pushOption(option, value);
    const denied = name.startsWith('no-') ? this.find(name.slice('no-'.length)) : undefined;
    if (denied?.optional && value === undefined) return void this.words.push(`${denied.long}=false`);
    throw new CliFailure('usage', this.describeUnknown(flag));
  }

  /** Of the command itself first: what is said everywhere does not make its names ambiguous. */
  private find(name: string): Option | undefined {
    for (let command: Command | null = this.command; command; command = command.parent) {
      const named = command.options.flatMap((thing) => namesOf(thing).map((each) => ({ name: each, thing })));
      const found = matchName(name, named);
      if (found) return found;
    }
    return undefined;
  }

  private pushOption(option: Option, given: string | undefined): void {
    const value = given ?? this.valueOf(option);
    this.words.push(value === undefined ? `${option.long}` : `${option.long}=${value}`);
  }

  private valueOf(option: Option): string | undefined {
    if (option.required) return this.rest.shift();
    if (!option.optional) return undefined;
    return YES_OR_NO.test(this.rest[0] ?? '') ? this.rest.shift() : 'true';
  }

  private describeUnknown(flag: string): string {
    const own = this.command.options.filter((option) => !option.hidden).map((option) => option.long ?? '');
    const known = own.length > 0 ? `, only ${listed(own)}` : '';
    return `${pathOf(this.command)} has no option --${flag}${known}.`;
  }
}
