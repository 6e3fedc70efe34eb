import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { runCommand } from '@novanet/testbed';

import type { LabStatus } from '../lifecycle/status.js';

/** The built program, as `npm run lab` starts it. */
export const labProgram = join(import.meta.dirname, '../../dist/main.js');

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the lab, whatever comes of it. */
export function tryLab(...words: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [labProgram, ...words], (error, stdout, stderr) => {
      resolve({ exitCode: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
}

/** Runs a command of the lab and returns what it wrote to stdout. Throws with its complaint. */
export async function lab(...words: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await tryLab(...words);
  if (exitCode !== 0) throw new Error(`lab ${words.join(' ')} ended with ${exitCode}:\n${stderr}`);
  return stdout;
}

export async function statusOf(name: string): Promise<LabStatus> {
  return JSON.parse(await lab('status', '--lab', name, '--json'));
}

/** What a lab must leave as it found it. */
export async function machineState(): Promise<Readonly<Record<string, string>>> {
  return {
    links: await runCommand(['ip', '-brief', 'link']),
    addresses: await runCommand(['ip', '-brief', 'address']),
    routes: await runCommand(['ip', 'route']),
    // Without times and counters.
    rules: (await runCommand(['iptables-save'])).replaceAll(/^#.*$|\[\d+:\d+\]/gm, ''),
  };
}

/** Command lines of the processes that speak of something. */
export function processesNaming(text: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.map(commandLine).filter((line) => line.includes(text));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // It ended meanwhile.
    return '';
  }
}
