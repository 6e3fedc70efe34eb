import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  identifyProcess,
  isAlive,
  listNamespaces,
  removeNamespace,
  signal,
  waitFor,
  type ProcessIdentity,
} from '@novanet/testbed';

import { BenchError } from '../terminal/bench-error.js';

export const checkout = join(import.meta.dirname, '../../..');
/** On the checkout's disk: /tmp may be memory, where a commit costs nothing. */
export const runFolder = join(checkout, '.novanet/bench');
/** Names of network namespaces are the machine's; each checkout has its own. */
export const namespacePrefix = `nvn-bench-${createHash('sha256').update(checkout).digest('hex').slice(0, 6)}-`;
const ownerFile = join(runFolder, 'owner.json');

/**
 * Takes the folder of the one benchmark that may run, and ends what a killed one left there. Throws BenchError when
 * another one runs: each would measure the other.
 */
export async function claimRunFolder(): Promise<void> {
  const owner = readIdentity(ownerFile);
  if (owner && isAlive(owner)) throw new BenchError(`another benchmark is running (process ${owner.pid}).`);
  await clearRunFolder();
  mkdirSync(runFolder, { recursive: true });
  writeFileSync(ownerFile, JSON.stringify(identifyProcess(process.pid)));
}

/** Makes a process known to whoever clears the folder. */
export function recordProcess(name: string, pid: number): void {
  writeFileSync(join(runFolder, `${name}.pid`), JSON.stringify(identifyProcess(pid)));
}

/** Ends every process that was started there, or recorded, and removes it, with the network namespaces. */
export async function clearRunFolder(): Promise<void> {
  for (const file of globSync('**/*.pid', { cwd: runFolder })) {
    const running = readIdentity(join(runFolder, file));
    if (!running) continue;
    signal(running, 'SIGKILL');
    await waitFor(() => !isAlive(running), { limitMs: 5_000, what: `process ${running.pid} dies` });
  }
  for (const netns of await listNamespaces()) {
    if (netns.startsWith(namespacePrefix)) await removeNamespace(netns);
  }
  rmSync(runFolder, { recursive: true, force: true });
}

function readIdentity(file: string): ProcessIdentity | undefined {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isIdentity(read) ? read : undefined;
  } catch {
    // None yet, or a daemon's own file, which is just a number.
    return undefined;
  }
}

function isIdentity(value: unknown): value is ProcessIdentity {
  return typeof value === 'object' && value !== null && 'pid' in value && 'startTicks' in value;
}
