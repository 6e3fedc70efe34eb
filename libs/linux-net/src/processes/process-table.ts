import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isMissing } from '../files/replace-file.js';

const POLL_MS = 2;
const END_LIMIT_MS = 2000;

/** Whether these words of a command line are those of a process of ours. */
export type CommandLineTest = (words: readonly string[]) => boolean;

/** False also for a process that is gone, or a zombie. */
export async function isRunning(pid: number, isOurs: CommandLineTest): Promise<boolean> {
  return isOurs((await readProc(pid, 'cmdline')).split('\0'));
}

/** Ends all processes that have such a command line, and waits: those that do not heed the signal are killed. */
export async function endProcesses(isOurs: CommandLineTest, first: NodeJS.Signals): Promise<void> {
  const everyone = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const ours: number[] = [];
  for (const pid of everyone) if (await isRunning(pid, isOurs)) ours.push(pid);
  for (const pid of ours) signal(pid, first);
  // A command line is gone before the sockets are; a zombie has neither.
  const isGone = async (pid: number) => !/^State:\s+[^ZX]/m.test(await readProc(pid, 'status'));
  const areGone = async () => (await Promise.all(ours.map(isGone))).every(Boolean);
  if (await isTrueWithin(END_LIMIT_MS, areGone)) return;
  for (const pid of ours) if (await isRunning(pid, isOurs)) signal(pid, 'SIGKILL');
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
export async function readProc(pid: number, file: string): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}

export async function isTrueWithin(limitMs: number, condition: () => Promise<boolean>): Promise<boolean> {
  const end = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > end) return false;
    await delay(POLL_MS);
  }
  return true;
}
