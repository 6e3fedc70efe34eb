import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { BackgroundProcess } from './background-process.js';
import { identifyProcess, isAlive, signal } from './process-identity.js';
import { runCommand, tryCommand } from './run-command.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'novanet-test-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('a command', () => {
  it('is given its input and returns its output', async () => {
    expect(await runCommand(['cat'], { input: 'through' })).toBe('through');
  });

  it('that fails is reported with its words and what it said', async () => {
    await expect(runCommand(['sh', '-c', 'echo no >&2; exit 3'])).rejects.toThrow(
      '"sh -c echo no >&2; exit 3" ended with 3: no',
    );
    expect(await tryCommand(['false'])).toMatchObject({ exitCode: 1 });
  });

  it('that is not installed is reported with its Debian package', async () => {
    const nowhere = { env: { PATH: '/nowhere' } };
    await expect(tryCommand(['udhcpc'], nowhere)).rejects.toThrow(
      'the program "udhcpc" is not installed: install the Debian package udhcpc',
    );
  });
});

describe('a background process', () => {
  const sleeper = (argv = ['sleep', '1000']) => new BackgroundProcess({ name: 'sleeper', directory, argv });

  it('is found again and ended by another who knows its name and folder', async () => {
    await sleeper().start();
    const running = sleeper().identity();
    expect(running && isAlive(running)).toBe(true);
    await sleeper().start();
    expect(sleeper().identity()).toEqual(running);
    await sleeper().stop();
    expect(running && isAlive(running)).toBe(false);
    expect(sleeper().identity()).toBeUndefined();
  });

  it('is killed when it does not end when asked', async () => {
    const stubborn = sleeper(['sh', '-c', 'trap "" TERM; echo ready; while :; do sleep 1; done']);
    await stubborn.start();
    await stubborn.waitUntil(async () => stubborn.lastLogLines() === 'ready', 5_000);
    await stubborn.stop(50);
    expect(stubborn.identity()).toBeUndefined();
  });

  it('is never mistaken for a later process with the same number', async () => {
    const own = identifyProcess(process.pid);
    writeFileSync(join(directory, 'sleeper.pid'), JSON.stringify({ ...own, startTicks: '1' }));
    expect(sleeper().identity()).toBeUndefined();
    signal({ pid: process.pid, startTicks: '1' }, 'SIGKILL');
    await sleeper().kill();
    expect(readFileSync('/proc/self/stat', 'utf8')).not.toBe('');
  });

  it('that ends before it answers is reported with the end of its log', async () => {
    const failing = sleeper(['sh', '-c', 'echo the reason; sleep 0.05']);
    await failing.start();
    await expect(failing.waitUntil(async () => false, 5_000)).rejects.toThrow(/ended before.*the reason/s);
  });
});
