import type { FirewallPlan } from '@novanet/host-plan';
import { CommandFailed, type CommandRunner } from '../commands/command-runner.js';
import type { ConvergeProblem, StageOutcome } from '../converge-report.js';
import { type ChainUnit, diffFirewall, type TableScript } from './diff-firewall.js';
import { afterScripts } from './after-scripts.js';
import type { RuleTool } from './rule-tool.js';
import type { Ruleset } from './ruleset.js';

/** What is not as planned in one table. */
export interface RuleDifference {
  /** `iptables nat` */
  readonly subject: string;
  readonly chains: readonly string[];
  /** What would be given to iptables-restore. */
  readonly lines: readonly string[];
}

/**
 * Brings our chains of one family into the kernel through iptables-restore --noflush and its siblings: what is not
 * declared stays untouched, and a table changes in one transaction. Works with whichever variant (nft or legacy) they are.
 */
export class RuleFirewall {
  /** The difference that stays, because the programs refuse a rule. */
  private refused = '';
  private known: Ruleset | undefined;
  private tells: boolean | undefined;

  constructor(
    private readonly runner: CommandRunner,
    private readonly tool: RuleTool,
  ) {}

  /** Whether the program is an nft variant, of whose changes the kernel tells; undefined when nobody knows yet. */
  get isTold(): boolean | undefined {
    return this.tells;
  }

  /** Whether there was nothing at all; that some of it is ours now, only we could have brought about. */
  get isBare(): boolean {
    return this.known?.size === 0;
  }

  forget(): void {
    this.known = undefined;
  }

  /** What was there after the last change, or what is there. Throws CommandFailed. */
  async current(): Promise<Ruleset> {
    return this.known ?? this.read();
  }

  /** Throws CommandFailed when the program is missing or refuses. */
  async read(): Promise<Ruleset> {
    const { stdout } = await this.runner.run({ argv: this.tool.save });
    if (stdout.trim() !== '') this.tells = stdout.includes('(nf_tables)');
    // Nothing is listed without a word about the program; its legacy variant would have listed these tables.
    else if (await this.isLegacyInUse()) this.tells = true;
    this.known = this.tool.parse(stdout);
    return this.known;
  }

  /** What {@link apply} would change, by table. Changes nothing. */
  differences(actual: Ruleset, plan: FirewallPlan): RuleDifference[] {
    return diffFirewall(actual, plan).map((script) => ({
      subject: `${this.tool.name} ${script.table}`,
      chains: this.subjectsOf([script]),
      lines: script.units.flatMap(({ lines }) => lines),
    }));
  }

  /** Whether these rules differ from the plan in something that was not tried in vain before. */
  isOff(actual: Ruleset, plan: FirewallPlan): boolean {
    const scripts = diffFirewall(actual, plan);
    return scripts.length > 0 && JSON.stringify(scripts) !== this.refused;
  }

  /** Applies the difference between what {@link read} said and the plan: one execution, or none. */
  async apply(actual: Ruleset, plan: FirewallPlan): Promise<StageOutcome> {
    const scripts = diffFirewall(actual, plan);
    this.refused = '';
    if (scripts.length === 0) return { changed: false, problems: [] };
    const subjects = this.subjectsOf(scripts);
    this.known = undefined;
    try {
      await this.restore(scripts);
      this.known = afterScripts(actual, scripts);
      // The legacy variant had no tables before.
      this.tells ??= invert(await this.isLegacyInUse());
      return { changed: true, subjects, problems: [] };
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
    }
    // Some tables may have been committed before the bad line: start again from what is there, table by table.
    const problems: ConvergeProblem[] = [];
    for (const script of diffFirewall(await this.read(), plan)) {
      problems.push(...(await this.applyTable(script)));
    }
    const rest = diffFirewall(await this.read(), plan);
    this.refused = JSON.stringify(rest);
    const stays = new Set(this.subjectsOf(rest));
    return { changed: true, subjects: subjects.filter((subject) => !stays.has(subject)), problems };
  }

  /** Leaves out rules that are named as bad; when none is named, goes chain by chain. */
  private async applyTable(script: TableScript): Promise<ConvergeProblem[]> {
    const problems: ConvergeProblem[] = [];
    let rest = script;
    for (;;) {
      const failure = await this.attempt(rest);
      if (!failure) return problems;
      const culprit = this.culpritIn(rest, failure);
      if (culprit === undefined) break;
      problems.push(this.problemWith(script.table, culprit, failure));
      rest = without(rest, culprit);
    }
    await this.attempt({ ...rest, units: [] });
    for (const unit of rest.units) problems.push(...(await this.applyChain(rest, unit)));
    return problems;
  }

  /** ebtables' legacy variant never names the bad rule: then they go one by one. */
  private async applyChain({ table, declared }: TableScript, unit: ChainUnit): Promise<ConvergeProblem[]> {
    const own = declared.filter((chain) => chain === unit.chain);
    const failure = await this.attempt({ table, declared: own, units: [unit] });
    if (!failure) return [];
    const problems: ConvergeProblem[] = [];
    for (const line of unit.lines) {
      const refusal = await this.attempt({ table, declared: [], units: [{ ...unit, lines: [line] }] });
      if (refusal) problems.push(this.problemWith(table, line, refusal));
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

  /** `iptables nat nova-network-snat`; of a chain that is not nova's only jumps are ours. */
  private subjectsOf(scripts: readonly TableScript[]): string[] {
    return scripts.flatMap(({ table, declared, units }) => {
      const chains = new Set([...declared, ...units.map(({ chain }) => chain)]);
      return [...chains].map((chain) => {
        const what = chain.startsWith('nova-') ? chain : `jumps in ${chain}`;
        return `${this.tool.name} ${table} ${what}`;
      });
    });
  }

  /** Undefined: there is no way to know. */
  private async isLegacyInUse(): Promise<boolean | undefined> {
    const { legacyTables } = this.tool;
    if (legacyTables === undefined) return undefined;
    return ((await this.runner.readKernelFile(legacyTables)) ?? '').trim() !== '';
  }

  private async restore(scripts: readonly TableScript[]): Promise<void> {
    const stdin = scripts.map((script) => `${this.linesOf(script).join('\n')}\n`).join('');
    await this.runner.run({ argv: this.tool.restore, stdin });
  }

  private linesOf({ table, declared, units }: TableScript): string[] {
    const declarations = declared.flatMap((chain) => this.tool.declare(chain));
    return [`*${table}`, ...declarations, ...units.flatMap(({ lines }) => lines), ...this.tool.end];
  }

  /** The rule at the line that the message names ("Error occurred at line: 4", "line 4: RULE_APPEND failed"). */
  private culpritIn(script: TableScript, failure: CommandFailed): string | undefined {
    const number = /line:? (\d+)/.exec(failure.stderr)?.[1];
    const line = this.linesOf(script)[Number(number) - 1];
    return line?.startsWith('-A ') ? line : undefined;
  }

  private problemWith(table: string, subject: string, failure: CommandFailed): ConvergeProblem {
    const message = `${this.tool.name} refuses it: ${failure.stderr.trim()}`;
    return { subject: `${table}: ${subject}`, message, blocks: 'all' };
  }
}

function invert(known: boolean | undefined): boolean | undefined {
  return known === undefined ? undefined : !known;
}

function without(script: TableScript, culprit: string): TableScript {
  const units: ChainUnit[] = script.units.map(({ chain, lines }) => ({
    chain,
    lines: lines.filter((line) => line !== culprit),
  }));
  return { ...script, units };
}
