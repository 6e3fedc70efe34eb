/** Rules that a saved ruleset has and an earlier one had not, as the lines of `iptables-restore --noflush`. */
export interface AddedRules {
  readonly count: number;
  readonly add: string;
  readonly remove: string;
}

/** Compares what `iptables-save` said before and after. */
export function addedRules(before: string, after: string): AddedRules {
  const known = new Set(rulesOf(before).map(({ table, rule }) => `${table} ${rule}`));
  const added = rulesOf(after).filter(({ table, rule }) => !known.has(`${table} ${rule}`));
  const byTable = [...Map.groupBy(added, ({ table }) => table)];
  const script = (line: (rule: string) => string) =>
    byTable
      .map(([table, rules]) => [table, ...rules.map(({ rule }) => line(rule)), 'COMMIT', ''].join('\n'))
      .join('');
  return {
    count: added.length,
    add: script((rule) => rule),
    remove: script((rule) => rule.replace(/^-A/, '-D')),
  };
}

function rulesOf(saved: string): { table: string; rule: string }[] {
  let table = '';
  return saved.split('\n').flatMap((line) => {
    if (line.startsWith('*')) table = line;
    return line.startsWith('-A') ? [{ table, rule: line }] : [];
  });
}
