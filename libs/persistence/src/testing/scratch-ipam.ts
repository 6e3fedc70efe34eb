import { createScratchDatabase, type ScratchDatabase } from '@novanet/testbed';
import { afterAll, inject, onTestFinished } from 'vitest';
import { createIpam, type Ipam } from '../create-ipam.js';
import type { Database } from '../database/database.js';
import { openDatabase, type DatabaseOptions } from '../database/open-database.js';

/** The schema of a test file, empty for each test, with as many independent processes on it as the test opens. */
export interface ScratchIpam extends Ipam {
  readonly url: string;
  readonly database: Database;
  /** Every statement that this one sent. */
  readonly statements: string[];
  /** Another process: its own pool. */
  readonly openAnother: (
    options?: Partial<DatabaseOptions>,
  ) => Promise<Ipam & { readonly database: Database }>;
  /** Every row of every table, to compare before and after. */
  readonly dump: () => Promise<Record<string, unknown[]>>;
}

/** The URL of an empty schema, dropped at the end of the running test. */
export async function scratchSchema(): Promise<string> {
  const schema = await createScratchDatabase(inject('databaseUrl'));
  onTestFinished(() => schema.drop());
  return schema.url;
}

/** Making tables is what costs: one schema for a file. */
let schemaOfFile: Promise<ScratchDatabase> | undefined;
afterAll(async () => (await schemaOfFile)?.drop());

/** Opened for the running test, closed at its end. */
export async function scratchIpam(options: Partial<DatabaseOptions> = {}): Promise<ScratchIpam> {
  schemaOfFile ??= createScratchDatabase(inject('databaseUrl'));
  const { url } = await schemaOfFile;
  const statements: string[] = [];
  const open = async (more: Partial<DatabaseOptions>) => {
    const database = await openDatabase({ url, poolSize: 8, ...more });
    onTestFinished(() => database.close());
    return { ...createIpam(database), database };
  };
  const first = await open({ onStatement: (sql) => statements.push(sql), ...options });
  await empty(first.database);
  statements.length = 0;
  return {
    ...first,
    url,
    statements,
    openAnother: (more = {}) => open(more),
    dump: () => dump(first.database),
  };
}

/** What refers to others goes first. */
const tables = [
  'floating_ips',
  'floating_ip_pools',
  'fixed_ips',
  'virtual_interfaces',
  'subnet_cursors',
  'subnets',
  'networks',
  'security_group_members',
  'security_group_rules',
  'security_groups',
  'security_group_default_rules',
  'provider_firewall_rules',
  'expected_instances',
  'instances',
  'quotas',
  'services',
  'processed_requests',
  'dns_entries',
  'dns_domains',
];

function empty(database: Database): Promise<void> {
  return database.transaction(async (manager) => {
    for (const table of tables) await manager.query(`DELETE FROM ${table}`);
  });
}

/** Without the cursors, which may move on for nothing, and the times of changes. */
async function dump(database: Database): Promise<Record<string, unknown[]>> {
  const compared = tables.filter((table) => table !== 'subnet_cursors');
  const entries = compared.map(async (table) => {
    const rows = await database.run((manager) =>
      manager.query<object[]>(`SELECT * FROM ${table} ORDER BY 1`),
    );
    return [table, rows] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
