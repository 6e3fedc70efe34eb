import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isMissing, readIfExists } from '../files/replace-file.js';

const POLL_MS = 2;
const END_LIMIT_MS = 2000;

/** Whether these words of a command line are those of a process of ours. */
export type CommandLineTest = (words: readonly string[]) => boolean;

/** False also for a process that is gone, or a zombie. */
export function isRunning(pid: number, isOurs: CommandLineTest): boolean {
  return isOurs(readProc(pid, 'cmdline').split('\0'));
}

/** The process ids of all that have such a command line. */
export function processesWith(isOurs: CommandLineTest): number[] {
  const everyone = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return everyone.filter((pid) => isRunning(pid, isOurs));
}

/** Ends all processes that have such a command line, and waits: those that do not heed the signal are killed. */
export async function endProcesses(isOurs: CommandLineTest, first: NodeJS.Signals): Promise<void> {
  const ours = processesWith(isOurs);
  for (const pid of ours) signal(pid, first);
  // A command line is gone before the sockets are; a zombie has neither.
  const areGone = () => ours.every((pid) => !/^State:\s+[^ZX]/m.test(readProc(pid, 'status')));
  if (await isTrueWithin(END_LIMIT_MS, areGone)) return;
  for (const pid of ours) if (isRunning(pid, isOurs)) signal(pid, 'SIGKILL');
  await isTrueWithin(END_LIMIT_MS, areGone);
}

/** Does nothing when the process is gone. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** A file of /proc; empty when the process is gone. */
export function readProc(pid: number, file: string): string {
  return readIfExists(`/proc/${pid}/${file}`) ?? '';
}

export async function isTrueWithin(limitMs: number, condition: () => boolean): Promise<boolean> {
  const end = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > end) return false;
    await delay(POLL_MS);
  }
  return true;
}
