import type { SysctlPlan } from '@novanet/host-plan';
import type { CommandRunner } from './commands/command-runner.js';
import type { ConvergeProblem, StageOutcome } from './converge-report.js';
import type { Links } from './links/link.js';

/** Kernel settings by key. */
export type Sysctls = ReadonlyMap<string, string>;

/** A key the kernel does not have is absent. Executes nothing. */
export async function readSysctls(
  kernel: Pick<CommandRunner, 'readKernelFile'>,
  plan: readonly SysctlPlan[],
): Promise<Sysctls> {
  const pairs = await Promise.all(
    plan.map(async ({ key }) => {
      const text = await kernel.readKernelFile(pathOf(key));
      return text === undefined ? [] : [[key, text.trim()] as const];
    }),
  );
  return new Map(pairs.flat());
}

/**
 * Sets what differs. Executes nothing.
 * @param actual what was read before devices came
 * @param links the devices then, and now: those that have come since brought settings along
 */
export async function applySysctls(
  kernel: Pick<CommandRunner, 'readKernelFile' | 'writeKernelFile'>,
  actual: Sysctls,
  plan: readonly SysctlPlan[],
  links: { readonly before: Links; readonly now: Links },
): Promise<StageOutcome> {
  const isNew = ({ device }: SysctlPlan) =>
    device !== undefined && !links.before.has(device) && links.now.has(device);
  const now = new Map([...actual, ...(await readSysctls(kernel, plan.filter(isNew)))]);
  const different = plan.filter(({ key, value, replaces }) => {
    const found = now.get(key);
    return found !== undefined && found !== value && (replaces === undefined || replaces === found);
  });
  const unknown = plan.filter(({ key, device }) => device === undefined && !now.has(key));
  const problems = unknown.map((setting) => problemOf(setting, 'the kernel does not have this setting'));
  const subjects: string[] = [];
  // One after the other: some mean something only after another.
  for (const setting of different) {
    try {
      if (await kernel.writeKernelFile(pathOf(setting.key), setting.value)) subjects.push(setting.key);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      problems.push(problemOf(setting, `the kernel refuses the setting: ${error.message}`));
    }
  }
  return { changed: subjects.length > 0, subjects, problems };
}

/** In a key, dots and slashes have changed places. */
function pathOf(key: string): string {
  return `/proc/sys/${key.replaceAll(/[./]/g, (mark) => (mark === '.' ? '/' : '.'))}`;
}

function problemOf({ key, isVital }: SysctlPlan, message: string): ConvergeProblem {
  return { subject: key, message, ...(isVital && { blocks: 'all' }) };
}
