import { readdirSync, readFileSync } from 'node:fs';
import { waitFor } from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ProgramStarter } from './program-starter.js';
import type { ProgramInput, ProgramStart } from './start-program.js';

let starter: ProgramStarter;
let warnings: object[];
beforeEach(() => {
  warnings = [];
  starter = new ProgramStarter({ warn: (fields, message) => warnings.push({ ...fields, message }) });
});
afterEach(() => starter.close());

const start = (argv: ProgramStart['argv'], more: Partial<ProgramStart> & { stdin?: ProgramInput } = {}) => {
  const pids: number[] = [];
  const { stdin = '', ...limits } = more;
  const ending = starter.start(
    { argv, limitMs: 10_000, env: process.env, ...limits },
    stdin,
    (pid) => void pids.push(pid),
  );
  return { pids, ending };
};

/** The processes that were started by this one or that. */
function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) === parent;
      } catch {
        // It ended meanwhile.
        return false;
      }
    });
}

const starterPid = async () => Number((await start(['sh', '-c', 'echo $PPID']).ending).stdout);

describe('a program that another process starts', () => {
  test('is one like any other: input, output, code, and the number that it had', async () => {
    const echo = start(['sh', '-c', 'cat; echo no >&2; exit 3'], { stdin: 'text' });
    expect(await echo.ending).toEqual({ exitCode: 3, stdout: 'text', stderr: 'no\n' });
    expect(echo.pids).toEqual([expect.any(Number)]);
    expect(childrenOf(process.pid)).toContain(await starterPid());
  });

  test('runs already while its input is found out', async () => {
    const { promise: stdin, resolve: feed } = Promise.withResolvers<string>();
    const waiting = start(['cat'], { stdin });
    await waitFor(() => waiting.pids.length > 0, { limitMs: 5000, what: 'it runs' });
    feed('text');
    expect(await waiting.ending).toEqual({ exitCode: 0, stdout: 'text', stderr: '' });
  });

  test('that does not exist, or does not end, is told of', async () => {
    expect(await start(['no-such-program']).ending).toMatchObject({
      exitCode: null,
      stderr: 'spawn no-such-program ENOENT',
    });
    expect(await start(['sleep', '30'], { limitMs: 100 }).ending).toMatchObject({
      exitCode: null,
      stderr: 'killed after 100 ms',
    });
  });

  test('may be one of many, with much to say', async () => {
    const text = 'x'.repeat(1_000_000);
    const endings = await Promise.all(
      Array.from({ length: 20 }, () => start(['cat'], { stdin: text }).ending),
    );
    expect(endings.every(({ stdout }) => stdout === text)).toBe(true);
  });
});

describe('the process that starts programs', () => {
  test('may die: what runs is given up, and the next is started from here', async () => {
    const pid = await starterPid();
    const lost = start(['sleep', '1']);
    await waitFor(() => lost.pids.length > 0, { limitMs: 5000, what: 'it runs' });
    process.kill(pid, 'SIGKILL');
    expect(await lost.ending).toMatchObject({
      exitCode: null,
      stderr: 'the process that starts programs died',
    });
    expect(await start(['sh', '-c', 'echo $PPID']).ending).toMatchObject({ stdout: `${process.pid}\n` });
    expect(warnings).toEqual([
      { pid, givenUp: 1, message: expect.stringContaining('until the service is restarted') },
    ]);
  });

  test('ends with whom it works for', async () => {
    const pid = await starterPid();
    starter.close();
    const isGone = () => !childrenOf(process.pid).includes(pid);
    expect(await waitFor(isGone, { limitMs: 5000, what: 'it ends' })).toBe(true);
    expect(warnings).toEqual([]);
  });
});
