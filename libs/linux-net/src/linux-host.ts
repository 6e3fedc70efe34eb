import { type HostPlan, withFilters } from '@novanet/host-plan';
import type { CommandRunner } from './commands/command-runner.js';
import type { ConvergeReport, StageOutcome } from './converge-report.js';
import { Course } from './course.js';
import { DnsmasqSupervisor } from './dhcp/dnsmasq-supervisor.js';
import { applyNames } from './dns/names-file.js';
import { HostExaminer } from './examine/host-examiner.js';
import type { HostExamination } from './examine/host-finding.js';
import { type AddressSets, IpSets } from './firewall/address-sets.js';
import { Firewalls, type Rulesets } from './firewall/firewalls.js';
import { withoutBindings } from './floating-ips/binding.js';
import { FloatingIps } from './floating-ips/floating-ips.js';
import { portFinder } from './links/instance-ports.js';
import { LinkKernel } from './links/link-kernel.js';
import type { LinkMemory } from './links/link-memory.js';
import type { Links } from './links/link.js';
import { Leftovers } from './leftovers.js';
import { Netlink } from './netlink/netlink.js';
import { PeerGuard, type PeerSafety } from './lost-peers/peer-guard.js';
import { RadvdSupervisor } from './radvd/radvd-supervisor.js';
import { applySysctls, readSysctls, type Sysctls } from './sysctl.js';

/** What a host looks like before a converge. */
interface HostState {
  readonly sysctls: Sysctls;
  readonly links: Links;
  readonly rules: Rules;
}

/** The rules in the kernel, and the sets that they refer to. */
interface Rules {
  readonly chains: Rulesets;
  readonly sets: AddressSets;
}

/** What of a host is still as the last converge left it, as far as somebody knows who heard all that happened since. */
export interface Unchanged {
  readonly links: boolean;
  readonly rules: boolean;
  readonly sets: boolean;
}

/** The parts of a host that know what is there. */
export interface WatchedParts {
  readonly links: LinkMemory;
  /** The devices after the last converge; undefined when they are not known. */
  readonly remembered: Links | undefined;
  /** `isTold`: whether the kernel tells of changes of rules; undefined when nobody knows yet. */
  readonly firewall: Pick<Firewalls, 'isOff' | 'isTold'>;
  /** Those who look after processes: the devices whose processes ran and run no more. */
  readonly servers: readonly { dead(): readonly string[] }[];
}

const NOBODY_KNOWS: Unchanged = { links: false, rules: false, sets: false };

/** What is left of a plan when this host is drained. */
const NOTHING = {
  sysctls: [],
  vlans: [],
  bridges: [],
  addresses: [],
  floatingIps: [],
  firewall: { ipv4: { tables: [] }, ipv6: { tables: [] }, bridge: { tables: [] } },
  filters: { sets: [], instances: [], provider: { ipv4: [], ipv6: [] } },
  dhcpServers: [],
  routerAdvertisements: [],
} as const satisfies Partial<HostPlan>;

/** One Linux host that is made to match plans. */
export class LinuxHost {
  private readonly links: LinkKernel;
  private readonly firewall: Firewalls;
  private readonly sets: IpSets;
  private readonly floatingIps: FloatingIps;
  private readonly dhcp: DnsmasqSupervisor;
  private readonly radvd: RadvdSupervisor;
  private readonly leftovers: Leftovers;
  private queue: Promise<unknown> = Promise.resolve();

  /** @param safety whom this host must not cut off from itself */
  constructor(
    private readonly runner: CommandRunner,
    safety: PeerSafety = { endpoints: [] },
  ) {
    const netlink = new Netlink(runner);
    this.links = new LinkKernel(runner, new PeerGuard(runner, safety));
    this.firewall = new Firewalls(runner);
    this.sets = new IpSets(runner);
    this.floatingIps = new FloatingIps(netlink, this.links);
    this.dhcp = new DnsmasqSupervisor(runner);
    this.radvd = new RadvdSupervisor(runner);
    this.leftovers = new Leftovers({ runner, netlink, firewall: this.firewall, sets: this.sets });
  }

  /**
   * Makes the host match the plan: reads its state, applies the difference, changes nothing when there is none. What
   * cannot be applied is a problem in the report, and everything else is applied. When it resolves, DHCP requests of the
   * planned hosts are answered. Calls made meanwhile wait their turn.
   *
   * Throws CommandFailed when the state of the host cannot be read (a tool is missing, no privileges).
   */
  converge(plan: HostPlan): Promise<ConvergeReport> {
    return this.convergeFrom(() => NOBODY_KNOWS, plan);
  }

  /**
   * {@link converge}, but what is unchanged is not read: it is as the last converge left it.
   * @param unchanged asked when it begins
   */
  convergeFrom(unchanged: () => Unchanged, plan: HostPlan): Promise<ConvergeReport> {
    return this.inTurn(() => this.convergeNow(plan, unchanged()));
  }

  /**
   * Takes away everything of ours and gives interfaces back what they had; what others made stays. Instances that are
   * still there lose their network. Packets are forwarded as before: others may rely on it.
   * @param plan of this host without networks: it says where our files are
   */
  drain(plan: HostPlan): Promise<ConvergeReport> {
    return this.inTurn(() => this.drainNow(plan));
  }

