import { readFileSync } from 'node:fs';
import { type FirewallPlan, planHost } from '@novanet/host-plan';
import { intentOf, networkOf } from '@novanet/host-plan/testing';
import { parseDeviceName } from '@novanet/net-address';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffFirewall, type TableScript } from './diff-firewall.js';
import { parseIptablesSave, type Ruleset } from './ruleset.js';

const plan = planHost(intentOf([networkOf()])).firewall.ipv4;
const EMPTY: Ruleset = new Map();

/** What iptables-restore --noflush would do: the little of it that we use. */
function restored(actual: Ruleset, scripts: readonly TableScript[]): Ruleset {
  const tables = new Map([...actual].map(([name, chains]) => [name, new Map(chains)]));
  for (const script of scripts) {
    const chains = tables.get(script.table) ?? new Map<string, readonly string[]>();
    tables.set(script.table, chains);
    for (const chain of script.declared) chains.set(chain, []);
    for (const line of script.units.flatMap(({ lines }) => lines)) restoreLine(chains, line);
  }
  return tables;
}

const BUILT_IN = new Set(['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']);

function restoreLine(chains: Map<string, readonly string[]>, line: string): void {
  if (line.startsWith('-X ')) return void chains.delete(line.slice(3));
  const [, verb, chain = '', position, rule = ''] = /^-([ADI]) (\S+) (?:(\d+) )?(.*)$/.exec(line) ?? [];
  const rules = chains.get(chain) ?? (BUILT_IN.has(chain) ? [] : undefined);
  if (!rules) throw new Error(`${line}: no such chain`);
  if (verb === 'A') chains.set(chain, [...rules, rule]);
  if (verb === 'I') chains.set(chain, rules.toSpliced(Number(position) - 1, 0, rule));
  if (verb !== 'D') return;
  const index = rules.indexOf(rule);
  if (index === -1) throw new Error(`${line}: no such rule`);
  chains.set(chain, rules.toSpliced(index, 1));
}

function converged(actual: Ruleset, wanted: FirewallPlan = plan): Ruleset {
  return restored(actual, diffFirewall(actual, wanted));
}

test('makes an empty kernel look as nova leaves it, in three transactions', () => {
  const scripts = diffFirewall(EMPTY, plan);
  expect(scripts.map(({ table }) => table)).toEqual(['mangle', 'filter', 'nat']);
  expect(restored(EMPTY, scripts).get('filter')).toEqual(
    new Map([
      ['INPUT', ['-j nova-network-INPUT']],
      ['FORWARD', ['-j nova-filter-top', '-j nova-network-FORWARD']],
      ['OUTPUT', ['-j nova-filter-top', '-j nova-network-OUTPUT']],
      ['nova-filter-top', ['-j nova-network-local']],
      ...(plan.tables[1]?.chains.map(({ name, rules }) => [name, rules] as const) ?? []),
    ]),
  );
});

test('takes over the chains of a nova-network without a difference in what did not change', () => {
  const golden = new URL('../../../host-plan/golden/nova-flat-dhcp.iptables-save', import.meta.url);
  const actual = parseIptablesSave(readFileSync(golden, 'utf8'));
  expect(diffFirewall(actual, plan).map(({ table, declared }) => ({ table, declared }))).toEqual([
    { table: 'mangle', declared: ['nova-network-POSTROUTING'] },
    { table: 'filter', declared: ['nova-network-INPUT'] },
    { table: 'nat', declared: ['nova-network-PREROUTING'] },
  ]);
});

/** Puts our jumps beside rules of others. */
function withChain(table: string, chain: string, rules: readonly string[]): Ruleset {
  const state = new Map(converged(EMPTY));
  return state.set(table, new Map(state.get(table)).set(chain, rules));
}

test.each([
  {
    name: 'a foreign rule before our jump: moves it to the front',
    actual: withChain('filter', 'INPUT', ['-j REJECT', '-j nova-network-INPUT']),
    lines: ['-D INPUT -j nova-network-INPUT', '-I INPUT 1 -j nova-network-INPUT'],
  },
  {
    name: 'jumps of other nova services before ours: leaves them',
    actual: withChain('filter', 'INPUT', ['-j nova-compute-INPUT', '-j nova-network-INPUT', '-j REJECT']),
    lines: [],
  },
  {
    name: 'a foreign rule that only mentions our chain: leaves it',
    actual: withChain('filter', 'INPUT', ['-j nova-network-INPUT', '-s 10.0.0.9/32 -j nova-network-INPUT']),
    lines: [],
  },
  {
    name: 'our jump twice: keeps one',
    actual: withChain('filter', 'INPUT', [
      '-j nova-network-INPUT',
      '-p tcp -j DROP',
      '-j nova-network-INPUT',
    ]),
    lines: [
      '-D INPUT -j nova-network-INPUT',
      '-D INPUT -j nova-network-INPUT',
      '-I INPUT 1 -j nova-network-INPUT',
    ],
  },
  {
    name: 'the jump to the security groups behind ours: restores the order',
    actual: withChain('filter', 'FORWARD', ['-j nova-network-FORWARD', '-j nova-filter-top']),
    lines: [
      '-D FORWARD -j nova-network-FORWARD',
      '-D FORWARD -j nova-filter-top',
      '-I FORWARD 1 -j nova-filter-top',
      '-I FORWARD 2 -j nova-network-FORWARD',
    ],
  },
  {
    name: 'a foreign rule after nova-postrouting-bottom: moves the jump to the end',
    actual: withChain('nat', 'POSTROUTING', [
      '-j nova-network-POSTROUTING',
      '-j nova-postrouting-bottom',
      '-s 172.17.0.0/16 -j MASQUERADE',
    ]),
    lines: ['-D POSTROUTING -j nova-postrouting-bottom', '-A POSTROUTING -j nova-postrouting-bottom'],
  },
  {
    name: 'jumps of other services in a shared chain: leaves them',
    actual: withChain('filter', 'nova-filter-top', ['-j nova-compute-local', '-j nova-network-local']),
    lines: [],
  },
  {
    name: 'our jump missing in a shared chain: adds it and keeps the others',
    actual: withChain('filter', 'nova-filter-top', ['-j nova-compute-local']),
    lines: ['-I nova-filter-top 1 -j nova-network-local'],
  },
  {
    name: 'a rule added to our chain: refills that chain alone',
    actual: withChain('filter', 'nova-network-local', ['-j ACCEPT']),
    lines: ['nova-network-local'],
  },
])('$name', ({ actual, lines }) => {
  const scripts = diffFirewall(actual, plan);
  expect(scripts.flatMap((s) => [...s.declared, ...s.units.flatMap((unit) => unit.lines)])).toEqual(lines);
});

