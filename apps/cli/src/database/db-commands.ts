import type { Command } from 'commander';
import { CliFailure } from '../cli-failure.error.js';
import type { CommandTools } from '../command-tools.js';
import { configurationArguments } from '../configuration/configuration-arguments.js';
import { withExamples } from '../grammar/command-facts.js';
import { renderTable } from '../terminal/table.js';

/** So long the database may be away. */
const PATIENCE_MS = 30_000;

/** Adds everything below `novanet db`. */
export function dbCommands(db: Command, tools: CommandTools): void {
  const check = db
    .command('check')
    .description(
      'show which migrations the database has seen, and which it has not; exit 1 when some are missing',
    );
  withExamples(check, 'novanet db check', 'novanet --config-file /etc/nova/nova.conf db check');
  check.action(async () => {
    const { describeSchema } = await import('@novanet/persistence');
    const state = await refusedAs(describeSchema(await connectionOf(tools)));
    const { present, pending, unknown } = state;
    tools.answer(
      state,
      renderTable(
        ['migration', 'state'],
        [
          ...present.map((name) => [name, 'present']),
          ...unknown.map((name) => [name, 'of a later release']),
          ...pending.map((name) => [name, 'pending']),
        ],
      ),
    );
    if (pending.length > 0) {
      throw new CliFailure(
        'refused',
        `${pending.length} pending: novanet db migrate carries them out, as each service does at its start.`,
      );
    }
  });

  const migrate = db
    .command('migrate')
    .description('bring the database up to date; makes it where it is missing and may be made')
    .alias('sync');
  withExamples(migrate, 'novanet db migrate', 'novanet --config-file /etc/nova/nova.conf db migrate');
  migrate.action(async () => {
    const url = await connectionOf(tools);
    const applied = await refusedAs(migrateSchema(url, tools));
    tools.report(
      { applied },
      applied.length > 0
        ? `The database is up to date: ${applied.join(', ')}.`
        : 'The database was up to date.',
    );
  });
}

/** Answers what was missing. */
async function migrateSchema(url: string, tools: CommandTools): Promise<readonly string[]> {
  const { describeSchema, openDatabase } = await import('@novanet/persistence');
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: (_fields: object, message: string) => tools.warn(`${message} …`),
  };
  const before = await describeSchema(url);
  for (const name of before.pending) tools.warn(`pending: ${name}`);
  const database = await openDatabase({ url, poolSize: 1, log, signal: AbortSignal.timeout(PATIENCE_MS) });
  await database.close();
  return before.pending;
}

/** `[database] connection`. Throws CliFailure. */
async function connectionOf(tools: CommandTools): Promise<string> {
  const { ConfigurationError, loadSettings } = await import('@novanet/config');
  try {
    const argv = configurationArguments(tools);
    return loadSettings({ argv, env: tools.env, warn: () => undefined }).databaseConnection;
  } catch (error) {
    if (error instanceof ConfigurationError) throw new CliFailure('refused', error.problems.join('\n'));
    throw error;
  }
}

/** Whatever a database says is told, not thrown. */
async function refusedAs<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliFailure('unreachable', `${reason}: see [database] connection, and --config-file.`);
  }
}
