import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { HostPlan, RouterAdvertisementPlan } from '@novanet/host-plan';
import { CommandFailed, type CommandRunner } from '../commands/command-runner.js';
import type { ConvergeProblem, StageOutcome } from '../converge-report.js';
import { filesIn } from '../files/files-in.js';
import { makeDirectory } from '../files/make-directory.js';
import { readIfExists, replaceFile } from '../files/replace-file.js';
import { LivingServers } from '../processes/living-servers.js';
import { findRadvd, isRadvdAlive, reloadRadvd, silenceRadvd, stopRadvd } from './radvd-process.js';

const START_LIMIT_MS = 10_000;

/** nova's name of a configuration: ours, and those of an earlier life. */
const CONFIG_NAME = /^nova-ra-.+\.conf$/;

/** Keeps one radvd per plan alive and right. They are daemons: they advertise on while the worker restarts. */
export class RadvdSupervisor {
  private readonly living = new LivingServers(isRadvdAlive);

  constructor(private readonly runner: CommandRunner) {}

  /** The devices whose radvd ran and runs no more. Executes nothing. */
  dead(): string[] {
    return this.living.dead();
  }

  /** Stops those of earlier plans and removes their files, the configuration last: it is what they are found by. */
  async stopOthers({ networksPath, routerAdvertisements }: HostPlan): Promise<StageOutcome> {
    this.living.keepOnly(new Set(routerAdvertisements.map(({ pidFile }) => pidFile)));
    const leaving = otherConfigs({ networksPath, routerAdvertisements });
    for (const config of leaving) {
      const pidFile = config.replace(/\.conf$/, '.pid');
      await stopRadvd(pidFile);
      for (const path of [pidFile, unreadMark(config), config]) await rm(path, { force: true });
    }
    const subjects = leaving.map((path) => basename(path, '.conf'));
    return { changed: leaving.length > 0, subjects, problems: [] };
  }

  /** What {@link stopOthers} would stop. */
  others(plan: HostPlan): string[] {
    return otherConfigs(plan).map((path) => basename(path, '.conf'));
  }

  /** What {@link ensure} would have to set right, in words. Changes nothing. */
  difference(plan: RouterAdvertisementPlan): string | undefined {
    if (findRadvd(plan.pidFile) === undefined) return 'no radvd runs for it';
    return isKnown(plan) ? undefined : 'its radvd was told something else';
  }

  /** Starts what is not running, and tells the others what has changed; none is started again for that. */
  async ensure(plan: HostPlan): Promise<StageOutcome> {
    const outcomes = await Promise.all(
      plan.routerAdvertisements.map((one) => this.ensureOne(one, needsIpv6(plan, one))),
    );
    return {
      changed: outcomes.some(({ changed }) => changed),
      subjects: outcomes.flatMap(({ subjects = [] }) => subjects),
      problems: outcomes.flatMap(({ problems }) => problems),
    };
  }

  private async ensureOne(plan: RouterAdvertisementPlan, isNeeded: boolean): Promise<StageOutcome> {
    try {
      const changed = await this.bring(plan);
      const pid = findRadvd(plan.pidFile);
      if (pid !== undefined) this.living.note(plan.pidFile, { device: plan.device, pid });
      return { changed, subjects: changed ? [plan.device] : [], problems: [] };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const message = `instances of ${plan.device} get no IPv6 address: ${reasonOf(error)}`;
      const problem: ConvergeProblem = { subject: plan.device, message };
      return { changed: true, problems: [isNeeded ? { ...problem, blocks: plan.device } : problem] };
    }
  }

  /** Answers whether there was anything to do. */
  private async bring(plan: RouterAdvertisementPlan): Promise<boolean> {
    const pid = findRadvd(plan.pidFile);
    if (pid === undefined) await this.start(plan);
    else if (isKnown(plan)) return false;
    else await tell(pid, plan);
    return true;
  }

  private async start({ pidFile, config, arguments: args }: RouterAdvertisementPlan): Promise<void> {
    await silenceRadvd(pidFile);
    await rm(pidFile, { force: true });
    makeDirectory(dirname(config.path));
    replaceFile(config.path, config.content);
    await this.runner.run({ argv: ['radvd', ...args], timeoutMs: START_LIMIT_MS });
    await rm(unreadMark(config.path), { force: true });
  }
}

type Advertised = Pick<HostPlan, 'networksPath' | 'routerAdvertisements'>;

function otherConfigs({ networksPath, routerAdvertisements }: Advertised): string[] {
  const kept = new Set(routerAdvertisements.map(({ config }) => config.path));
  const found = filesIn(networksPath).filter((name) => CONFIG_NAME.test(name));
  return found.map((name) => join(networksPath, name)).filter((path) => !kept.has(path));
}

/** A worker that dies between the file and the signal leaves the mark behind: the next one sends the signal again. */
async function tell(pid: number, { config }: RouterAdvertisementPlan): Promise<void> {
  const mark = unreadMark(config.path);
  replaceFile(mark, '');
  replaceFile(config.path, config.content);
  reloadRadvd(pid);
  await rm(mark);
}

/** Whether the running radvd was told what the plan says. */
function isKnown({ config }: RouterAdvertisementPlan): boolean {
  if (readIfExists(config.path) !== config.content) return false;
  return readIfExists(unreadMark(config.path)) === undefined;
}

function unreadMark(config: string): string {
  return join(dirname(config), `.${basename(config)}.unread`);
}

/** Instances that have IPv4 are served also without. */
function needsIpv6({ bridges }: HostPlan, { device }: RouterAdvertisementPlan): boolean {
  const bridge = bridges.find(({ name }) => name === device);
  return !bridge?.addresses.some(({ address }) => address.version === 4);
}

function reasonOf(error: Error): string {
  if (!(error instanceof CommandFailed)) return error.message;
  return isNotInstalled(error)
    ? 'there is no program radvd, install the Debian package radvd'
    : error.stderr.trim() || error.message;
}

/** In the words of the runtime, or of the program that was to start it in a namespace. */
function isNotInstalled({ stderr }: CommandFailed): boolean {
  return /spawn radvd ENOENT|exec of "radvd" failed: No such file/.test(stderr);
}
