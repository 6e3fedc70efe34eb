/** What a service was told on its command line. */
export interface CommandLine {
  /** In the order given: later files win. */
  readonly files: readonly string[];
  readonly asksFor: 'help' | 'version' | undefined;
  /** One sentence each. */
  readonly problems: readonly string[];
}

/** Words that one program understands besides, each with what it does: `--force`. */
export type Switches = Readonly<Record<`--${string}`, string>>;

/** Words that, standing first, make one program do something else, each with what it does: `drain`. */
export type Commands = Readonly<Record<string, string>>;

/**
 * Reads `--config-file FILE` (repeatable), `--help`, `--version`, and passes over the switches. `argv` is without program
 * and script.
 */
export function readCommandLine(argv: readonly string[], switches: Switches = {}): CommandLine {
  const files: string[] = [];
  const problems: string[] = [];
  let asksFor: CommandLine['asksFor'];
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, attached] = /^--config-file=(.+)$/.exec(word) ?? [];
    const file = word === '--config-file' ? rest.shift() : attached;
    if (file !== undefined) files.push(file);
    else if (word === '--help' || word === '-h') asksFor = 'help';
    else if (word === '--version') asksFor = 'version';
    else if (Object.hasOwn(switches, word)) continue;
    else if (word.startsWith('--config-file')) problems.push(`${word} needs the path of a file after it`);
    else problems.push(`"${word}" is not understood; try --help`);
  }
  return { files, asksFor, problems };
}
