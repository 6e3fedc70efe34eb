import { type HostPlan, withFilters } from '@novanet/host-plan';
import type { CommandRunner } from './commands/command-runner.js';
import type { ConvergeProblem, ConvergeReport, StageOutcome } from './converge-report.js';
import { DnsmasqSupervisor } from './dhcp/dnsmasq-supervisor.js';
import { applyNames } from './dns/names-file.js';
import { type AddressSets, IpSets } from './firewall/address-sets.js';
import { Firewalls, type Rulesets } from './firewall/firewalls.js';
import { findChainsOfOtherVariant } from './firewall/other-variant.js';
import { withoutBindings } from './floating-ips/binding.js';
import { FloatingIps } from './floating-ips/floating-ips.js';
import { portFinder } from './links/instance-ports.js';
import { LinkKernel } from './links/link-kernel.js';
import type { Links } from './links/link.js';
import { applySysctls, readSysctls } from './sysctl.js';

/** The rules in the kernel, and the sets that they refer to. */
interface Rules {
  readonly chains: Rulesets;
  readonly sets: AddressSets | undefined;
}

/** One Linux host that is made to match plans. */
export class LinuxHost {
  private readonly links: LinkKernel;
  private readonly firewall: Firewalls;
  private readonly sets: IpSets;
  private readonly floatingIps: FloatingIps;
  private readonly dhcp: DnsmasqSupervisor;
  /** Undefined until it was looked for: once per process, because it costs two programs. */
  private leftovers: readonly ConvergeProblem[] | undefined;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly runner: CommandRunner) {
    this.links = new LinkKernel(runner);
    this.firewall = new Firewalls(runner);
    this.sets = new IpSets(runner);
    this.floatingIps = new FloatingIps(runner, this.links);
    this.dhcp = new DnsmasqSupervisor(runner);
  }

  /**
   * Makes the host match the plan: reads its state, applies the difference, changes nothing when there is none. What
   * cannot be applied is a problem in the report, and everything else is applied. When it resolves, DHCP requests of the
   * planned hosts are answered. Calls made meanwhile wait their turn.
   *
   * Throws CommandFailed when the state of the host cannot be read (a tool is missing, no privileges).
   */
  converge(plan: HostPlan): Promise<ConvergeReport> {
    const turn = this.queue.then(() => this.convergeNow(plan));
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  private async convergeNow(plan: HostPlan): Promise<ConvergeReport> {
    const before = this.runner.executed;
    const course = new Course(plan.problems);
    const [sysctls, links, rules] = await course.time('read', () =>
      Promise.all([readSysctls(this.runner, plan.sysctls), this.links.read(), this.readRules(plan)]),
    );
    this.leftovers ??= await findChainsOfOtherVariant(this.runner);
    course.problems.push(...this.leftovers);
    await course.run('sysctl', () => applySysctls(this.runner, sysctls, plan.sysctls));
    const hasStopped = await course.time('dhcp', () =>
      this.dhcp.stopOthers(plan.networksPath, plan.dhcpServers),
    );
    const current = await this.connect(course, plan, links, rules);
    await course.run('names', () => applyNames(plan));
    await course.run('dhcp', () => this.serve(plan, current));
    return course.report(hasStopped, this.runner.executed - before);
  }

  /** Devices, addresses and rules. An address of the outside goes before its rules and comes after them. */
  private async connect(course: Course, plan: HostPlan, links: Links, rules: Rules): Promise<Links> {
    const held = await this.floatingIps.held(plan.networksPath, links, rules.chains.ipv4);
    const isReleased = await course.run('floating IPs', () => this.floatingIps.release(held, links, plan));
    const rest = isReleased ? await this.links.read() : links;
    const areLinksChanged = await course.run('links', () =>
      this.links.apply(withoutBindings(rest, held), plan),
    );
    const known = course.problems.length;
    await this.filter(course, plan, links, rules);
    const doubtful = course.problems.length > known ? await this.firewall.readIpv4() : undefined;
    const current = areLinksChanged ? await this.links.read() : rest;
    await course.run('floating IPs', () => this.floatingIps.carry(held, current, plan, doubtful));
    return current;
  }

  private async readRules(plan: HostPlan): Promise<Rules> {
    const [chains, sets] = await Promise.all([this.firewall.read(plan), this.sets.read(plan.filters.sets)]);
    return { chains, sets };
  }

  /** Sets are there before the rules that refer to them, and go after them. */
  private async filter(course: Course, plan: HostPlan, links: Links, { chains, sets }: Rules): Promise<void> {
    const wanted = withFilters(plan, portFinder(links));
    await course.run('firewall', () => this.sets.fill(sets, plan.filters.sets));
    await course.run('firewall', () => this.firewall.apply(chains, wanted));
    await course.run('firewall', () => this.sets.prune(sets, plan.filters.sets));
  }

  private async serve(plan: HostPlan, links: Links): Promise<StageOutcome> {
    const outcomes = await Promise.all(
      plan.dhcpServers.map((server) => this.dhcp.ensure(server, links.get(server.device)?.index)),
    );
    return {
      changed: outcomes.some(({ changed }) => changed),
      problems: outcomes.flatMap(({ problems }) => problems),
    };
  }
}

/** Gathers what the stages of one converge did and how long they took. */
class Course {
  readonly problems: ConvergeProblem[];
  private readonly durations: Record<string, number> = {};
  private isChanged = false;

  constructor(problems: readonly ConvergeProblem[]) {
    this.problems = [...problems];
  }

  async run(stage: string, work: () => Promise<StageOutcome>): Promise<boolean> {
    const { changed, problems } = await this.time(stage, work);
    this.problems.push(...problems);
    this.isChanged ||= changed;
    return changed;
  }

  async time<T>(stage: string, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      const spent = (this.durations[stage] ?? 0) + performance.now() - startedAt;
      this.durations[stage] = Math.round(spent * 10) / 10;
    }
  }

  report(isChangedElsewhere: boolean, commands: number): ConvergeReport {
    const changed = this.isChanged || isChangedElsewhere;
    return { changed, commands, problems: this.problems, durations: this.durations };
  }
}
