import type { SysctlPlan } from '@novanet/host-plan';
import { CommandFailed, type CommandRunner } from './commands/command-runner.js';
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

/** What has another value than planned, and what the kernel does not have at all. */
export function diffSysctls(actual: Sysctls, plan: readonly SysctlPlan[]) {
  const different = plan.filter(({ key, value, replaces }) => {
    const found = actual.get(key);
    return found !== undefined && found !== value && (replaces === undefined || replaces === found);
  });
  return { different, unknown: plan.filter(({ key, device }) => device === undefined && !actual.has(key)) };
}

/**
 * Sets what differs. Executes nothing, unless a setting has to come with a module first.
 * @param actual what was read before devices came
 * @param links the devices then, and now: those that have come since brought settings along
 */
export async function applySysctls(
  kernel: Pick<CommandRunner, 'readKernelFile' | 'writeKernelFile' | 'run'>,
  actual: Sysctls,
  plan: readonly SysctlPlan[],
  links: { readonly before: Links; readonly now: Links },
): Promise<StageOutcome> {
  const isNew = ({ device }: SysctlPlan) =>
    device !== undefined && !links.before.has(device) && links.now.has(device);
  const isLoadable = ({ key, module }: SysctlPlan) => module !== undefined && !actual.has(key);
  const refusals = await loadModules(kernel, plan.filter(isLoadable));
  const late = plan.filter((one) => isNew(one) || isLoadable(one));
  const now = new Map([...actual, ...(await readSysctls(kernel, late))]);
  const { different, unknown } = diffSysctls(now, plan);
  const problems = unknown.map((setting) => problemOf(setting, missingMessage(setting, refusals)));
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

/** @returns why some could not be loaded, by name */
async function loadModules(
  kernel: Pick<CommandRunner, 'run'>,
  settings: readonly SysctlPlan[],
): Promise<ReadonlyMap<string, string>> {
  const refusals = new Map<string, string>();
  for (const module of new Set(settings.flatMap((setting) => setting.module ?? []))) {
    try {
      await kernel.run({ argv: ['modprobe', module] });
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      refusals.set(module, error.stderr.trim());
    }
  }
  return refusals;
}

function missingMessage({ module = '' }: SysctlPlan, refusals: ReadonlyMap<string, string>): string {
  const refusal = refusals.get(module);
  const reason = 'the kernel does not have this setting';
  if (refusal === undefined) return reason;
  return `${reason}: it comes with the module ${module}, which cannot be loaded here (${refusal}); load it with modprobe`;
}

/** In a key, dots and slashes have changed places. */
function pathOf(key: string): string {
  return `/proc/sys/${key.replaceAll(/[./]/g, (mark) => (mark === '.' ? '/' : '.'))}`;
}

function problemOf({ key, isVital }: SysctlPlan, message: string): ConvergeProblem {
  return { subject: key, message, ...(isVital && { blocks: 'all' }) };
}
