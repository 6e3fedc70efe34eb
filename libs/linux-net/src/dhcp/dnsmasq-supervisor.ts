import { createHash } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { DhcpServerPlan } from '@novanet/host-plan';
import { CommandFailed, type CommandRunner } from '../commands/command-runner.js';
import type { ConvergeProblem, StageOutcome } from '../converge-report.js';
import { directoryIdentity, ensureDirectoryIdentity } from '../files/directory-identity.js';
import { filesIn } from '../files/files-in.js';
import { makeDirectory } from '../files/make-directory.js';
import { readIfExists, replaceFile } from '../files/replace-file.js';
import { findDnsmasq, isDnsmasqAlive, reloadDnsmasq, stopDnsmasq } from './dnsmasq-process.js';
import { LivingServers } from '../processes/living-servers.js';
import { HostsDirectory } from './hosts-directory.js';
import { releaseLease } from './release-lease.js';

const START_LIMIT_MS = 10_000;
const SOCKET_PAUSES_MS = [10, 40, 150, 500];

/** Says with what a running dnsmasq was started, and that it is ours; stands beside its pid file. Empty: being started. */
const HASH_SUFFIX = '.hash';
const NAMES_SUFFIX = '.names.d';

/** Keeps one dnsmasq per plan alive and right. They are daemons: they serve on while the worker restarts. */
export class DnsmasqSupervisor {
  private readonly directories = new Map<string, HostsDirectory>();
  private readonly living = new LivingServers(isDnsmasqAlive);

  constructor(private readonly runner: CommandRunner) {}

  /** The devices whose servers ran and run no more. Executes nothing. */
  dead(): string[] {
    return this.living.dead();
  }

  /** Stops the servers of earlier plans and removes their files. Says which. */
  async stopOthers(networksPath: string, servers: readonly DhcpServerPlan[]): Promise<string[]> {
    const planned = new Set(servers.map(({ pidFile }) => pidFile));
    this.living.keepOnly(planned);
    const leaving = otherHashFiles(networksPath, servers);
    for (const hashFile of leaving) {
      const stem = hashFile.slice(0, -HASH_SUFFIX.length);
      await stopDnsmasq(`${stem}.pid`);
      for (const suffix of ['.pid', '.opts', '.leases', '.hosts.d', NAMES_SUFFIX, HASH_SUFFIX]) {
        await rm(stem + suffix, { recursive: true, force: true });
      }
    }
    return leaving.map((path) => basename(path, HASH_SUFFIX));
  }

  /** The servers of earlier plans, which {@link stopOthers} would stop. */
  others(networksPath: string, servers: readonly DhcpServerPlan[]): string[] {
    return otherHashFiles(networksPath, servers).map((path) => basename(path, HASH_SUFFIX));
  }

  /** What {@link ensure} would have to set right, in words. Changes nothing. */
  async difference(plan: DhcpServerPlan, deviceIndex: number | undefined): Promise<string | undefined> {
    if (findDnsmasq(plan.pidFile) === undefined) return 'no dnsmasq runs for it';
    if (readIfExists(hashFileOf(plan.pidFile)) !== hashOf(plan, deviceIndex)) {
      return 'its dnsmasq was started with something else';
    }
    if (await this.hostsIn(plan.hostsDirectory).differs(plan.hosts)) {
      return 'its dnsmasq was not told of the instances as they are';
    }
    return areNamesWritten(plan) ? undefined : 'its dnsmasq does not know the names of its instances';
  }

  /**
   * Starts the server when it is dead or was started otherwise, else only tells it its hosts; then gives up leases.
   * @param deviceIndex of the bridge: a server that was bound to a deleted bridge hears nothing from the next of its name
   */
  async ensure(plan: DhcpServerPlan, deviceIndex: number | undefined): Promise<StageOutcome> {
    this.living.forget(plan.pidFile);
    try {
      const hosts = this.hostsIn(plan.hostsDirectory);
      const restart = () => this.restart(plan, hosts, deviceIndex);
      const running = findDnsmasq(plan.pidFile);
      const isCurrent =
        running !== undefined && readIfExists(hashFileOf(plan.pidFile)) === hashOf(plan, deviceIndex);
      const isTold = isCurrent && (await hosts.update(plan.hosts, () => this.reload(plan, running, restart)));
      if (!isCurrent) await restart();
      const changed = writeNames(plan) || isTold || !isCurrent;
      const pid = changed ? findDnsmasq(plan.pidFile) : running;
      if (pid !== undefined) this.living.note(plan.pidFile, { device: plan.device, pid });
      return {
        changed: changed || plan.releases.length > 0,
        subjects: changed ? [plan.device] : [],
        problems: await this.release(plan),
      };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const reason = error instanceof CommandFailed ? error.stderr.trim() : error.message;
      const message = `no DHCP server can run on ${plan.device}: ${reason}`;
      return { changed: true, problems: [{ subject: plan.device, message, blocks: plan.device }] };
    }
  }

