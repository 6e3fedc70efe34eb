import type { HostPlan, VlanPlan } from '@novanet/host-plan';
import { CommandFailed, type CommandRunner } from '../commands/command-runner.js';
import type { ConvergeProblem, StageOutcome } from '../converge-report.js';
import { diffLeaving, diffPlanned } from './diff-links.js';
import { diffVlans, noVlansProblem } from './diff-vlans.js';
import { drainGroups } from './drain-links.js';
import { type Links, parseLinks } from './link.js';
import { LinkMemory } from './link-memory.js';
import { type LinkBatch, type LinkGroup, needsRoutes, renderGroup } from './link-group.js';
import { parseRoutes, type Route } from './route.js';

/** Devices, addresses and routes, through iproute2. */
export class LinkKernel {
  /** What was there at the last look, and what was heard since. */
  readonly memory = new LinkMemory();

  constructor(private readonly runner: CommandRunner) {}

  /** Throws CommandFailed when `ip` is missing. */
  async read(): Promise<Links> {
    const { stdout } = await this.runner.run({ argv: ['ip', '-json', '-details', 'addr', 'show'] });
    const links = parseLinks(stdout);
    this.memory.learn(links);
    return links;
  }

  /**
   * Applies the difference between what {@link read} said and the plan: one execution, or none; one more each when
   * networks have left, and when VLAN devices come or go.
   */
  async apply(links: Links, plan: HostPlan): Promise<StageOutcome> {
    const leaving = diffLeaving(links, plan).groups;
    const problems = await this.change(leaving);
    const left = leaving.length > 0 ? await this.read() : links;
    const vlans = diffVlans(left, plan.vlans);
    const refused = await this.changeVlans(vlans.groups, plan.vlans);
    problems.push(...vlans.problems, ...refused);
    const ready = vlans.groups.length > 0 ? await this.read() : left;
    const planned = diffPlanned(ready, plan);
    const returning = this.memory.returning(ready, plan.bridges);
    problems.push(...planned.problems, ...(await this.change([...planned.groups, ...returning])));
    // A kernel without VLANs is asked each time, and stays as it is.
    const others = [...leaving, ...planned.groups, ...returning];
    const isChanged = others.length > 0 || vlans.groups.length > refused.length;
    const failed = new Set(problems.map(({ subject }) => subject));
    const subjects = [...others, ...vlans.groups].map(({ subject }) => subject);
    return { changed: isChanged, subjects: subjects.filter((subject) => !failed.has(subject)), problems };
  }

  /** What has to be done before a plan of nothing takes everything of ours away. */
  async drain(addresses: HostPlan['addresses']): Promise<StageOutcome> {
    const groups = drainGroups(await this.read(), addresses);
    const subjects = groups.map(({ subject }) => subject);
    return { changed: groups.length > 0, subjects, problems: await this.change(groups) };
  }

  /** The changes that fail are undone and reported; the others are made. One execution, or none. */
  async change(groups: readonly LinkGroup[]): Promise<ConvergeProblem[]> {
    if (groups.length === 0) return [];
    const routes = needsRoutes(groups) ? await this.readRoutes() : [];
    return this.execute(groups.map((group) => renderGroup(group, routes)));
  }

  /** A kernel without VLANs is asked once for all of them, and not once for each. */
  private changeVlans(groups: readonly LinkGroup[], vlans: readonly VlanPlan[]): Promise<ConvergeProblem[]> {
    const refused = vlans.filter(({ name }) => groups.some(({ subject }) => subject === name));
    return this.execute(
      groups.map((group) => renderGroup(group, [])),
      (failure) =>
        /Unknown device type|Operation not supported/.test(failure.stderr)
          ? refused.map((vlan) => noVlansProblem(vlan, reasonOf(failure)))
          : undefined,
    );
  }

  private async readRoutes(): Promise<Route[]> {
    const argv = ['ip', '-json', '-details', 'route', 'show', 'table', 'all'] as const;
    return parseRoutes((await this.runner.run({ argv })).stdout);
  }

  /**
   * All in one go; a batch that fails is undone and left out, and the rest is done.
   * @param endOf what to report of all that is left, when this failure is one that they all would meet
   */
  private async execute(
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
      for (const batch of batches) problems.push(...(await this.execute([batch], endOf)));
      return problems;
    }
    const bad = batches[culprit ?? 0];
    if (!bad) return [];
    await this.undo([bad]);
    const rest = batches.slice((culprit ?? 0) + 1);
    return [problemWith(bad, failure), ...(await this.execute(rest, endOf))];
  }

  private async undo(batches: readonly LinkBatch[]): Promise<void> {
    const lines = batches.flatMap(({ rollback }) => rollback);
    if (lines.length === 0) return;
    // Exit 1: some lines had nothing to undo.
    const argv = ['ip', '-force', '-batch', '-'] as const;
    await this.runner.run({ argv, stdin: textOf(lines), allowedExitCodes: [0, 1] });
  }

  private async attempt(lines: readonly string[]): Promise<CommandFailed | undefined> {
    try {
      await this.runner.run({ argv: ['ip', '-batch', '-'], stdin: textOf(lines) });
      return undefined;
    } catch (error) {
      if (error instanceof CommandFailed) return error;
      throw error;
    }
  }
}

/** The batch that holds the line which the message names ("Command failed -:3"). */
function culpritIn(batches: readonly LinkBatch[], failure: CommandFailed): number | undefined {
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

function reasonOf(failure: CommandFailed): string {
  return failure.stderr.replace(/Command failed.*/, '').trim() || failure.message;
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
