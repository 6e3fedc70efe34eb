import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isMissing, readIfExists } from '../files/replace-file.js';

const POLL_MS = 2;
const TERM_LIMIT_MS = 2000;
const RELOAD_LIMIT_MS = 1000;

/** The process id of the dnsmasq that was started with this pid file. A recycled id is not mistaken for it. */
export async function findDnsmasq(pidFile: string): Promise<number | undefined> {
  const pid = Number(await readIfExists(pidFile));
  return Number.isInteger(pid) && pid > 0 && (await isDnsmasq(pid, pidFile)) ? pid : undefined;
}

/**
 * Ends what was started with this pid file, and waits: also a dnsmasq whose pid file was lost, because it keeps the port,
 * and the helper that runs the lease script, which lives on until it has told the last event.
 */
export async function stopDnsmasq(pidFile: string): Promise<void> {
  const everyone = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const ours: number[] = [];
  for (const pid of everyone) if (await isDnsmasq(pid, pidFile)) ours.push(pid);
  for (const pid of ours) signal(pid, 'SIGTERM');
  // A command line is gone before the sockets are; a zombie has neither.
  const isGone = async (pid: number) => !/^State:\s+[^ZX]/m.test(await readProc(pid, 'status'));
  const areGone = async () => (await Promise.all(ours.map(isGone))).every(Boolean);
  if (await isTrueWithin(TERM_LIMIT_MS, areGone)) return;
  for (const pid of ours) if (await isDnsmasq(pid, pidFile)) signal(pid, 'SIGKILL');
  await isTrueWithin(TERM_LIMIT_MS, areGone);
}

/** Whether this process is the dnsmasq that was started with this pid file. One that was killed and not yet reaped is not. */
export async function isDnsmasq(pid: number, pidFile: string): Promise<boolean> {
  const words = (await readProc(pid, 'cmdline')).split('\0');
  return /(^|\/)dnsmasq$/.test(words[0] ?? '') && words.includes(`--pid-file=${pidFile}`);
}

/**
 * Makes dnsmasq forget its hosts and read them again. When this resolves, every packet that arrives is answered by the
 * new hosts: the signal was taken (no longer pending) and the process sleeps again, so the reload stands in its own
 * queue, which it empties before it looks at packets. Without the wait a packet may overtake the signal.
 */
export async function reloadDnsmasq(pid: number): Promise<void> {
  signal(pid, 'SIGHUP');
  await isTrueWithin(RELOAD_LIMIT_MS, async () => {
    const status = await readProc(pid, 'status');
    const pending = parseInt(/^ShdPnd:\s+([0-9a-f]+)/m.exec(status)?.[1]?.slice(-1) ?? '0', 16);
    return (pending & 1) === 0 && !/^State:\s+R/m.test(status);
  });
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Empty when the process is gone. */
async function readProc(pid: number, file: string): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}

async function isTrueWithin(limitMs: number, condition: () => Promise<boolean>): Promise<boolean> {
  const end = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > end) return false;
    await delay(POLL_MS);
  }
  return true;
}
