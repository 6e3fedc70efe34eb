import type { FirewallPlan, HostPlan, RuleFamily } from '@novanet/host-plan';
import { CommandFailed, type CommandRunner } from '../commands/command-runner.js';
import type { StageOutcome } from '../converge-report.js';
import { RuleFirewall } from './rule-firewall.js';
import { ruleTools } from './rule-tool.js';
import type { Ruleset } from './ruleset.js';

/** What is in the kernel; a family that was not looked at is undefined. */
export interface Rulesets {
  readonly ipv4: Ruleset;
  readonly ipv6: Ruleset | undefined;
  readonly bridge: Ruleset | undefined;
}

const FAMILIES: readonly RuleFamily[] = ['ipv4', 'ipv6', 'bridge'];

/** The rules of all families. */
export class Firewalls {
  private readonly own: Readonly<Record<RuleFamily, RuleFirewall>>;
  /** Families in which nothing of ours is left: nobody else makes chains of our names. */
  private readonly empty = new Set<RuleFamily>();
  /** What was last applied. */
  private wanted: HostPlan['firewall'] | undefined;

  constructor(runner: CommandRunner) {
    const firewall = (family: RuleFamily) => new RuleFirewall(runner, ruleTools[family]);
    this.own = { ipv4: firewall('ipv4'), ipv6: firewall('ipv6'), bridge: firewall('bridge') };
  }

  /** The families that the plan needs, or that an earlier one did. Throws CommandFailed. */
  async read(plan: Pick<HostPlan, 'firewall' | 'filters'>): Promise<Rulesets> {
    const [ipv4, ipv6, bridge] = await Promise.all([
      this.readIpv4(),
      this.readIfNeeded('ipv6', plan),
      this.readIfNeeded('bridge', plan),
    ]);
    return { ipv4, ipv6, bridge };
  }

  private async readIfNeeded(
    family: RuleFamily,
    { firewall, filters }: Pick<HostPlan, 'firewall' | 'filters'>,
  ): Promise<Ruleset | undefined> {
    if (isUsed(firewall[family]) || filters.instances.length > 0) return this.own[family].read();
    if (this.empty.has(family)) return undefined;
    try {
      return await this.own[family].read();
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      // a host without the program has none of its rules
      this.empty.add(family);
      return undefined;
    }
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
    const outcomes = await Promise.all(
      looked.map(async ({ family, rules }) => {
        const outcome = await this.own[family].apply(rules, plan[family]);
        if (isUsed(plan[family]) || outcome.problems.length > 0) this.empty.delete(family);
        else this.empty.add(family);
        return outcome;
      }),
    );
    return {
      changed: outcomes.some(({ changed }) => changed),
      subjects: outcomes.flatMap(({ subjects = [] }) => subjects),
      problems: outcomes.flatMap(({ problems }) => problems),
    };
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
}

function isUsed({ tables }: FirewallPlan): boolean {
  return tables.length > 0;
}
