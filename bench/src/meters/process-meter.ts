import { readFileSync } from 'node:fs';

/** The unit of processor time in /proc, on every architecture Node runs on. */
const millisecondsPerTick = 10;

/** Milliseconds of processor time the process has used, in all its threads. */
export function cpuOf(pid: number): number {
  const fields = statOf(pid);
  return (Number(fields[11]) + Number(fields[12])) * millisecondsPerTick;
}

/** Milliseconds that the programs it ran have used, those that have ended; a process that runs them for it included. */
export function cpuOfChildren(pid: number): number {
  const ended = (one: number) => {
    const fields = statOf(one);
    return (Number(fields[13]) + Number(fields[14])) * millisecondsPerTick;
  };
  const starters = childrenOf(pid).filter((child) =>
    commandLineOf(child).startsWith('novanet-program-starter'),
  );
  return (
    [pid, ...starters].reduce((sum, one) => sum + ended(one), 0) +
    starters.reduce((sum, one) => sum + cpuOf(one), 0)
  );
}

function childrenOf(pid: number): number[] {
  const words = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
  return words.filter(Boolean).map(Number);
}

function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // It ended meanwhile.
    return '';
  }
}

function statOf(pid: number): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The command name (field 2) is in parentheses and may hold anything, so count from its end.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Milliseconds of processor time that the machine was busy since it started, with all its processors. */
export function cpuOfMachine(): number {
  const [totals = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  // user, nice, system, idle, iowait, irq, softirq, steal; guests are counted in the first two.
  const [, ...ticks] = totals.split(/ +/).map(Number);
  const isBusy = (index: number) => index < 8 && index !== 3 && index !== 4;
  return ticks.filter((_, index) => isBusy(index)).reduce((sum, each) => sum + each, 0) * millisecondsPerTick;
}

/** Megabytes of memory the process has in use. */
export function residentMemoryOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}
