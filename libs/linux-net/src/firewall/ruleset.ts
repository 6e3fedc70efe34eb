/** One table as iptables-save lists it: each chain with its rules in order, without `-A <chain>` and counters. */
export type TableRules = ReadonlyMap<string, readonly string[]>;

/** All tables by name. A table nobody has used yet is absent. */
export type Ruleset = ReadonlyMap<string, TableRules>;

/** Reads the output of iptables-save and its siblings, with or without counters, of either iptables variant. */
export function parseIptablesSave(text: string): Ruleset {
  const tables = new Map<string, Map<string, string[]>>();
  let table = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) {
      table = new Map();
      tables.set(line.slice(1), table);
    }
    const chain = /^:(\S+) /.exec(line)?.[1];
    if (chain !== undefined) table.set(chain, []);
    const [, owner, rule] = /^(?:\[\d+:\d+\] )?-A (\S+) (.*?) *$/.exec(line) ?? [];
    if (owner !== undefined && rule !== undefined) table.get(owner)?.push(rule);
  }
  return tables;
}
