import { parseDatabaseUrl } from '../database/database-url.js';
import { openDatabase } from '../database/open-database.js';
import { NovaDatabase } from './nova-database.js';
import { readNova } from './read-nova.js';
import { ImportTargetUnfit } from './errors.js';
import type { ImportReport } from './import-report.js';
import { NOTHING, knownRows } from './known-rows.js';
import type { NovaRecords } from './nova-records.js';
import { inspectTarget, peek } from './import-target.js';
import { translate } from './translate.js';
import { writePlan } from './write-plan.js';

export interface NovaImportOptions {
  /** nova's database, as in nova.conf. */
  readonly from: string;
  /** Ours; its schema is made, or brought up to date. */
  readonly to: string;
  /** Only says what would be done: nothing is written, not even the schema. */
  readonly isDryRun?: boolean;
  /** Imports the rest when instances would lose addresses. */
  readonly skipsProblems?: boolean;
  /** Is told how many rows of which table were read or written so far. */
  readonly onProgress?: (step: ImportStep, table: string, rows: number) => void;
}

export type ImportStep = 'read' | 'write';

export interface NovaImport extends ImportReport {
  /** Refused: instances would lose addresses. Dry: as it was asked. Neither wrote anything. */
  readonly outcome: 'imported' | 'dry' | 'refused';
}

/**
 * Makes of a nova database a working one of ours: all of it or, when something fails, nothing. Repeatable: what is here
 * already stays as it is. Throws InvalidDatabaseUrl, NovaUnreadable, ImportTargetUnfit, DatabaseUnavailable.
 */
export async function importNova(options: NovaImportOptions): Promise<NovaImport> {
  const { from, to, isDryRun = false, onProgress = () => {} } = options;
  const [source, target] = [parseDatabaseUrl(from), parseDatabaseUrl(to)];
  if (source.schema === target.schema && source.host === target.host && source.port === target.port) {
    throw new ImportTargetUnfit(`nova's database and the one to import to are the same: ${target.schema}`);
  }
  const state = await inspectTarget(target);
  const records = await read(from, (table, rows) => onProgress('read', table, rows));
  if (isDryRun) {
    const known = state === 'empty' ? NOTHING : await peek(target, knownRows);
    return { ...translate(records, known).report, outcome: 'dry' };
  }
  return write(options, records, (table, rows) => onProgress('write', table, rows));
}

async function read(url: string, onRead: (table: string, rows: number) => void): Promise<NovaRecords> {
  const nova = await NovaDatabase.open(url, onRead);
  try {
    return await readNova(nova);
  } finally {
    nova.close();
  }
}

async function write(
  { to, skipsProblems = false }: NovaImportOptions,
  records: NovaRecords,
  onWritten: (table: string, rows: number) => void,
): Promise<NovaImport> {
  const database = await openDatabase({ url: to, poolSize: 1 });
  try {
    return await database.transaction(async (manager) => {
      // nobody makes networks meanwhile
      await manager.query("SELECT name FROM mutexes WHERE name = 'create-networks' FOR UPDATE");
      const { plan, report } = translate(records, await knownRows(manager));
      if (!skipsProblems && report.problems.some(({ losesAddress }) => losesAddress)) {
        return { ...report, outcome: 'refused' };
      }
      await writePlan(manager, plan, onWritten);
      return { ...report, outcome: 'imported' };
    });
  } finally {
    await database.close();
  }
}
