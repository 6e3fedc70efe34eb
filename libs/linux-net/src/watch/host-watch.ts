import type { HostPlan } from '@novanet/host-plan';
import type { CommandRunner, ProgramFollower } from '../commands/command-runner.js';
import type { ConvergeReport } from '../converge-report.js';
import type { LinuxHost, Unchanged } from '../linux-host.js';
import { Budget } from './budget.js';
import { Doubts } from './doubts.js';
import { Expectations } from './expectations.js';
import { Faults, type Finding } from './faults.js';
import { KERNEL_EVENTS, parseKernelEvent } from './kernel-event.js';
import { PortWatch } from './port-watch.js';
import { isForeignChange, RULE_EVENTS } from './rule-events.js';
import { SteadyProgram } from './steady-program.js';

/** What a {@link HostWatch} works with. */
export interface HostWatchParts {
  readonly host: LinuxHost;
  readonly runner: CommandRunner & ProgramFollower;
  /** Makes the host match again, by way of {@link HostWatch.converge}. */
  readonly mend: (faults: readonly string[]) => Promise<unknown>;
  /** Lets filters follow the ports of instances, in the same way. Absent: nobody filters here. */
  readonly followPorts?: () => Promise<unknown>;
  readonly log: { warn(fields: object, message: string): void };
}

/** Changes come in groups: they are looked at when no more follow, or at the latest after so long. */
const QUIET_MS = 100;
const LONGEST_WAIT_MS = 500;
/** Mends at once, and the time after which there may be one more: somebody may be working against us. */
const MENDS = 10;
const MEND_REFILL_MS = 5000;
const RETRY_MS = 1000;
/** To look costs a read of /proc for each server. */
const SERVER_POLL_MS = 200;
/** Others change rules often: to look at ours costs an execution. */
const RULE_PAUSE_MS = 1000;
/** Where nothing tells of changed rules; whoever flushes a table waits no longer than two seconds for it. */
const RULE_POLL_MS = 1500;

/**
 * Sees that the host is not as planned any more: listens to the kernel, and looks after the DHCP servers' processes. Runs
 * no program as long as nothing happens that contradicts the plan; only rules of iptables' legacy variant, of which the
 * kernel does not tell, are compared again and again.
 */
export class HostWatch {
  private readonly faults = new Faults();
  private readonly budget = new Budget(MENDS, MEND_REFILL_MS);
  private readonly ports: PortWatch | undefined;
  private readonly kernel: SteadyProgram;
  private readonly rules: SteadyProgram;
  private readonly polls: NodeJS.Timeout[] = [];
  private plan: HostPlan | undefined;
  private expectations: Expectations | undefined;
  private readonly doubts = new Doubts();
  private areRulesDoubtful = false;
  private rulesSeenAt = -Infinity;
  private underWay = 0;
  private waitingSince: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private isStopped = false;

  constructor(private readonly parts: HostWatchParts) {
    this.ports = parts.followPorts && new PortWatch(parts.followPorts);
    this.kernel = this.listen(
      KERNEL_EVENTS,
      (line) => this.hearKernel(line),
      () => this.loseEvents(),
    );
    this.rules = this.listen(
      RULE_EVENTS,
      (line) => this.hearRules(line),
      () => this.doubtRules(),
    );
  }

  /** Resolves when nothing escapes it. The host is to be converged after that. */
  async start(): Promise<void> {
    await Promise.all([this.kernel.start(), this.rules.start()]);
    this.repeat(SERVER_POLL_MS, () => {
      this.lookAfterServers().catch((error: unknown) =>
        this.parts.log.warn({ error }, 'servers not looked after'),
      );
    });
    this.repeat(RULE_POLL_MS, () => {
      if (!this.rules.isListening) this.doubtRules();
    });
  }

  /**
   * {@link LinuxHost.converge}, and from now on this plan is what the host is watched for. What nothing was heard of since
   * the last one is not read again.
   * @param isLook everything is read: of some changes nobody tells
   */
  async converge(plan: HostPlan, isLook = false): Promise<ConvergeReport> {
    this.plan = plan;
    this.expectations = new Expectations(plan);
    const taken = this.faults.take();
    let wereRulesDoubtful = false;
    const unchanged = () => {
      wereRulesDoubtful = this.areRulesDoubtful;
      return this.beginLook(isLook);
    };
    this.underWay += 1;
    try {
      const report = await this.parts.host.convergeFrom(unchanged, plan);
      if (report.changes.length === 0) this.faults.giveUp(taken);
      return report;
    } catch (error) {
      this.faults.putBack(taken);
      this.areRulesDoubtful ||= wereRulesDoubtful;
      throw error;
    } finally {
      this.underWay -= 1;
      // It hears nothing of the legacy variant.
      if (this.parts.host.watched.firewall.isTold === false) this.rules.stop();
      this.wakeIfDue();
    }
  }

