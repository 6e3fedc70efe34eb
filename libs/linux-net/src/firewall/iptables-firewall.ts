import type { FirewallPlan } from '@novanet/host-plan';
import { CommandFailed, type CommandRunner } from '../commands/command-runner.js';
import type { ConvergeProblem, StageOutcome } from '../converge-report.js';
import { type ChainUnit, diffFirewall, type TableScript } from './diff-firewall.js';
import { parseIptablesSave, type Ruleset } from './ruleset.js';

/** Seconds to wait for the lock of another iptables. */
const LOCK_SECONDS = '5';

/**
 * Brings our chains into the kernel through iptables-restore --noflush: what is not declared stays untouched, and a
 * table changes in one transaction. Works with whichever variant (nft or legacy) `iptables-save` is.
 */
export class IptablesFirewall {
  constructor(private readonly runner: CommandRunner) {}

  /** Throws CommandFailed when iptables is missing or refuses. */
  async read(): Promise<Ruleset> {
    const { stdout } = await this.runner.run({ argv: ['iptables-save'] });
    return parseIptablesSave(stdout);
  }

  /** Applies the difference between what {@link read} said and the plan: one execution, or none. */
  async apply(actual: Ruleset, plan: FirewallPlan): Promise<StageOutcome> {
    const scripts = diffFirewall(actual, plan);
    if (scripts.length === 0) return { changed: false, problems: [] };
    try {
      await this.restore(scripts);
      return { changed: true, problems: [] };
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
    }
    // Some tables may have been committed before the bad line: start again from what is there, table by table.
    const problems: ConvergeProblem[] = [];
    for (const script of diffFirewall(await this.read(), plan)) {
      problems.push(...(await this.applyTable(script)));
    }
    return { changed: true, problems };
  }

  /** Leaves out rules that iptables names as bad; when it names none, goes chain by chain. */
  private async applyTable(script: TableScript): Promise<ConvergeProblem[]> {
    const problems: ConvergeProblem[] = [];
    let rest = script;
    for (;;) {
      const failure = await this.attempt(rest);
      if (!failure) return problems;
      const culprit = culpritIn(rest, failure);
      if (culprit === undefined) break;
      problems.push(problemWith(script.table, culprit, failure));
      rest = without(rest, culprit);
    }
    await this.attempt({ ...rest, units: [] });
    for (const unit of rest.units) {
      const declarations = rest.declarations.filter((line) => line.startsWith(`:${unit.chain} `));
      const failure = await this.attempt({ table: rest.table, declarations, units: [unit] });
      if (failure) problems.push(problemWith(script.table, unit.chain, failure));
    }
    return problems;
  }

  private async attempt(script: TableScript): Promise<CommandFailed | undefined> {
    try {
      await this.restore([script]);
      return undefined;
    } catch (error) {
      if (error instanceof CommandFailed) return error;
      throw error;
    }
  }

  private async restore(scripts: readonly TableScript[]): Promise<void> {
    const stdin = scripts.map((script) => `${scriptLines(script).join('\n')}\n`).join('');
    await this.runner.run({ argv: ['iptables-restore', '--noflush', '-w', LOCK_SECONDS], stdin });
  }
}

function scriptLines({ table, declarations, units }: TableScript): string[] {
  return [`*${table}`, ...declarations, ...units.flatMap(({ lines }) => lines), 'COMMIT'];
}

/** The rule at the line that the message names ("Error occurred at line: 4", "line 4: RULE_APPEND failed"). */
function culpritIn(script: TableScript, failure: CommandFailed): string | undefined {
  const number = /line:? (\d+)/.exec(failure.stderr)?.[1];
  const line = scriptLines(script)[Number(number) - 1];
  return line?.startsWith('-A ') ? line : undefined;
}

function without(script: TableScript, culprit: string): TableScript {
  const units: ChainUnit[] = script.units.map(({ chain, lines }) => ({
    chain,
    lines: lines.filter((line) => line !== culprit),
  }));
  return { ...script, units };
}

function problemWith(table: string, subject: string, failure: CommandFailed): ConvergeProblem {
  const message = `iptables refuses it: ${failure.stderr.trim()}`;
  return { subject: `${table}: ${subject}`, message, blocks: 'all' };
}
