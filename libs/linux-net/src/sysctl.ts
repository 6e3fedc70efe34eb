import type { SysctlPlan } from '@novanet/host-plan';
import { CommandFailed, type CommandRunner } from './commands/command-runner.js';
import type { ConvergeProblem, StageOutcome } from './converge-report.js';
import type { Links } from './links/link.js';

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

/**
 * Sets what differs: one execution, or none.
 * @param actual what was read before devices came
 * @param links the devices then, and now: those that have come since brought settings along
 */
export async function applySysctls(
  runner: CommandRunner,
  actual: Sysctls,
  plan: readonly SysctlPlan[],
  links: { readonly before: Links; readonly now: Links },
): Promise<StageOutcome> {
  const isNew = ({ device }: SysctlPlan) =>
    device !== undefined && !links.before.has(device) && links.now.has(device);
  // Only an operator's choice needs another look: whatever else a new device has, it gets what is planned.
  const later = await readSysctls(
    runner,
    plan.filter((one) => isNew(one) && one.replaces !== undefined),
  );
  const different = plan.filter((one) => {
    const value = actual.get(one.key) ?? later.get(one.key);
    if (value === undefined) return isNew(one);
    return value !== one.value && (one.replaces === undefined || one.replaces === value);
  });
  const known = new Set([...actual.keys(), ...different.map(({ key }) => key)]);
  const unknown = plan.filter(({ key, device }) => device === undefined && !known.has(key));
  const refusal = await set(runner, different);
  const problems = [
    ...unknown.map((setting) => problemOf([setting], 'the kernel does not have this setting')),
    ...(refusal ? [problemOf(refusal.settings, refusal.message)] : []),
  ];
  const refused = new Set(refusal?.settings);
  const subjects = different.filter((setting) => !refused.has(setting)).map(({ key }) => key);
  return { changed: subjects.length > 0, subjects, problems };
}

interface Refusal {
  readonly settings: readonly SysctlPlan[];
  readonly message: string;
}

/** sysctl sets the others when it fails with one, and says with which. What a kernel without IPv6 lacks is left out. */
async function set(runner: CommandRunner, settings: readonly SysctlPlan[]): Promise<Refusal | undefined> {
  if (settings.length === 0) return undefined;
  const pairs = settings.map(({ key, value }) => `${key}=${value}`);
  try {
    await runner.run({ argv: ['sysctl', '-q', '-e', '-w', ...pairs] });
    return undefined;
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    const named = settings.filter(({ key }) => error.stderr.includes(`"${key}"`));
    const message = `the kernel refuses the setting: ${error.stderr.trim()}`;
    return { settings: named.length > 0 ? named : settings, message };
  }
}

function problemOf(settings: readonly SysctlPlan[], message: string): ConvergeProblem {
  const subject = settings.map(({ key }) => key).join(', ');
  return { subject, message, ...(settings.some(({ isVital }) => isVital) && { blocks: 'all' }) };
}