  private hostsIn(path: string): HostsDirectory {
    const known = this.directories.get(path) ?? new HostsDirectory(path);
    this.directories.set(path, known);
    return known;
  }

  private async reload(plan: DhcpServerPlan, pid: number, restart: () => Promise<void>): Promise<void> {
    if (!plan.hasTags) return reloadDnsmasq(pid);
    // The next one does not know the leases that are to be given up, so it could not say that they ended.
    await this.release(plan);
    await restart();
  }

  private async restart(
    plan: DhcpServerPlan,
    hosts: HostsDirectory,
    deviceIndex: number | undefined,
  ): Promise<void> {
    await stopDnsmasq(plan.pidFile);
    await rm(plan.pidFile, { force: true });
    for (const directory of plan.directories) makeDirectory(directory);
    // A worker that dies before it writes the hash leaves a server behind that the next one knows to be ours, and outdated.
    replaceFile(hashFileOf(plan.pidFile), '');
    await hosts.prepare(plan.hosts);
    ensureDirectoryIdentity(plan.hostsDirectory);
    if (plan.instanceNames) ensureDirectoryIdentity(dirname(plan.instanceNames.path));
    else await rm(stemOf(plan.pidFile) + NAMES_SUFFIX, { recursive: true, force: true });
    writeNames(plan);
    for (const { path, content } of [...plan.files, plan.leases]) replaceFile(path, content);
    const environment = Object.entries(plan.environment).map(([name, value]) => `${name}=${value}`);
    const user = (await isOpenToNobody(plan.hostsDirectory)) ? [] : ['--user=root'];
    const argv = ['env', ...environment, 'dnsmasq', ...plan.arguments, ...user] as const;
    await this.start(argv);
    replaceFile(hashFileOf(plan.pidFile), hashOf(plan, deviceIndex));
  }

  /** A process that was killed keeps its sockets a moment longer than the command line by which it could be found. */
  private async start(argv: readonly [string, ...string[]]): Promise<void> {
    for (const pauseMs of SOCKET_PAUSES_MS) {
      try {
        await this.runner.run({ argv, timeoutMs: START_LIMIT_MS });
        return;
      } catch (error) {
        if (!(error instanceof CommandFailed) || !error.stderr.includes('Address already in use'))
          throw error;
        await delay(pauseMs);
      }
    }
    await this.runner.run({ argv, timeoutMs: START_LIMIT_MS });
  }

  /** Leases that stay block nobody: the addresses are only free later. */
  private async release({ device, releases }: DhcpServerPlan): Promise<ConvergeProblem[]> {
    const problems: ConvergeProblem[] = [];
    for (const leased of releases) {
      try {
        await releaseLease(this.runner, device, leased);
      } catch (error) {
        if (!(error instanceof CommandFailed)) throw error;
        const lease = `the lease of ${leased.address.toString()} by ${leased.mac.toString()}`;
        problems.push({ subject: device, message: `${lease} was not given up: ${error.stderr.trim()}` });
      }
    }
    return problems;
  }
}

/** dnsmasq takes a new file for the old one, without a signal. Says whether there is one. */
function writeNames(plan: DhcpServerPlan): boolean {
  const { instanceNames } = plan;
  if (!instanceNames || areNamesWritten(plan)) return false;
  replaceFile(instanceNames.path, instanceNames.content);
  return true;
}

function areNamesWritten({ instanceNames }: DhcpServerPlan): boolean {
  return !instanceNames || readIfExists(instanceNames.path) === instanceNames.content;
}

function otherHashFiles(networksPath: string, servers: readonly DhcpServerPlan[]): string[] {
  const kept = new Set(servers.map(({ pidFile }) => hashFileOf(pidFile)));
  const found = filesIn(networksPath).filter((name) => /^nova-.*\.hash$/.test(name));
  return found.map((name) => join(networksPath, name)).filter((path) => !kept.has(path));
}

function hashFileOf(pidFile: string): string {
  return stemOf(pidFile) + HASH_SUFFIX;
}

function stemOf(pidFile: string): string {
  return pidFile.replace(/\.pid$/, '');
}

/** Of what dnsmasq is started with, the device and the directories included that it finds. */
function hashOf(plan: DhcpServerPlan, deviceIndex: number | undefined): string {
  const names = plan.instanceNames ? [dirname(plan.instanceNames.path)] : [];
  const watched = [plan.hostsDirectory, plan.namesDirectory, ...names].map(directoryIdentity);
  const start = [plan.arguments, plan.environment, plan.files, [deviceIndex, ...watched]];
  return createHash('sha256').update(JSON.stringify(start)).digest('hex');
}

/**
 * dnsmasq becomes `nobody`; where that user cannot enter (networks_path below somebody's home, say) it would start, log
 * one line and serve no host at all. There it has to stay root.
 */
async function isOpenToNobody(directory: string): Promise<boolean> {
  for (let path = directory; ; path = dirname(path)) {
    const { mode } = await stat(path);
    const needed = path === directory ? 0o005 : 0o001;
    if ((mode & needed) !== needed) return false;
    if (path === dirname(path)) return true;
  }
}
