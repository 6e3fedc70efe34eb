import { ConfigurationError, loadSettings } from '@novanet/config';
import { importNova, InvalidDatabaseUrl, type NovaImport } from '@novanet/persistence';
import { CliFailure } from '../cli-failure.error.js';
import { renderTable } from '../terminal/table.js';
import type { ImportWords } from './import-command.js';
import type { ProgressLine } from './progress-line.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** What an import answers, as data and as text, and why it did nothing, if so. */
export interface ImportAnswer {
  readonly data: unknown;
  readonly text: string;
  readonly refusal: string | undefined;
}

/** Throws CliFailure. */
export async function runImport(
  words: ImportWords & { readonly from: string; readonly configuration: readonly string[] },
  env: Environment,
  progress: Pick<ProgressLine, 'show'>,
): Promise<ImportAnswer> {
  const to = words.to ?? configured(words.configuration, env);
  const { dryRun = false, skipProblems = false } = words;
  try {
    const done = await importNova({
      from: words.from,
      to,
      isDryRun: dryRun,
      skipsProblems: skipProblems,
      onProgress: (step, table, rows) => progress.show(`${step} ${table}: ${rows.toLocaleString('en')}`),
    });
    return { data: done, text: textOf(done), refusal: refusalOf(done) };
  } catch (error) {
    throw failureOf(error);
  }
}

function configured(argv: readonly string[], env: Environment): string {
  try {
    // the import reads nothing of the configuration but where the database is
    return loadSettings({ argv, env, warn: () => {} }).databaseConnection;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new CliFailure(
      'usage',
      `${error.problems.join('; ')}; --to names Novanet's database without configuration`,
    );
  }
}

/** Neither driver nor domain puts a password into a message. */
function failureOf(error: unknown): unknown {
  if (error instanceof InvalidDatabaseUrl) return new CliFailure('usage', error.message);
  return error instanceof Error ? new CliFailure('refused', error.message) : error;
}

function refusalOf({ outcome, problems }: NovaImport): string | undefined {
  if (outcome !== 'refused') return undefined;
  const lost = problems.filter(({ losesAddress }) => losesAddress).length;
  return `nothing was imported: ${lost} of the problems cost instances their addresses; mend them in nova, or add --skip-problems.`;
}

const CONCLUSIONS = {
  imported: 'Imported.',
  dry: 'This was a dry run: nothing was written.',
  refused: 'Nothing was written.',
};

function textOf({ counts, problems, remarks, outcome }: NovaImport): string {
  const done = outcome === 'imported' ? 'imported' : 'to import';
  const rows = Object.entries(counts).map(([kind, { read, imported, alreadyThere, problems: wrong }]) => [
    kind,
    read,
    imported,
    alreadyThere,
    wrong,
  ]);
  const parts = [renderTable(['kind', 'read', done, 'already there', 'problems'], rows)];
  if (problems.length > 0) {
    const list = problems.map(({ table, row, reason, losesAddress }) => [
      table,
      row,
      losesAddress ? 'yes' : 'no',
      reason,
    ]);
    parts.push(renderTable(['table of nova', 'row', 'address lost', 'problem'], list));
  }
  parts.push([...remarks, CONCLUSIONS[outcome]].join('\n'));
  return parts.join('\n\n');
}
