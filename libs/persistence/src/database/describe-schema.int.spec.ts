import { DatabaseUnavailable } from '@novanet/ipam';
import { expect, test } from 'vitest';
import { scratchSchema } from '../testing/scratch-ipam.js';
import { dataSourceOf } from './data-source.js';
import { parseDatabaseUrl } from './database-url.js';
import { describeSchema } from './describe-schema.js';
import { openDatabase } from './open-database.js';

test('an empty schema has seen no migration, and is left so', async () => {
  const url = await scratchSchema();
  const { present, pending, unknown } = await describeSchema(url);
  expect([present, unknown]).toEqual([[], []]);
  expect(pending[0]).toMatch(/^InitialSchema/);
  expect((await describeSchema(url)).pending).toEqual(pending);
});

test('an opened database has seen all; those of a later release are told', async () => {
  const url = await scratchSchema();
  const { pending } = await describeSchema(url);
  await (await openDatabase({ url, poolSize: 1 })).close();
  expect(await describeSchema(url)).toEqual({ present: pending, pending: [], unknown: [] });

  const dataSource = await dataSourceOf(parseDatabaseUrl(url), 1).initialize();
  await dataSource.query("INSERT INTO schema_migrations (timestamp, name) VALUES (9, 'Later9')");
  await dataSource.query('DELETE FROM schema_migrations WHERE name = ?', [pending.at(-1)]);
  await dataSource.destroy();
  expect(await describeSchema(url)).toEqual({
    present: pending.slice(0, -1),
    pending: pending.slice(-1),
    unknown: ['Later9'],
  });
});

test('a server that is not there is not waited for', async () => {
  await expect(describeSchema('mysql://novanet@127.0.0.1:1/novanet')).rejects.toBeInstanceOf(
    DatabaseUnavailable,
  );
});
