import { Option, type Command } from 'commander';
import { alsoCalled } from '../grammar/command-facts.js';
import type { ReadValue } from './option-values.js';

/** An option whose value becomes a field of a request. */
export interface FieldOption {
  /** As commander declares it. */
  readonly flags: string;
  readonly about: string;
  /** The field, by nova's name. */
  readonly field: string;
  readonly read: ReadValue;
  /** Other names of the option. */
  readonly also?: readonly string[];
}

/** Texts by the names of their fields. */
export type Given = ReadonlyMap<string, string>;

export function addFieldOptions(command: Command, rows: readonly FieldOption[]): void {
  for (const { flags, about, also = [] } of rows) {
    command.addOption(alsoCalled(new Option(flags, about), ...also));
  }
}

/** What the options of a command line say. */
export function givenBy(command: Command, rows: readonly FieldOption[]): Given {
  const values = command.opts<Readonly<Record<string, unknown>>>();
  return new Map(
    rows.flatMap(({ flags, field }) => {
      const value = values[new Option(flags).attributeName()];
      return typeof value === 'string' ? [[field, value] as const] : [];
    }),
  );
}

/** The fields, each read; those that were not given are left out. Throws CliFailure. */
export function readFields(
  given: Given,
  rows: readonly FieldOption[],
): Readonly<Record<string, string | number | boolean>> {
  const read = rows.flatMap(({ field, read: readValue }) => {
    const text = given.get(field);
    return text === undefined ? [] : [[field, readValue(text, field)] as const];
  });
  return Object.fromEntries(read);
}
