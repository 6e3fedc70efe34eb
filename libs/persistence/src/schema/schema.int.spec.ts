import { expect, onTestFinished, test } from 'vitest';
import { dataSourceOf } from '../database/data-source.js';
import { parseDatabaseUrl } from '../database/database-url.js';
import { scratchSchema } from '../testing/scratch-ipam.js';

async function migratedDataSource() {
  const url = await scratchSchema();
  const dataSource = dataSourceOf(parseDatabaseUrl(url), 2);
  await dataSource.initialize();
  onTestFinished(() => dataSource.destroy());
  await dataSource.runMigrations({ transaction: 'none' });
  return dataSource;
}

test('the entities say what the migrations made', async () => {
  const dataSource = await migratedDataSource();
  const drift = await dataSource.driver.createSchemaBuilder().log();
  expect(drift.upQueries.map(({ query }) => query)).toEqual([]);
});

test('a migration can be repeated, and undone', async () => {
  const dataSource = await migratedDataSource();
  await dataSource.query('DELETE FROM schema_migrations');
  await dataSource.runMigrations({ transaction: 'none' });
  for (const _ of dataSource.migrations) await dataSource.undoLastMigration({ transaction: 'none' });
  const tables = await dataSource.query<{ table_name: string }[]>(
    'SELECT table_name AS table_name FROM information_schema.tables WHERE table_schema = DATABASE()',
  );
  expect(tables.map(({ table_name }) => table_name)).toEqual(['schema_migrations']);
});
