import { readIfExists } from '../files/replace-file.js';
import { type CommandLineTest, endProcesses, isRunning, signal } from '../processes/process-table.js';

/** The process id of the radvd that was started with this pid file. A recycled id is not mistaken for it. */
export function findRadvd(pidFile: string): number | undefined {
  const pid = Number(readIfExists(pidFile));
  return Number.isInteger(pid) && pid > 0 && isRunning(pid, isRadvd(pidFile)) ? pid : undefined;
}

/** One that was killed and not yet reaped is not. */
export function isRadvdAlive(pid: number, pidFile: string): boolean {
  return isRunning(pid, isRadvd(pidFile));
}

/** Ends it in peace: it tells instances that they have lost their router. */
export function stopRadvd(pidFile: string): Promise<void> {
  return endProcesses(isRadvd(pidFile), 'SIGTERM');
}

/** Ends without a word whatever still runs with this pid file: the next radvd advertises the same router at once. */
export function silenceRadvd(pidFile: string): Promise<void> {
  return endProcesses(isRadvd(pidFile), 'SIGKILL');
}

/** Makes it read its configuration, and advertise it at once. */
export function reloadRadvd(pid: number): void {
  signal(pid, 'SIGHUP');
}

/** Both of its processes: the second does what needs privileges. */
function isRadvd(pidFile: string): CommandLineTest {
  return (words) => /(^|\/)radvd$/.test(words[0] ?? '') && words[words.indexOf('-p') + 1] === pidFile;
}
