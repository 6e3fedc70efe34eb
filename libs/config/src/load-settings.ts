import { dirname, resolve } from 'node:path';
import type { Assignment, Reading } from './assignment.js';
import { readCommandLine, type CommandLine, type Commands, type Switches } from './command-line.js';
import { renderHelp } from './describe-options.js';
import { ConfigurationError, InformationRequested } from './errors.js';
import { isFlagFile, readFlagFile } from './flag-file.js';
import { lostEncryption } from './foreign-broker-options.js';
import { isOptionName, remarksOn, remarkOnVariable } from './foreign-names.js';
import { readIniFile } from './ini-file.js';
import { thisMachine, type Machine } from './machine.js';
import { environmentNameOf, type AnyOption } from './option.js';
import { OPTIONS, type Settings } from './options.js';
import { OptionReader } from './option-reader.js';

/** Read when the command line names no file, if it exists. */
const DEFAULT_FILE = '/etc/novanet/novanet.conf';

/** Where the configuration comes from. */
export interface ConfigurationSources {
  /** Arguments without program and script: `process.argv.slice(2)`. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What else may stand in argv, for the caller to look for. */
  readonly switches?: Switches;
  /** What the program does instead of serving, for --help to tell of. */
  readonly commands?: Commands;
  /** Told of what probably is a mistake but stops nothing, a sentence at a time. Default: standard error. */
  readonly warn?: (sentence: string) => void;
  readonly machine?: Machine;
}

/**
 * Reads files and environment and checks everything.
 * Throws ConfigurationError with all problems at once, InformationRequested on --help and --version.
 */
export function loadSettings(sources: ConfigurationSources): Settings {
  const {
    argv,
    env,
    switches,
    commands,
    warn = (sentence) => console.warn(`warning: ${sentence}`),
    machine = thisMachine,
  } = sources;
  const commandLine = readCommandLine(argv, switches);
  if (commandLine.asksFor === 'help') throw new InformationRequested(renderHelp(switches, commands));
  if (commandLine.asksFor === 'version') throw new InformationRequested(`novanet ${machine.version()}`);

  const files = readFiles(commandLine, machine);
  const fileAssignments = files.flatMap((file) => file.assignments);
  for (const remark of remarksOn(fileAssignments)) warn(remark);
  for (const remark of Object.keys(env).map(remarkOnVariable)) {
    if (remark !== undefined) warn(remark);
  }
  const assignments = [...files.map((file) => file.assignments), fromEnvironment(env)];
  const { values, problems } = readValues(new OptionReader(Object.values(OPTIONS), assignments, machine));
  const all = [...commandLine.problems, ...files.flatMap((file) => file.problems), ...problems];
  if (all.length > 0 || !isComplete(values)) throw new ConfigurationError(all);
  const lost = lostEncryption(fileAssignments, values.transportUrl);
  if (lost.length > 0) throw new ConfigurationError(lost);
  return values;
}

/** What there is to say of a configuration that nobody has to load. */
export interface ConfigurationReport {
  /** Nothing starts with these: one sentence each. */
  readonly problems: readonly string[];
  /** What probably is a mistake but stops nothing. */
  readonly remarks: readonly string[];
  /** How many options have another value than their default, or are written down with it. */
  readonly optionsSet: number;
}

/** Checks everything that a service would check at its start. */
export function checkConfiguration(sources: ConfigurationSources): ConfigurationReport {
  const { argv, env, machine = thisMachine } = sources;
  const files = readFiles(readCommandLine(argv), machine).map((file) => file.assignments);
  const rows: readonly AnyOption[] = Object.values(OPTIONS);
  const reader = new OptionReader(rows, [...files, fromEnvironment(env)], machine);
  const optionsSet = rows.filter((row) => reader.placeOf(row) !== undefined).length;
  const remarks: string[] = [];
  try {
    loadSettings({ ...sources, warn: (sentence) => remarks.push(sentence) });
    return { problems: [], remarks, optionsSet };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { problems: error.problems, remarks, optionsSet };
  }
}

/** Where the files lie that `loadSettings` reads, the one that counts most first. */
export function configurationFolders(argv: ConfigurationSources['argv']): readonly string[] {
  const { files } = readCommandLine(argv);
  const folders = (files.length > 0 ? files : [DEFAULT_FILE]).map((file) => dirname(resolve(file)));
  return [...new Set(folders.toReversed())];
}

function readFiles(commandLine: CommandLine, machine: Machine): readonly Reading[] {
  if (commandLine.files.length > 0) return commandLine.files.map((path) => readFile(path, machine));
  const content = machine.readFile(DEFAULT_FILE);
  return content === undefined ? [] : [readFile(DEFAULT_FILE, machine)];
}

function readFile(path: string, machine: Machine): Reading {
  let content: string | undefined;
  try {
    content = machine.readFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { assignments: [], problems: [`the configuration file ${path} cannot be read: ${reason}`] };
  }
  if (content === undefined)
    return { assignments: [], problems: [`the configuration file ${path} does not exist`] };
  if (isFlagFile(content)) return readFlagFile(path, content, (name) => isOptionName('DEFAULT', name));
  return readIniFile(path, content);
}

function fromEnvironment(env: ConfigurationSources['env']): readonly Assignment[] {
  return Object.entries(OPTIONS).flatMap(([key, { group, name }]) => {
    const variable = environmentNameOf(key);
    const value = env[variable];
    return value === undefined
      ? []
      : [{ group, name, value: value.trim(), place: `environment variable ${variable}` }];
  });
}

function readValues(reader: OptionReader) {
  const values: Partial<Record<string, unknown>> = {};
  const problems: { readonly sentence: string; readonly isDefault: boolean }[] = [];
  for (const [key, row] of Object.entries<AnyOption>(OPTIONS)) {
    try {
      values[key] = reader.read(row);
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error);
      problems.push({ sentence, isDefault: reader.placeOf(row) === undefined });
    }
  }
  // A default that fails mostly refers to an option that fails as well: one mistake, one sentence.
  const own = problems.filter((problem) => !problem.isDefault);
  return { values, problems: (own.length > 0 ? own : problems).map((problem) => problem.sentence) };
}

/** The reader of each option gave its field the type that Settings says. */
function isComplete(values: Partial<Record<string, unknown>>): values is Settings {
  return Object.keys(OPTIONS).every((key) => key in values);
}
