import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createScratchDatabase, fillNova, NovaTestDatabase } from '@novanet/testbed';
import { beforeEach, expect, inject, it, onTestFinished } from 'vitest';
import { runCli } from '../run-cli.js';

let nova: NovaTestDatabase;
let to: string;
beforeEach(async () => {
  nova = await NovaTestDatabase.create(inject('databaseUrl'));
  onTestFinished(() => nova.drop());
  await fillNova(nova);
  const scratch = await createScratchDatabase(inject('databaseUrl'));
  onTestFinished(() => scratch.drop());
  to = scratch.url;
});

async function novanet(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const out: string[] = [];
  const complaints: string[] = [];
  const exitCode = await runCli(['import', 'nova', ...args], {
    env,
    print: (line) => out.push(line),
    complain: (line) => complaints.push(line),
  });
  return { exitCode, out: out.join('\n'), complaints: complaints.join('\n') };
}

/** The row of the table that begins with the word. */
const rowOf = (out: string, kind: string) => out.split('\n').find((line) => line.startsWith(`${kind} `));

it('says what it would do, does it, and finds it done', async () => {
  const words = ['--from', nova.url, '--to', to];
  const dry = await novanet([...words, '--dry-run']);
  expect(dry).toMatchObject({ exitCode: 0, complaints: '' });
  expect(dry.out).toMatch(/^kind +read +to import +already there +problems\n/);
  expect(rowOf(dry.out, 'networks')).toMatch(/^networks +3 +3 +0 +0$/);
  expect(dry.out).toMatch(/\nThis was a dry run: nothing was written\.$/);
  const done = await novanet(words);
  expect(done).toMatchObject({ exitCode: 0, complaints: '' });
  expect(rowOf(done.out, 'instances')).toMatch(/^instances +4 +4 +0 +0$/);
  expect(done.out).toMatch(/\nImported\.$/);
  expect(rowOf((await novanet(words)).out, 'networks')).toMatch(/^networks +3 +0 +3 +0$/);
});

it('reads where the databases are from environment and configuration', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'novanet-import-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'novanet.conf');
  await writeFile(file, `[DEFAULT]\nmy_ip = 192.0.2.11\n[database]\nconnection = ${to}\n`);
  const env = { NOVANET_IMPORT_FROM: nova.url };
  const { exitCode, out } = await novanet(['--config-file', file, '--json'], env);
  expect(exitCode).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    outcome: 'imported',
    counts: { networks: { read: 3, imported: 3, alreadyThere: 0, problems: 0 } },
    problems: [],
  });
});

it('refuses what would cost an instance its address, and names the row', async () => {
  await nova.run("UPDATE virtual_interfaces SET address = 'nonsense' WHERE id = 31");
  const words = ['--from', nova.url, '--to', to];
  const { exitCode, out, complaints } = await novanet(words);
  expect(exitCode).toBe(1);
  expect(out).toMatch(/^virtual_interfaces +31 +no +"nonsense" is not a MAC address$/m);
  expect(out).toMatch(/^fixed_ips +\d+ +yes +10\.0\.0\.10 of instance .* has no virtual interface/m);
  expect(complaints).toBe(
    'novanet: nothing was imported: 2 of the problems cost instances their addresses; mend them in nova, or add --skip-problems.',
  );
  expect(await novanet([...words, '--skip-problems'])).toMatchObject({ exitCode: 0, complaints: '' });
});

it.each([
  { name: 'no source', args: ['--to', 'mysql://n@127.0.0.1/n'], exitCode: 2, said: 'NOVANET_IMPORT_FROM' },
  {
    name: 'a source that is no URL',
    args: ['--from', 'nova:secret@db', '--to', 'mysql://n@127.0.0.1/n'],
    exitCode: 2,
    said: 'write it as mysql://USER:PASSWORD@HOST:3306/SCHEMA',
  },
  {
    name: 'a source that does not answer',
    args: ['--from', 'mysql://nova:secret@127.0.0.1:1/nova'],
    exitCode: 1,
    said: "nova's database cannot be read",
  },
  {
    name: 'a configuration that is not there',
    args: ['--from', 'mysql://nova:secret@127.0.0.1:1/nova', '--config-file', '/nowhere.conf'],
    exitCode: 2,
    said: '/nowhere.conf does not exist',
  },
])('refuses $name, and shows no password', async ({ args, exitCode, said }) => {
  const isAnyTarget = args.includes('--to') || args.includes('--config-file');
  const outcome = await novanet([...args, ...(isAnyTarget ? [] : ['--to', to])]);
  expect(outcome).toMatchObject({ exitCode, out: '' });
  expect(outcome.complaints).toContain(said);
  expect(outcome.complaints).not.toContain('secret');
});
