import type { SysctlPlan } from '@novanet/host-plan';
import { CommandFailed, type CommandRunner } from './commands/command-runner.js';
import type { StageOutcome } from './converge-report.js';

/** Kernel settings by key. */
export type Sysctls = ReadonlyMap<string, string>;

/** Nothing is run when nothing is planned. A key the kernel does not have is absent. */
export async function readSysctls(runner: CommandRunner, plan: readonly SysctlPlan[]): Promise<Sysctls> {
  if (plan.length === 0) return new Map();
  const argv = ['sysctl', '-e', ...plan.map(({ key }) => key)] as const;
  const { stdout } = await runner.run({ argv });
  const pairs = stdout.split('\n').map((line) => line.split(' = '));
  return new Map(pairs.map(([key = '', value = '']) => [key, value.trim()]));
}

/** Sets what differs: one execution, or none. Without forwarding no network works. */
export async function applySysctls(
  runner: CommandRunner,
  actual: Sysctls,
  plan: readonly SysctlPlan[],
): Promise<StageOutcome> {
  const different = plan.filter(({ key, value }) => actual.get(key) !== value);
  if (different.length === 0) return { changed: false, problems: [] };
  try {
    const settings = different.map(({ key, value }) => `${key}=${value}`);
    await runner.run({ argv: ['sysctl', '-q', '-w', ...settings] });
    return { changed: true, subjects: different.map(({ key }) => key), problems: [] };
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    const message = `the kernel refuses the setting: ${error.stderr.trim()}`;
    const subject = different.map(({ key }) => key).join(', ');
    return { changed: false, problems: [{ subject, message, blocks: 'all' }] };
  }
}