  /** Compares the host with the plan and changes nothing; waits for its turn as {@link converge} does. */
  examine(plan: HostPlan): Promise<HostExamination> {
    return this.inTurn(() => new HostExaminer(this.runner, this.links).examine(plan));
  }

  /** What a HostWatch compares with what it hears. */
  get watched(): WatchedParts {
    const { links, firewall } = this;
    return {
      links: links.memory,
      remembered: links.remembered,
      // Whoever looks at rules while they are changed would remember what is not so any more.
      firewall: { isOff: () => this.inTurn(() => firewall.isOff()), isTold: firewall.isTold },
      servers: [this.dhcp, this.radvd],
    };
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.queue.then(work);
    this.queue = turn.catch(() => undefined);
    return turn;
  }

  private async drainNow(plan: HostPlan): Promise<ConvergeReport> {
    const course = new Course(plan.problems, this.runner.executed);
    await course.run('links', () => this.links.drain(plan.addresses));
    return this.convergeNow({ ...plan, ...NOTHING }, NOBODY_KNOWS, course);
  }

  private async convergeNow(
    plan: HostPlan,
    unchanged: Unchanged,
    course = new Course(plan.problems, this.runner.executed),
  ): Promise<ConvergeReport> {
    this.begin(unchanged);
    try {
      const report = await this.run(course, plan);
      if (!course.isClean) this.begin(NOBODY_KNOWS);
      return report;
    } catch (error) {
      this.begin(NOBODY_KNOWS);
      throw error;
    }
  }

  /** Forgets what is not as it was. */
  private begin(unchanged: Unchanged): void {
    this.links.begin(unchanged.links);
    this.firewall.begin(unchanged.rules);
    this.sets.begin(unchanged.sets);
  }

  private async run(course: Course, plan: HostPlan): Promise<ConvergeReport> {
    const [sysctls, links, rules] = await course.time('read', () =>
      Promise.all([readSysctls(this.runner, plan.sysctls), this.links.look(plan), this.readRules(plan)]),
    );
    // While its bridge is still there, radvd can tell instances that they have lost their router.
    await course.run('router advertisements', () => this.radvd.stopOthers(plan));
    await course.run('dhcp', () => this.stopOthers(plan));
    const current = await this.connect(course, plan, { sysctls, links, rules });
    await this.leftovers.remove(course);
    await course.run('names', () => applyNames(plan));
    await course.run('dhcp', () => this.serve(plan, current));
    await course.run('router advertisements', () => this.radvd.ensure(plan));
    return course.report(this.runner.executed);
  }

  /**
   * Devices, addresses, settings (some come with a device) and rules. An address of the outside goes before its rules and
   * comes after them.
   */
  private async connect(
    course: Course,
    plan: HostPlan,
    { sysctls, links, rules }: HostState,
  ): Promise<Links> {
    const held = this.floatingIps.held(plan.networksPath, links, rules.chains.ipv4);
    await course.run('floating IPs', () => this.floatingIps.release(held, links, plan));
    const rest = await this.links.certain(plan, (found) => withoutBindings(found, held));
    await course.run('links', () => this.links.apply(rest, plan));
    const current = await this.links.current();
    await course.run('sysctl', () =>
      applySysctls(this.runner, sysctls, plan.sysctls, { before: links, now: current }),
    );
    const known = course.problems.length;
    await this.filter(course, plan, current, rules, () => this.floatingIps.prepare(held, current, plan));
    const doubtful = course.problems.length > known ? await this.firewall.readIpv4() : undefined;
    await course.run('floating IPs', () => this.floatingIps.carry(held, current, plan, doubtful));
    return current;
  }

  private async readRules(plan: HostPlan): Promise<Rules> {
    const [chains, sets] = await Promise.all([
      this.firewall.current(plan),
      this.sets.current(plan.filters.sets),
    ]);
    return { chains, sets };
  }

  /**
   * Sets are there before the rules that refer to them, and go after them.
   * @param meanwhile what can be begun while the rules are restored
   */
  private async filter(
    course: Course,
    plan: HostPlan,
    links: Links,
    { chains, sets }: Rules,
    meanwhile: () => void,
  ): Promise<void> {
    const wanted = withFilters(plan, portFinder(links));
    await course.run('firewall', () => this.sets.fill(sets, plan.filters.sets));
    const applied = course.run('firewall', () => this.firewall.apply(chains, wanted));
    meanwhile();
    await applied;
    await course.run('firewall', () => this.sets.prune(sets, plan.filters.sets));
  }

  private async stopOthers({ networksPath, dhcpServers }: HostPlan): Promise<StageOutcome> {
    const subjects = await this.dhcp.stopOthers(networksPath, dhcpServers);
    return { changed: subjects.length > 0, subjects, problems: [] };
  }

  private async serve(plan: HostPlan, links: Links): Promise<StageOutcome> {
    const outcomes = await Promise.all(
      plan.dhcpServers.map((server) => this.dhcp.ensure(server, links.get(server.device)?.index)),
    );
    return {
      changed: outcomes.some(({ changed }) => changed),
      subjects: outcomes.flatMap(({ subjects = [] }) => subjects),
      problems: outcomes.flatMap(({ problems }) => problems),
    };
  }
}
