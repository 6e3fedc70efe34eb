import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { waitFor } from '@novanet/testbed';
import { expect, it, onTestFinished } from 'vitest';

const checkout = join(import.meta.dirname, '../..');
const runFolder = join(checkout, '.novanet/bench');
const program = join(checkout, 'bench/dist/main.js');
const quick = ['allocate', '--calls', '15', '--callers', '3', '--networks', '/28', '--repeat', '1', '--json'];

interface Run {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  readonly exitCode: Promise<number | null>;
}

function startBench(words: readonly string[]): Run {
  const child = spawn(process.execPath, [program, ...words]);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => (output.stdout += String(text)));
  child.stderr.on('data', (text) => (output.stderr += String(text)));
  const exitCode = once(child, 'close').then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill('SIGINT');
    await exitCode;
  });
  return { child, output, exitCode };
}

/** Command lines of what a benchmark started. */
function leftovers(): string[] {
  const lines = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandLine);
  return lines.filter((line) => line.includes(runFolder) || line.includes(`${checkout}/bench/`));
}

function expectNothingLeft(): void {
  expect({ folder: existsSync(runFolder), processes: leftovers() }).toEqual({ folder: false, processes: [] });
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // It ended meanwhile.
    return '';
  }
}

it('measures the calls of Python callers, in a network that is smaller than what is asked for', async () => {
  const { output, exitCode } = startBench(quick);
  expect({ exitCode: await exitCode, ...output }).toMatchObject({ exitCode: 0 });
  const { limits, calls, messagesPerCall, targets } = JSON.parse(output.stdout);
  expect(limits.map(({ what }: { what: string }) => what)).toEqual([
    'fsync of the disk',
    'durable commit of one row',
    'echo over the broker',
  ]);
  for (const call of calls) {
    expect(call).toMatchObject({ network: '/28', atOnce: 3, errors: [] });
    expect(call.speed.perSecond).toBeGreaterThan(0);
    // callers share questions
    expect(call.usage.statements).toBeGreaterThan(0);
  }
  expect(messagesPerCall).toEqual({
    allocate_for_instance: 2,
    get_instance_nw_info: 2,
    deallocate_for_instance: 2,
  });
  // For three callers there is none.
  expect(targets).toEqual([]);
  expectNothingLeft();
});

it('ends at once and completely when it is interrupted', async () => {
  const { child, output, exitCode } = startBench(['allocate', '--calls', '5000']);
  await waitFor(() => output.stderr.includes('… warming up'), {
    limitMs: 60_000,
    what: 'the benchmark works',
  });
  child.kill('SIGINT');
  expect(await exitCode).toBe(130);
  expect(output.stdout).toBe('');
  expectNothingLeft();
});

it('runs once at a time, and removes what a killed one left', async () => {
  const killed = startBench(['allocate', '--calls', '5000']);
  const isUp = () => killed.output.stderr.includes('… warming up');
  await waitFor(isUp, { limitMs: 60_000, what: 'the benchmark works' });
  const refused = startBench(quick);
  expect(await refused.exitCode).toBe(1);
  expect(refused.output.stderr).toContain('another benchmark is running');
  killed.child.kill('SIGKILL');
  await killed.exitCode;
  expect(leftovers().length).toBeGreaterThan(0);
  const next = startBench(quick);
  expect({ exitCode: await next.exitCode, ...next.output }).toMatchObject({ exitCode: 0 });
  expectNothingLeft();
});
