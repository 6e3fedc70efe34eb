import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { TestBus } from './test-worker.js';

const folder = join(import.meta.dirname, '../../../testbed/python');
/** Debian's, for which python3-oslo.messaging is installed; another python3 on the path has no such package. */
const python = '/usr/bin/python3';

export interface PythonResult {
  readonly exitCode: number | null;
  readonly stdout: string;
}

/** Runs one of the programs of libs/testbed/python to its end. */
export async function runPython(
  bus: TestBus,
  script: string,
  args: readonly string[],
): Promise<PythonResult> {
  const child = start(bus, script, args);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (text) => (stdout += String(text)));
  child.stderr?.on('data', (text) => (stderr += String(text)));
  const [exitCode] = await once(child, 'close');
  if (stderr.includes('No module named')) throw new Error(`install python3-oslo.messaging: ${stderr}`);
  return { exitCode, stdout: stdout.trim() };
}

/** One call by the real oslo.messaging client. */
export function probe(bus: TestBus, args: readonly string[]): Promise<PythonResult> {
  return runPython(bus, 'oslo_probe.py', args);
}

export interface PythonServer {
  /** Lines printed so far: one for each cast of update_dns, or for each notification. */
  readonly lines: readonly string[];
  stop(): Promise<void>;
}

/** A real oslo.messaging server; returns when it consumes. */
export function startPythonServer(bus: TestBus, args: readonly string[] = []): Promise<PythonServer> {
  return startAndWait(bus, 'oslo_echo_server.py', args, 'ready');
}

/** A real oslo.messaging notification listener; returns when it listens. */
export function startPythonListener(bus: TestBus, args: readonly string[] = []): Promise<PythonServer> {
  return startAndWait(bus, 'oslo_notify.py', ['--listen', '60', ...args], '{"ready": true}');
}

async function startAndWait(
  bus: TestBus,
  script: string,
  args: readonly string[],
  readyLine: string,
): Promise<PythonServer> {
  const child = start(bus, script, args);
  const lines: string[] = [];
  let stderr = '';
  child.stderr?.on('data', (text) => (stderr += String(text)));
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (text) => {
      lines.push(...String(text).split('\n').filter(Boolean));
      if (lines.includes(readyLine)) resolve();
    });
    child.once('exit', () => reject(new Error(`install python3-oslo.messaging? ${stderr}`)));
  });
  const stop = async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  return { lines, stop };
}

function start({ url, exchange, topic }: TestBus, script: string, args: readonly string[]): ChildProcess {
  const bus = ['--url', url, '--exchange', exchange, '--topic', topic];
  return spawn(python, [join(folder, script), ...bus, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}
