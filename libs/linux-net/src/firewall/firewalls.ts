import type { FirewallPlan, HostPlan, RuleFamily } from '@novanet/host-plan';
import { CommandFailed, type CommandRunner } from '../commands/command-runner.js';
import type { StageOutcome } from '../converge-report.js';
import { type RuleDifference, RuleFirewall } from './rule-firewall.js';
import { ruleTools } from './rule-tool.js';
import type { Ruleset } from './ruleset.js';

/** What is in the kernel; a family that was not looked at is undefined. */
export interface Rulesets {
  readonly ipv4: Ruleset;
  readonly ipv6: Ruleset | undefined;
  readonly bridge: Ruleset | undefined;
}

const FAMILIES: readonly RuleFamily[] = ['ipv4', 'ipv6', 'bridge'];

const NO_RULES: FirewallPlan = { tables: [] };

/** The rules of all families. */
export class Firewalls {
  private readonly own: Readonly<Record<RuleFamily, RuleFirewall>>;
  /** Families in which something of ours may be: nobody else makes chains of our names. */
  private readonly inUse = new Set<RuleFamily>(['ipv4']);
  /** What an earlier life left in them nobody has looked for yet. */
  private readonly unseen = new Set<RuleFamily>(['ipv6', 'bridge']);
  /** What was last applied. */
  private wanted: HostPlan['firewall'] | undefined;

  constructor(runner: CommandRunner) {
    const firewall = (family: RuleFamily) => new RuleFirewall(runner, ruleTools[family]);
    this.own = { ipv4: firewall('ipv4'), ipv6: firewall('ipv6'), bridge: firewall('bridge') };
  }

  /** @param isTrusted whether nothing was heard of a change of rules since the last converge */
  begin(isTrusted: boolean): void {
    for (const family of FAMILIES) {
      const own = this.own[family];
      if (!isTrusted || (!own.isTold && !own.isBare)) own.forget();
    }
  }

  /** Whether iptables is its nft variant, of whose changes the kernel tells; undefined when nobody knows yet. */
  get isTold(): boolean | undefined {
    return this.own.ipv4.isTold;
  }

  /** The families that the plan needs, or that an earlier one did. Executes nothing for what is known. Throws CommandFailed. */
  async current({ firewall, filters }: Pick<HostPlan, 'firewall' | 'filters'>): Promise<Rulesets> {
    for (const family of FAMILIES) {
      if (isUsed(firewall[family]) || isFiltered(filters, family)) this.inUse.add(family);
    }
    const read = (family: RuleFamily) => (this.inUse.has(family) ? this.own[family].current() : undefined);
    const [ipv4, ipv6, bridge] = await Promise.all([this.own.ipv4.current(), read('ipv6'), read('bridge')]);
    return { ipv4, ipv6, bridge };
  }

  readIpv4(): Promise<Ruleset> {
    return this.own.ipv4.read();
  }

  /** Applies the differences: one execution for each family that differs. */
  async apply(actual: Rulesets, plan: HostPlan['firewall']): Promise<StageOutcome> {
    this.wanted = plan;
    const looked = FAMILIES.flatMap((family) => {
      const rules = actual[family];
      return rules === undefined ? [] : [{ family, rules }];
    });
    return together(
      await Promise.all(looked.map(({ family, rules }) => this.applyFamily(family, rules, plan[family]))),
    );
  }

  /** What {@link apply} would change. Changes nothing. */
  differences(actual: Rulesets, plan: HostPlan['firewall']): RuleDifference[] {
    return FAMILIES.flatMap((family) => {
      const rules = actual[family];
      return rules === undefined ? [] : this.own[family].differences(rules, plan[family]);
    });
  }

  /**
   * What an earlier life left in families that no plan has asked for since.
   * @param present the families that have any rules at all; undefined: nobody knows, each has to be looked into
   */
  async removeLeftovers(present: ReadonlySet<RuleFamily> | undefined): Promise<StageOutcome> {
    const due = [...this.unseen].filter((family) => !present || present.has(family));
    const outcomes = await Promise.all(due.map((family) => this.clear(family)));
    this.unseen.clear();
    return together(outcomes);
  }

  /** Whether somebody changed what was applied: one execution for each family with rules. Throws CommandFailed. */
  async isOff(): Promise<boolean> {
    const plan = this.wanted;
    if (!plan) return false;
    const used = FAMILIES.filter((family) => isUsed(plan[family]));
    const findings = await Promise.all(
      used.map(async (family) => this.own[family].isOff(await this.own[family].read(), plan[family])),
    );
    return findings.includes(true);
  }

  private async clear(family: RuleFamily): Promise<StageOutcome> {
    try {
      return await this.applyFamily(family, await this.own[family].read(), NO_RULES);
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      // a host without the program has none of its rules
      return together([]);
    }
  }

  private async applyFamily(family: RuleFamily, rules: Ruleset, plan: FirewallPlan): Promise<StageOutcome> {
    const outcome = await this.own[family].apply(rules, plan);
    this.unseen.delete(family);
    if (family === 'ipv4' || isUsed(plan) || outcome.problems.length > 0) this.inUse.add(family);
    else this.inUse.delete(family);
    return outcome;
  }
}

function together(outcomes: readonly StageOutcome[]): StageOutcome {
  return {
    changed: outcomes.some(({ changed }) => changed),
    subjects: outcomes.flatMap(({ subjects = [] }) => subjects),
    problems: outcomes.flatMap(({ problems }) => problems),
  };
}

/** Whether instances, when they are there, have rules in the family. */
function isFiltered({ instances }: HostPlan['filters'], family: RuleFamily): boolean {
  if (family !== 'ipv6') return instances.length > 0;
  return instances.some(({ ports }) => ports.some(({ packets }) => packets.ipv6.length > 0));
}

function isUsed({ tables }: FirewallPlan): boolean {
  return tables.length > 0;
}
