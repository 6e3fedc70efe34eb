import type { FirewallJumpPlan, FirewallPlan, FirewallTablePlan } from '@novanet/host-plan';
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
    .map((name) => diffTable(name, actual.get(name) ?? new Map(), planned.get(name) ?? NOTHING))
    .filter((script) => script.declared.length > 0 || script.units.length > 0);
}

type TableContents = Omit<FirewallTablePlan, 'name'>;

const NOTHING: TableContents = { chains: [], sharedChains: [], jumps: [] };

function diffTable(table: string, actual: TableRules, plan: TableContents): TableScript {
  const outdated = plan.chains.filter((chain) => !isEqual(actual.get(chain.name), chain.rules));
  const missing = plan.sharedChains.filter((name) => !actual.has(name));
  const sources = [...new Set(plan.jumps.map((jump) => jump.from))];
  const refills = outdated.map(({ name, rules }) => ({
    chain: name,
    lines: rules.map((rule) => `-A ${name} ${rule}`),
  }));
  const jumps = sources.map((chain) => ({
    chain,
    lines: diffJumps(
      chain,
      actual.get(chain) ?? [],
      plan.jumps.filter(({ from }) => from === chain),
    ),
  }));
  const surplus = diffSurplus(actual, plan);
  return {
    table,
    declared: [...outdated.map(({ name }) => name), ...missing, ...surplus.emptied],
    units: [...refills, ...jumps, ...surplus.units].filter(({ lines }) => lines.length > 0),
  };
}

function isEqual(rules: readonly string[] | undefined, wanted: readonly string[]): boolean {
  return rules?.length === wanted.length && wanted.every((rule, index) => rule === rules[index]);
}

/** Jumps out of a chain that others use too: moved only when a foreign rule got before (or behind) them. */
function diffJumps(chain: string, rules: readonly string[], jumps: readonly FirewallJumpPlan[]): string[] {
  const first = jumps.filter(({ position }) => position === 'first').map(({ to }) => `-j ${to}`);
  const last = jumps.filter(({ position }) => position === 'last').map(({ to }) => `-j ${to}`);
  const lines: string[] = [];
  if (!standFirst(rules, first)) {
    lines.push(
      ...deletions(chain, rules, first),
      ...first.map((jump, index) => `-I ${chain} ${index + 1} ${jump}`),
    );
  }
  if (!isEqual(tailFrom(rules, last), last)) {
    lines.push(...deletions(chain, rules, last), ...last.map((jump) => `-A ${chain} ${jump}`));
  }
  return lines;
}

/** Each jump once, in order, before every rule that is not a jump to another of nova's services. */
function standFirst(rules: readonly string[], jumps: readonly string[]): boolean {
  const ours = rules.filter((rule) => jumps.includes(rule));
  if (!isEqual(ours, jumps)) return false;
  const end = rules.findLastIndex((rule) => jumps.includes(rule));
  return rules.slice(0, end + 1).every((rule) => rule.startsWith('-j nova-'));
}

function tailFrom(rules: readonly string[], jumps: readonly string[]): readonly string[] {
  const start = rules.findIndex((rule) => jumps.includes(rule));
  return start === -1 ? [] : rules.slice(start);
}

function deletions(chain: string, rules: readonly string[], jumps: readonly string[]): string[] {
  return rules.filter((rule) => jumps.includes(rule)).map((rule) => `-D ${chain} ${rule}`);
}
