import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@novanet/testbed';
import { afterEach, describe, expect, test } from 'vitest';
import { CommandFailed } from './command-runner.js';
import { SpawnCommandRunner } from './spawn-command-runner.js';

const left = join(tmpdir(), `novanet-left-${process.pid}`);
afterEach(() => rm(left, { force: true }));

describe('a command', () => {
  const runner = new SpawnCommandRunner();

  test('reads its input and gives back what it prints', async () => {
    expect(await runner.run({ argv: ['cat'], stdin: 'text' })).toEqual({
      exitCode: 0,
      stdout: 'text',
      stderr: '',
    });
  });

  test('gets its arguments as they stand: there is no shell', async () => {
    expect((await runner.run({ argv: ['echo', '$HOME; *', '`id`'] })).stdout).toBe('$HOME; * `id`\n');
  });

  test('that fails is named with its exit code and message', async () => {
    const failure = await runner
      .run({ argv: ['sh', '-c', 'echo no >&2; exit 3'] })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CommandFailed);
    expect(failure).toMatchObject({ exitCode: 3, stderr: 'no\n', argv: ['sh', '-c', 'echo no >&2; exit 3'] });
  });

  test('may end with an allowed exit code', async () => {
    expect((await runner.run({ argv: ['sh', '-c', 'exit 3'], allowedExitCodes: [0, 3] })).exitCode).toBe(3);
  });

  test('that does not end is killed, even when it left children behind', async () => {
    const late = runner.run({ argv: ['sh', '-c', 'sleep 30 & sleep 30'], timeoutMs: 100 });
    await expect(late).rejects.toMatchObject({ exitCode: null, stderr: 'killed after 100 ms' });
  });

  test('that does not exist is a failure like any other', async () => {
    await expect(runner.run({ argv: ['no-such-program'] })).rejects.toThrow(CommandFailed);
  });

  test('that does not read its input does not break us', async () => {
    expect((await runner.run({ argv: ['true'], stdin: 'x'.repeat(1_000_000) })).exitCode).toBe(0);
  });
});

test('commands are counted and logged with their duration', async () => {
  const lines: object[] = [];
  const runner = new SpawnCommandRunner({ log: { debug: (fields) => lines.push(fields) } });
  await runner.run({ argv: ['true'] });
  await runner.run({ argv: ['false'] }).catch(() => undefined);
  expect(runner.executed).toBe(2);
  expect(lines).toEqual([
    { argv: ['true'], netns: undefined, exitCode: 0, durationMs: expect.any(Number) },
    { argv: ['false'], netns: undefined, exitCode: 1, durationMs: expect.any(Number) },
  ]);
});

test('messages are English, whatever the language of the machine', async () => {
  const runner = new SpawnCommandRunner({ env: { LC_ALL: 'de_DE.UTF-8', WHO: 'me' } });
  expect((await runner.run({ argv: ['sh', '-c', 'echo $LC_ALL $WHO'] })).stdout).toBe('C me\n');
});

describe('a program that is started ahead', () => {
  /** Says when it began, and when it was given something to read. */
  const argv = ['sh', '-c', 'date +%s%N; cat; date +%s%N'] as const;

  test('has begun when it is run, once', async () => {
    const runner = new SpawnCommandRunner();
    runner.prepare({ argv });
    runner.prepare({ argv });
    await runner.run({ argv: ['sleep', '0.1'] });
    const { stdout } = await runner.run({ argv, stdin: 'text\n' });
    const [began = '', text, ended = ''] = stdout.split('\n');
    expect(text).toBe('text');
    expect((Number(ended) - Number(began)) / 1e6).toBeGreaterThan(90);
    expect(runner.executed).toBe(2);
  });

  test('is another one for the next run', async () => {
    const runner = new SpawnCommandRunner();
    runner.prepare({ argv: ['cat'] });
    expect((await runner.run({ argv: ['cat'], stdin: 'one' })).stdout).toBe('one');
    expect((await runner.run({ argv: ['cat'], stdin: 'two' })).stdout).toBe('two');
    expect(runner.executed).toBe(2);
  });

  test('and cannot be started is a failure when it is run', async () => {
    const runner = new SpawnCommandRunner();
    runner.prepare({ argv: ['no-such-program'] });
    await expect(runner.run({ argv: ['no-such-program'] })).rejects.toThrow(CommandFailed);
  });

  test('and is not run after all ends by itself', async () => {
    const runner = new SpawnCommandRunner();
    runner.prepare({ argv: ['sh', '-c', `cat; echo ended > ${left}`] });
    expect(await waitFor(() => existsSync(left), { limitMs: 5000, what: 'it ends' })).toBe(true);
  });
});
