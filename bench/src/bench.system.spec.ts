import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { listNamespaces, waitFor } from '@novanet/testbed';
import { expect, it, onTestFinished } from 'vitest';

import { checkout, namespacePrefix, runFolder } from './servers/run-folder.js';

const program = join(checkout, 'bench/dist/main.js');
const quick = ['allocate', '--calls', '15', '--callers', '3', '--networks', '/28', '--repeat', '1', '--json'];
/** On any machine, so no target can be missed. */
const quickAssociate =
  'associate --calls 3 --callers 2 --sizes 0,2 --instances 5 --floating-ips 2 --restarts 1 --tolerance 100 --json';
const quickMetadata = 'metadata --connections 5 --seconds 1 --repeat 1 --tolerance 100 --json';

interface Subject {
  readonly what: string;
  readonly associated?: number;
}

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

async function expectNothingLeft(): Promise<void> {
  const namespaces = (await listNamespaces()).filter((name) => name.startsWith(namespacePrefix));
  expect({ folder: existsSync(runFolder), processes: leftovers(), namespaces }).toEqual({
    folder: false,
    processes: [],
    namespaces: [],
  });
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // It ended meanwhile.
    return '';
  }
}

it('asks the metadata service beside a server that does nothing', async () => {
  const { output, exitCode } = startBench(quickMetadata.split(' '));
  expect({ exitCode: await exitCode, ...output }).toMatchObject({ exitCode: 0 });
  const { figures, targets } = JSON.parse(output.stdout);
  const paths = ['/latest/meta-data/instance-id', '/openstack/latest/meta_data.json'];
  expect(figures.map(({ what }: Subject) => what)).toEqual(['bare Node HTTP server', ...paths]);
  expect(targets.map(({ what }: Subject) => what)).toEqual(paths);
  for (const figure of figures) {
    expect(figure).toMatchObject({ failures: 0 });
    expect(figure.perSecond).toBeGreaterThan(10);
  }
  await expectNothingLeft();
});

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
  expect(messagesPerCall).toMatchObject({ get_instance_nw_info: 2 });
  // Now and then the hosts of several instances hear that their filters are out of date.
  for (const method of ['allocate_for_instance', 'deallocate_for_instance']) {
    expect(messagesPerCall[method]).toBeGreaterThanOrEqual(2);
    expect(messagesPerCall[method]).toBeLessThan(3);
  }
  // For three callers there is none.
  expect(targets).toEqual([]);
  await expectNothingLeft();
});

it('measures associations with the kernel of a host, and restarts of its worker that no packet notices', async () => {
  const { output, exitCode } = startBench(quickAssociate.split(' '));
  expect({ exitCode: await exitCode, ...output }).toMatchObject({ exitCode: 0 });
  const { limits, calls, restart, targets } = JSON.parse(output.stdout);
  expect(limits.map(({ what, associated }: Subject) => [what, associated])).toEqual([
    ['fsync of the disk', undefined],
    ['durable commit of one row', undefined],
    ['echo over the broker', undefined],
    ['iptables-restore', 0],
    ['ip address add', 0],
    ['iptables-restore', 2],
    ['ip address add', 2],
  ]);
  expect(calls.map(({ what, associated }: Subject) => [what, associated])).toEqual([
    ['associate_floating_ip', 0],
    ['disassociate_floating_ip', 0],
    ['associate_floating_ip', 2],
    ['disassociate_floating_ip', 2],
  ]);
  for (const { errors, usage } of calls) {
    expect(errors).toEqual([]);
    expect(usage.programs).toBeGreaterThan(0);
  }
  expect(restart).toMatchObject({ instances: 5, floatingIps: 2, warm: { flow: { lost: 0 } } });
  expect(restart.warm.flow.sent).toBeGreaterThan(10);
  expect(restart.wiped.programs).toBeGreaterThan(restart.warm.programs);
  expect(targets.map(({ what }: Subject) => what)).toEqual([
    'restart to converged',
    'packets lost in restarts',
  ]);
  await expectNothingLeft();
}, 300_000);

it.each([
  { name: 'allocate', words: ['allocate', '--calls', '5000'] },
  { name: 'associate', words: ['associate', '--calls', '5000'] },
])('$name ends at once and completely when it is interrupted', async ({ words }) => {
  const { child, output, exitCode } = startBench(words);
  await waitFor(() => output.stderr.includes('… warming up'), {
    limitMs: 60_000,
    what: 'the benchmark works',
  });
  child.kill('SIGINT');
  expect(await exitCode).toBe(130);
  expect(output.stdout).toBe('');
  await expectNothingLeft();
});

it('runs once at a time, and removes what a killed one left', async () => {
  const killed = startBench(['associate', '--calls', '5000']);
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
  await expectNothingLeft();
});