const anyRule = fc.constantFrom(
  '-j REJECT',
  '-s 172.17.0.0/16 -j MASQUERADE',
  '-j DOCKER-USER',
  '-j nova-compute-INPUT',
  '-j nova-network-INPUT',
  '-j nova-network-FORWARD',
  '-j nova-filter-top',
  '-j nova-postrouting-bottom',
  '-j nova-network-POSTROUTING',
);
const anyChain = fc.constantFrom(
  'INPUT',
  'FORWARD',
  'POSTROUTING',
  'OUTPUT',
  'nova-filter-top',
  'nova-postrouting-bottom',
  'nova-network-snat',
  'nova-network-FORWARD',
  'DOCKER-USER',
);
const anyRuleset = fc
  .dictionary(
    fc.constantFrom('mangle', 'filter', 'nat', 'raw'),
    fc.uniqueArray(fc.tuple(anyChain, fc.array(anyRule, { maxLength: 6 })), { selector: ([name]) => name }),
  )
  .map((tables) => new Map(Object.entries(tables).map(([name, chains]) => [name, new Map(chains)])));
const anyPlan = fc
  .subarray(['br100', 'br200', 'br300'])
  .map(
    (names) =>
      planHost(intentOf(names.map((name, id) => networkOf({ id, bridge: parseDeviceName(name) })))).firewall
        .ipv4,
  );

function foreignRules(ruleset: Ruleset): string[] {
  const ours = new Set(plan.tables.flatMap(({ jumps }) => jumps.map(({ to }) => `-j ${to}`)));
  const isOwn = (chain: string) => chain.startsWith('nova-network-');
  return [...ruleset].flatMap(([table, chains]) =>
    [...chains].flatMap(([chain, rules]) =>
      isOwn(chain) ? [] : rules.filter((r) => !ours.has(r)).map((r) => `${table} ${chain} ${r}`),
    ),
  );
}

test('what is planned no more goes, with the jumps to it; what others lead to it stays, empty', () => {
  const before = converged(
    new Map([['filter', new Map([['DOCKER-USER', ['-s 10.0.0.9/32 -j nova-network-INPUT']]])]]),
  );
  const nothing: FirewallPlan = { tables: [] };
  const after = converged(before, nothing);
  expect(diffFirewall(after, nothing)).toEqual([]);
  expect(chainsOf(after)).toEqual([
    'filter DOCKER-USER: -s 10.0.0.9/32 -j nova-network-INPUT',
    'filter nova-network-INPUT:',
  ]);
});

test('a chain whose name begins like that of one that goes stays', () => {
  const chains = ['nova-network-inst-1', 'nova-network-inst-10'].map((name) => ({
    name,
    rules: ['-j DROP'],
  }));
  const local = { name: 'nova-network-local', rules: chains.map(({ name }) => `-j ${name}`) };
  const filter = { name: 'filter', chains: [...chains, local], sharedChains: [], jumps: [] } as const;
  const rest = [chains[1]!, { ...local, rules: ['-j nova-network-inst-10'] }];
  const after = converged(converged(EMPTY, { tables: [filter] }), { tables: [{ ...filter, chains: rest }] });
  expect(chainsOf(after)).toEqual([
    'filter nova-network-inst-10: -j DROP',
    'filter nova-network-local: -j nova-network-inst-10',
  ]);
});

/** All chains but the built-in ones that are empty. */
function chainsOf(ruleset: Ruleset): string[] {
  return [...ruleset].flatMap(([table, chains]) =>
    [...chains]
      .filter(([name, rules]) => !BUILT_IN.has(name) || rules.length > 0)
      .map(([name, rules]) => `${table} ${name}: ${rules.join(', ')}`.trimEnd())
      .toSorted(),
  );
}

test('whatever the kernel holds, one difference makes it match, and foreign rules keep their order', () => {
  fc.assert(
    fc.property(anyRuleset, anyPlan, (actual, wanted) => {
      const after = converged(actual, wanted);
      expect(diffFirewall(after, wanted)).toEqual([]);
      expect(foreignRules(after)).toEqual(foreignRules(actual));
      for (const { name, chains } of wanted.tables) {
        for (const chain of chains) expect(after.get(name)?.get(chain.name)).toEqual(chain.rules);
      }
    }),
  );
});
