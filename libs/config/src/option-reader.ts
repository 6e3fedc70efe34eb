import type { Assignment } from './assignment.js';
import type { Machine } from './machine.js';
import { titleOf, translationOf, type AnyOption } from './option.js';

/** The text an option was given, and where. */
interface Said {
  readonly text: string;
  readonly place: string;
}

/** Finds the value of each option in the assignments of all files and of the environment. */
export class OptionReader {
  /** @param sources one list of assignments for each file, then the environment's: later ones win */
  constructor(
    private readonly rows: readonly AnyOption[],
    private readonly sources: readonly (readonly Assignment[])[],
    private readonly machine: Machine,
  ) {}

  /** Throws an Error whose message is a sentence for the operator, `cause` what is wrong. */
  read(row: AnyOption): unknown {
    try {
      return row.type.read(this.textOf(row, []));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${titleOf(row)} in ${this.placeOf(row) ?? 'its default'}: ${reason}`, {
        cause: error,
      });
    }
  }

  /** Where the option was set; undefined when it has its default. */
  placeOf(row: AnyOption): string | undefined {
    return this.said(row)?.place;
  }

  /** @param path the options that led here by reference */
  private textOf(row: AnyOption, path: readonly AnyOption[]): string {
    if (path.includes(row)) throw new Error(`the reference $${row.name} leads back to itself`);
    const text = this.said(row)?.text ?? defaultText(row, this.machine);
    const reference = /\$\$|\\\$|\$\{([a-z_][\w.]*)\}|\$([a-z_]\w*)/g;
    return text.replace(reference, (match, braced?: string, bare?: string) => {
      const name = braced ?? bare;
      return name === undefined ? '$' : this.referenced(name, row, [...path, row], match);
    });
  }

  private said(row: AnyOption): Said | undefined {
    const found = this.sources.map((source) => occurrences(row, source)).filter((each) => each.length > 0);
    // nova: the values of a repeated option add up over all files.
    const counted = row.type.isRepeatable ? found.flat() : found.slice(-1).flatMap((each) => each.slice(-1));
    const last = counted.at(-1);
    if (!last) return undefined;
    const text = counted.map((each) => each.text).join(',');
    return row.type.meansDefault(text) ? undefined : { text, place: last.place };
  }

  /** Options are looked for in the group of the one that refers, then in [DEFAULT]; others' names count if they are set. */
  private referenced(name: string, from: AnyOption, path: readonly AnyOption[], match: string): string {
    const [group, bare = name] = name.includes('.') ? name.split('.') : [undefined, name];
    const groups = group === undefined ? [from.group, 'DEFAULT'] : [group];
    for (const each of groups) {
      const row = this.rows.find((one) => one.group === each && one.name === bare);
      if (row) return this.textOf(row, path);
    }
    const foreign = this.sources.flat().findLast((each) => each.name === bare && groups.includes(each.group));
    if (foreign) return foreign.value;
    throw new Error(`nothing sets ${match}; a dollar sign itself is written $$`);
  }
}

function occurrences(row: AnyOption, source: readonly Assignment[]): readonly Said[] {
  const current = source.filter((each) => each.group === row.group && each.name === row.name);
  if (current.length > 0) return current.map(({ value, place }) => ({ text: value, place }));
  return source.flatMap(({ group, name, value, place }) => {
    const translate = translationOf(row, titleOf({ group, name }));
    return translate ? [{ text: translate(value), place }] : [];
  });
}

function defaultText(row: AnyOption, machine: Machine): string {
  return typeof row.default === 'string' ? row.default : row.default.of(machine);
}
