import type { Measurements } from '../figures/measurements.js';
import { measureCommits } from './commit-limit.js';
import { measureDisk } from './disk-limit.js';
import { runFolder } from '../servers/run-folder.js';
import type { BenchSession } from '../session/bench-session.js';

/** What no call can be faster than, on this machine, at this hour. */
export async function measureLimits(
  session: BenchSession,
  options: { readonly calls: number; readonly callers: readonly number[] },
  limits: Measurements,
): Promise<void> {
  const { servers, callers } = session;
  limits.addRound({ what: 'fsync of the disk', atOnce: 1 }, await measureDisk(runFolder, options.calls));
  for (const atOnce of options.callers) {
    const round = await measureCommits(servers.databaseUrl, options.calls, atOnce);
    limits.addRound({ what: 'durable commit of one row', atOnce }, round);
  }
  for (const atOnce of options.callers) {
    const echoes = session.tally('echo');
    await echoes.add(() => callers.run(echoJob(options.calls), atOnce));
    limits.addTally({ what: 'echo over the broker', atOnce }, echoes);
  }
}

/** As large as the arguments of an allocation. */
export function echoJob(count: number) {
  const argument = { text: 'x'.repeat(200) };
  return {
    topic: 'echo',
    version: '1.0',
    method: 'echo',
    calls: Array.from({ length: count }, () => argument),
  };
}