  /** Resolves when a mend that is under way has ended. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    for (const poll of this.polls) clearInterval(poll);
    this.ports?.stop();
    this.kernel.stop();
    this.rules.stop();
    await this.looking;
  }

  /** @returns what need not be read. What is read will be seen as it is now. */
  private beginLook(isWhole: boolean): Unchanged {
    const { remembered } = this.parts.host.watched;
    const isHeard = !isWhole && this.kernel.isListening && remembered !== undefined;
    const links = isHeard && this.doubts.agreeWith(remembered);
    if (!links) this.doubts.clear();
    const rules = !isWhole && this.rules.isListening && !this.areRulesDoubtful;
    this.areRulesDoubtful = false;
    return { links, rules, sets: !isWhole };
  }

  private listen(
    argv: readonly [string, ...string[]],
    line: (text: string) => void,
    resumed: () => void,
  ): SteadyProgram {
    const failed = (reason: string) =>
      this.parts.log.warn({ program: argv[0], reason }, 'the kernel is not listened to for a moment');
    return new SteadyProgram(this.parts.runner, argv, { line, resumed, failed });
  }

  private repeat(everyMs: number, task: () => void): void {
    if (!this.isStopped) this.polls.push(setInterval(task, everyMs));
  }

  private hearKernel(line: string): void {
    const event = parseKernelEvent(line);
    // `ip` says so when the kernel told more than it could take.
    if (!event && line.includes('receive error')) this.loseEvents();
    if (!event) return;
    if (event.kind === 'link') this.ports?.hear(event);
    this.doubts.hear(event);
    const { isNew, left } =
      event.kind === 'link' ? this.parts.host.watched.links.hear(event) : { isNew: false };
    const findings = [
      this.expectations?.judge(event, isNew),
      left === undefined ? undefined : this.expectations?.judgeLeft(left),
    ];
    for (const finding of findings) if (finding) this.find(finding);
  }

  private hearRules(line: string): void {
    if (isForeignChange(line, (pid) => this.parts.runner.hasStarted(pid))) this.doubtRules();
  }

  private loseEvents(): void {
    this.doubts.lose();
    this.find({ key: 'events', fault: 'events were lost', isCertain: true });
  }

  private doubtRules(): void {
    if (!this.plan) return;
    this.areRulesDoubtful = true;
    this.wake();
  }

  private async lookAfterServers(): Promise<void> {
    if (this.underWay > 0) return;
    const { servers } = this.parts.host.watched;
    const dead = servers.flatMap((one) => one.dead());
    // One that is being started again is not dead.
    if (this.underWay > 0) return;
    for (const device of dead) {
      this.find({ key: `server ${device}`, fault: `the server on ${device} is dead`, isCertain: true });
    }
  }

  private find(finding: Finding): void {
    if (this.faults.hear(finding)) this.wake();
  }

  private wakeIfDue(): void {
    if (this.areRulesDoubtful || this.faults.fresh().length > 0) this.wake();
  }

  private wake(): void {
    const now = performance.now();
    this.waitingSince ??= now;
    this.wakeAfter(Math.max(0, Math.min(QUIET_MS, this.waitingSince + LONGEST_WAIT_MS - now)));
  }

  private wakeAfter(waitMs: number): void {
    clearTimeout(this.timer);
    if (!this.isStopped) this.timer = setTimeout(() => this.lookAround(), waitMs);
  }

  /** Whoever holds it up wakes it again: a converge at its end, a look too. */
  private lookAround(): void {
    this.waitingSince = undefined;
    if (this.underWay > 0 || this.looking) return;
    this.looking = this.lookOnce();
  }

  private async lookOnce(): Promise<void> {
    const pauseMs = await this.look();
    this.looking = undefined;
    if (pauseMs === 0) this.wakeIfDue();
    else this.wakeAfter(pauseMs);
  }

  /** @returns after how long to look again, when something is left to do */
  private async look(): Promise<number> {
    try {
      const pauseMs = await this.lookAtRules();
      const fresh = this.faults.fresh();
      if (fresh.length === 0) return pauseMs;
      const waitMs = this.budget.take();
      if (waitMs === 0) await this.parts.mend(fresh);
      return waitMs;
    } catch (error) {
      this.parts.log.warn({ error }, 'host not mended');
      return RETRY_MS;
    }
  }

  private async lookAtRules(): Promise<number> {
    if (!this.areRulesDoubtful || !this.plan) return 0;
    const pauseMs = this.rulesSeenAt + RULE_PAUSE_MS - performance.now();
    if (pauseMs > 0) return pauseMs;
    this.areRulesDoubtful = false;
    this.rulesSeenAt = performance.now();
    try {
      const isOff = await this.parts.host.watched.firewall.isOff();
      const fault = isOff ? 'somebody changed our rules' : undefined;
      this.faults.hear({ key: 'rules', fault, isCertain: true });
      return 0;
    } catch (error) {
      this.areRulesDoubtful = true;
      throw error;
    }
  }
}
