import { SpawnCommandRunner } from '@novanet/linux-net';
import { createLogger } from '@novanet/observability';
import { describeSchema, openDatabase } from '@novanet/persistence';
import { createScratchDatabase } from '@novanet/testbed';
import { expect, inject, onTestFinished, test } from 'vitest';
import { runDoctor } from './doctor-command.js';

/** What the command says of a host that need not be looked at, and its exit code. */
async function doctor(databaseUrl: string): Promise<readonly [exitCode: number, words: string]> {
  const words: string[] = [];
  const env = {
    NOVANET_DATABASE_CONNECTION: databaseUrl,
    NOVANET_HOST: 'h1',
    NOVANET_MY_IP: '192.0.2.10',
    NOVANET_FAKE_NETWORK: 'true',
  };
  const terminal = { say: (text: string) => words.push(text), complain: (text: string) => words.push(text) };
  const means = { runner: new SpawnCommandRunner(), log: createLogger('test', 'fatal') };
  return [await runDoctor({ argv: [], env }, terminal, means), words.join('\n')];
}

test('the doctor brings no database up to date, and says that somebody has to', async () => {
  const scratch = await createScratchDatabase(inject('databaseUrl'));
  onTestFinished(() => scratch.drop());
  const [exitCode, words] = await doctor(scratch.url);
  expect([exitCode, words]).toEqual([1, expect.stringContaining('novanet db migrate')]);
  expect((await describeSchema(scratch.url)).present).toEqual([]);
  await (await openDatabase({ url: scratch.url, poolSize: 1 })).close();
  expect(await doctor(scratch.url)).toEqual([0, '']);
});
