import type { Machine } from './machine.js';

/** How the text of an option becomes a value. */
export interface OptionType<T> {
  /** What is expected, in an operator's words: "port number". Stands in the documentation and in complaints. */
  readonly name: string;
  /** Every occurrence counts, not only the last: oslo.config's MultiStrOpt. */
  readonly isRepeatable: boolean;
  /** Whether a text that was written down stands for the default, as an empty one mostly does. */
  readonly meansDefault: (text: string) => boolean;
  /** Throws an Error whose message reads `"text" is not a …`. */
  read(text: string): T;
}

/** A default that depends on the machine; `shown` is its description for people. */
export interface ComputedDefault {
  readonly shown: string;
  readonly of: (machine: Machine) => string;
}

/** One row of the table of options. */
export interface Option<T> {
  /** "DEFAULT" or the group in whose section the option stands. */
  readonly group: string;
  /** nova's name, snake_case. */
  readonly name: string;
  readonly type: OptionType<T>;
  /** Text as it would stand in a file; may refer to other options: `$state_path/networks`. */
  readonly default: string | ComputedDefault;
  readonly help: string;
  /** Other names that set this option, `[group]` before those outside of [DEFAULT], each with the translation of its text. */
  readonly olderNames: Readonly<Record<string, (text: string) => string>>;
}

/**
 * Makes one row. A name such as `[database] connection` stands in its own section.
 * @param help one or two sentences for an operator
 */
export function option<T>(
  name: string,
  type: OptionType<T>,
  defaultValue: string | ComputedDefault,
  help: string,
  olderNames: Option<T>['olderNames'] = {},
): Option<T> {
  const [, group = 'DEFAULT', bare = name] = /^\[(\w+)\] (\w+)$/.exec(name) ?? [];
  return { group, name: bare, type, default: defaultValue, help, olderNames };
}

/** Older names that take the same text. */
export function formerly(...names: readonly string[]): Option<unknown>['olderNames'] {
  return Object.fromEntries(names.map((name) => [name, (text: string) => text]));
}

/** How to translate the text that stands under an older name; undefined when the title is none of the row's. */
export function translationOf(row: AnyOption, title: string): ((text: string) => string) | undefined {
  return Object.hasOwn(row.olderNames, title) ? row.olderNames[title] : undefined;
}

/** As people write it: `flat_interface`, `[database] connection`. */
export function titleOf(row: { readonly group: string; readonly name: string }): string {
  return row.group === 'DEFAULT' ? row.name : `[${row.group}] ${row.name}`;
}

/** Type parameter erased: a row whose value nobody looks at. */
export type AnyOption = Option<unknown>;

/** `myIp` is set by `NOVANET_MY_IP`, `databaseConnection` by `NOVANET_DATABASE_CONNECTION`. */
export function environmentNameOf(key: string): string {
  return `NOVANET_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
