import { readIfExists } from '../files/replace-file.js';
import {
  type CommandLineTest,
  endProcesses,
  isRunning,
  isTrueWithin,
  readProc,
  signal,
} from '../processes/process-table.js';

const RELOAD_LIMIT_MS = 1000;

/** The process id of the dnsmasq that was started with this pid file. A recycled id is not mistaken for it. */
export function findDnsmasq(pidFile: string): number | undefined {
  const pid = Number(readIfExists(pidFile));
  return Number.isInteger(pid) && pid > 0 && isRunning(pid, isDnsmasq(pidFile)) ? pid : undefined;
}

/**
 * Ends what was started with this pid file, and waits: also a dnsmasq whose pid file was lost, because it keeps the port,
 * and the helper that runs the lease script, which lives on until it has told the last event.
 */
export function stopDnsmasq(pidFile: string): Promise<void> {
  return endProcesses(isDnsmasq(pidFile), 'SIGTERM');
}

/** Whether this process is the dnsmasq that was started with this pid file. One that was killed and not yet reaped is not. */
export function isDnsmasqAlive(pid: number, pidFile: string): boolean {
  return isRunning(pid, isDnsmasq(pidFile));
}

function isDnsmasq(pidFile: string): CommandLineTest {
  return (words) => /(^|\/)dnsmasq$/.test(words[0] ?? '') && words.includes(`--pid-file=${pidFile}`);
}

/**
 * Makes dnsmasq forget its hosts and read them again. When this resolves, every packet that arrives is answered by the
 * new hosts: the signal was taken (no longer pending) and the process sleeps again, so the reload stands in its own
 * queue, which it empties before it looks at packets. Without the wait a packet may overtake the signal.
 */
export async function reloadDnsmasq(pid: number): Promise<void> {
  signal(pid, 'SIGHUP');
  await isTrueWithin(RELOAD_LIMIT_MS, () => {
    const status = readProc(pid, 'status');
    const pending = parseInt(/^ShdPnd:\s+([0-9a-f]+)/m.exec(status)?.[1]?.slice(-1) ?? '0', 16);
    return (pending & 1) === 0 && !/^State:\s+R/m.test(status);
  });
}
