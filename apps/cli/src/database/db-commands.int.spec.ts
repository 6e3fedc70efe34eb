import { createScratchDatabase } from '@novanet/testbed';
import { expect, inject, it, onTestFinished } from 'vitest';
import { runCli } from '../run-cli.js';

async function novanet(url: string, line: string) {
  const [out, complaints]: [string[], string[]] = [[], []];
  const exitCode = await runCli(line.split(' '), {
    env: { NOVANET_DATABASE_CONNECTION: url },
    print: (text) => out.push(text),
    complain: (text) => complaints.push(text),
  });
  return { exitCode, out: out.join('\n'), complaints };
}

it('shows what is missing, carries it out, and has nothing to do then', async () => {
  const schema = await createScratchDatabase(inject('databaseUrl'));
  onTestFinished(() => schema.drop());

  const missing = await novanet(schema.url, 'db check');
  expect(missing.exitCode).toBe(1);
  expect(missing.out).toMatch(/^migration +state\nInitialSchema\d+ +pending\n/);
  expect(missing.complaints[0]).toMatch(/^novanet: \d+ pending: novanet db migrate carries them out/);

  const migrated = await novanet(schema.url, 'db migrate');
  expect(migrated.exitCode).toBe(0);
  expect(migrated.complaints[0]).toMatch(/^novanet: pending: InitialSchema/);
  expect(migrated.out).toMatch(/^The database is up to date: InitialSchema\d+, /);

  expect(await novanet(schema.url, 'db sync')).toEqual({
    exitCode: 0,
    out: 'The database was up to date.',
    complaints: [],
  });
  const { exitCode, out } = await novanet(schema.url, 'db check --json');
  expect([exitCode, JSON.parse(out).pending]).toEqual([0, []]);
});

it('ends with 3 where no database answers, and with 1 where none is named rightly', async () => {
  const away = await novanet('mysql://novanet@127.0.0.1:1/novanet', 'db check');
  expect(away).toMatchObject({ exitCode: 3, complaints: [expect.stringContaining('ECONNREFUSED')] });
  const wrong = await novanet('sqlite:///nova.db', 'db migrate');
  expect(wrong).toMatchObject({
    exitCode: 1,
    complaints: [expect.stringContaining('[database] connection')],
  });
});
