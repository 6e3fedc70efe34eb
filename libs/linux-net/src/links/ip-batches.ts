import { CommandFailed, type CommandRunner } from '../commands/command-runner.js';
import type { ConvergeProblem } from '../converge-report.js';
import type { LinkBatch } from './link-group.js';

/** Prints what parseLinks reads; as the last line of a batch it tells what has become of it. */
export const SHOW_LINKS = 'addr show';

/** Changes by `ip -batch`, and takes back what failed. */
export class IpBatches {
  /** @param told the devices after a change, in JSON; undefined: they are not as they were */
  constructor(
    private readonly runner: CommandRunner,
    private readonly told: (shown: string | undefined) => void,
  ) {}

  /**
   * All in one go; a batch that fails is undone and left out, and the rest is done.
   * @param endOf what to report of all that is left, when this failure is one that they all would meet
   */
  async run(
    batches: readonly LinkBatch[],
    endOf: (failure: CommandFailed) => ConvergeProblem[] | undefined = () => undefined,
  ): Promise<ConvergeProblem[]> {
    if (batches.length === 0) return [];
    const failure = await this.attempt(batches.flatMap(({ lines }) => lines));
    if (!failure) return [];
    const end = endOf(failure);
    if (end) return end;
    const culprit = culpritIn(batches, failure);
    if (culprit === undefined && batches.length > 1) {
      // `ip` did not say how far it came: undo all, then go one by one.
      await this.undo(batches.toReversed());
      const problems: ConvergeProblem[] = [];
      for (const batch of batches) problems.push(...(await this.run([batch], endOf)));
      return problems;
    }
    const bad = batches[culprit ?? 0];
    if (!bad) return [];
    await this.undo([bad]);
    const rest = batches.slice((culprit ?? 0) + 1);
    return [problemWith(bad, failure), ...(await this.run(rest, endOf))];
  }

  async undo(batches: readonly LinkBatch[]): Promise<void> {
    const lines = batches.flatMap(({ rollback }) => rollback);
    if (lines.length === 0) return;
    this.told(undefined);
    // Exit 1: some lines had nothing to undo. Exit 255: one named a device that is not there, and was the last.
    const argv = ['ip', '-force', '-batch', '-'] as const;
    await this.runner.run({ argv, stdin: textOf(lines), allowedExitCodes: [0, 1, 255] });
  }

  async attempt(lines: readonly string[]): Promise<CommandFailed | undefined> {
    this.told(undefined);
    try {
      const argv = ['ip', '-batch', '-', '-json', '-details'] as const;
      const { stdout } = await this.runner.run({ argv, stdin: textOf([...lines, SHOW_LINKS]) });
      this.told(stdout);
      return undefined;
    } catch (error) {
      if (error instanceof CommandFailed) return error;
      throw error;
    }
  }
}

/** The batch that holds the line which the message names ("Command failed -:3"). */
export function culpritIn(batches: readonly LinkBatch[], failure: CommandFailed): number | undefined {
  const number = /Command failed -:(\d+)/.exec(failure.stderr)?.[1];
  if (number === undefined) return undefined;
  let last = 0;
  const index = batches.findIndex(({ lines }) => {
    last += lines.length;
    return Number(number) <= last;
  });
  return index === -1 ? undefined : index;
}

function problemWith({ subject, blocks, floatingIps }: LinkBatch, failure: CommandFailed): ConvergeProblem {
  return {
    subject,
    message: `ip refuses the change: ${reasonOf(failure)}`,
    ...(blocks !== undefined && { blocks }),
    ...(floatingIps.length > 0 && { floatingIps }),
  };
}

export function reasonOf(failure: CommandFailed): string {
  return failure.stderr.replace(/Command failed.*/, '').trim() || failure.message;
}

export function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
