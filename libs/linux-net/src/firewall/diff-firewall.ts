import type { FirewallPlan, FirewallTablePlan, ForeignRulesPlan } from '@novanet/host-plan';
import { diffJumps } from './diff-jumps.js';
import { editChain, REFILL } from './edit-chain.js';
import type { Ruleset, TableRules } from './ruleset.js';
import { diffSurplus } from './surplus-chains.js';

/** What to feed iptables-restore or one of its siblings for one table. */
export interface TableScript {
  readonly table: string;
  /** Chains that are created, or emptied when they exist. */
  readonly declared: readonly string[];
  /** Independent of each other once the chains are declared, except that those which delete chains come last. */
  readonly units: readonly ChainUnit[];
}

/** The lines that put one chain right. */
export interface ChainUnit {
  readonly chain: string;
  readonly lines: readonly string[];
}

/** The smallest scripts that make the rules match the plan; none when they do. Foreign rules are never mentioned. */
export function diffFirewall(actual: Ruleset, plan: FirewallPlan): TableScript[] {
  const planned = new Map<string, FirewallTablePlan>(plan.tables.map((table) => [table.name, table]));
  const names = [...new Set([...planned.keys(), ...actual.keys()])];
  return names
    .map((name) => diffTable(name, actual.get(name) ?? new Map(), planned.get(name) ?? NOTHING, plan.foreign))
    .filter((script) => script.declared.length > 0 || script.units.length > 0);
}

type TableContents = Omit<FirewallTablePlan, 'name'>;

const NOTHING: TableContents = { chains: [], sharedChains: [], jumps: [] };

function diffTable(
  table: string,
  actual: TableRules,
  plan: TableContents,
  foreign: ForeignRulesPlan | undefined,
): TableScript {
  const edits = plan.chains.map((chain) => ({ chain, lines: editChain(actual.get(chain.name), chain) }));
  const outdated = edits.flatMap(({ chain, lines }) => (lines === REFILL ? [chain] : []));
  const missing = plan.sharedChains.filter((name) => !actual.has(name));
  const sources = [...new Set(plan.jumps.map((jump) => jump.from))];
  const refills = outdated.map(({ name, rules }) => ({
    chain: name,
    lines: rules.map((rule) => `-A ${name} ${rule}`),
  }));
  const edited = edits.flatMap(({ chain: { name }, lines }) =>
    lines === REFILL ? [] : [{ chain: name, lines }],
  );
  const jumps = sources.map((chain) => ({
    chain,
    lines: diffJumps(
      chain,
      actual.get(chain) ?? [],
      plan.jumps.filter(({ from }) => from === chain),
      foreign,
    ),
  }));
  const surplus = diffSurplus(actual, plan);
  return {
    table,
    declared: [...outdated.map(({ name }) => name), ...missing, ...surplus.emptied],
    units: [...refills, ...edited, ...jumps, ...surplus.units].filter(({ lines }) => lines.length > 0),
  };
}
