import type { TableScript } from './diff-firewall.js';
import type { Ruleset } from './ruleset.js';

/** What the rules are when these scripts were carried out. Built-in chains that nothing was said of may be missing. */
export function afterScripts(actual: Ruleset, scripts: readonly TableScript[]): Ruleset {
  const tables = new Map(actual);
  for (const { table, declared, units } of scripts) {
    const chains = new Map([...(actual.get(table) ?? [])].map(([name, rules]) => [name, [...rules]]));
    for (const chain of declared) chains.set(chain, []);
    for (const line of units.flatMap(({ lines }) => lines)) carryOut(chains, line);
    tables.set(table, chains);
  }
  return tables;
}

function carryOut(chains: Map<string, string[]>, line: string): void {
  const [, verb, chain = '', rest = ''] = /^-([AIDX]) (\S+) ?(.*)$/.exec(line) ?? [];
  if (verb === 'X') {
    chains.delete(chain);
    return;
  }
  const rules = chains.get(chain) ?? [];
  chains.set(chain, rules);
  if (verb === 'A') rules.push(rest);
  else if (verb === 'D') rules.splice(rules.indexOf(rest), 1);
  else if (verb === 'I') {
    const [, position, rule = ''] = /^(\d+) (.*)$/.exec(rest) ?? [];
    rules.splice(Number(position) - 1, 0, rule);
  }
}
