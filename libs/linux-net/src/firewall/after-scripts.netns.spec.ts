import type { FirewallPlan, FirewallTableName } from '@novanet/host-plan';
import { SpawnCommandRunner } from '../index.js';
import { TestNetwork } from '@novanet/testbed';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { afterScripts } from './after-scripts.js';
import { diffFirewall } from './diff-firewall.js';
import { RuleFirewall } from './rule-firewall.js';
import { type RuleTool, ruleTools } from './rule-tool.js';
import { parseIptablesSave, type Ruleset } from './ruleset.js';

const ROUNDS = 25;

let network: TestNetwork<'host'>;
beforeEach(async () => {
  network = await TestNetwork.create(['host']);
});
afterEach(() => network.remove());

/** Numbers that look random and are the same in each run. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

type Random = ReturnType<typeof randomOf>;

const some = <T>(random: Random, all: readonly T[]) => all.filter(() => random(2) === 0);

/** Some of our chains with some rules, and the jumps that lead to them. */
function randomPlan(random: Random, table: FirewallTableName, from: string): FirewallPlan {
  const rules = ['-i eth0 -j ACCEPT', '-i eth1 -j RETURN', '-i eth2 -j ACCEPT', '-i eth3 -j RETURN'];
  const names = some(random, ['nova-network-a', 'nova-network-b', 'nova-network-c']);
  const sharedChains = some(random, ['nova-filter-top']);
  const chains = names.map((name) => {
    const own = some(random, rules);
    return { name, rules: own, ...(random(2) === 0 && { loose: own.map((rule) => [rule]) }) };
  });
  const jumps = [...sharedChains, ...names].map((to) => ({
    from,
    to,
    position: random(2) === 0 ? ('first' as const) : ('last' as const),
  }));
  if (chains.length + sharedChains.length === 0) return { tables: [] };
  return { tables: [{ name: table, chains, sharedChains, jumps }] };
}

/** Whether a table, or a chain that the kernel has by itself, is listed while it is empty is nobody's concern. */
function withoutEmpty(rules: Ruleset) {
  const tables = [...rules].map(([table, chains]) => {
    const kept = [...chains].filter(([name, lines]) => name.startsWith('nova-') || lines.length > 0);
    return [table, Object.fromEntries(kept.toSorted(([a], [b]) => a.localeCompare(b)))] as const;
  });
  return Object.fromEntries(tables.filter(([, chains]) => Object.keys(chains).length > 0));
}

const legacy: RuleTool = {
  ...ruleTools.ipv4,
  save: ['iptables-legacy-save'],
  restore: ['iptables-legacy-restore', '--noflush'],
};

test.each([
  {
    family: 'iptables',
    tool: ruleTools.ipv4,
    table: 'nat',
    from: 'PREROUTING',
    foreign: ['iptables', '-t', 'nat'],
  },
  {
    family: 'iptables of the legacy variant',
    tool: legacy,
    table: 'filter',
    from: 'INPUT',
    foreign: ['iptables-legacy', '-t', 'filter'],
  },
  {
    family: 'ip6tables',
    tool: ruleTools.ipv6,
    table: 'filter',
    from: 'INPUT',
    foreign: ['ip6tables', '-t', 'filter'],
  },
  {
    family: 'ebtables',
    tool: ruleTools.bridge,
    table: 'filter',
    from: 'INPUT',
    foreign: ['ebtables', '-t', 'filter'],
  },
] as const)(
  'what is remembered after each of many changes by $family is what the kernel has',
  async (one) => {
    const { tool, table, from, foreign } = one;
    const runner = new SpawnCommandRunner({ netns: network.netns('host') });
    const firewall = new RuleFirewall(runner, tool);
    const kernel = async () => parseIptablesSave(await network.run('host', tool.save));
    const random = randomOf(7);
    for (let round = 0; round < ROUNDS; round += 1) {
      if (random(3) === 0) {
        await network.run('host', [
          ...foreign,
          random(2) === 0 ? '-I' : '-A',
          from,
          '-i',
          `eth${5 + random(3)}`,
          '-j',
          'ACCEPT',
        ]);
      }
      const plan = randomPlan(random, table, from);
      const actual = await firewall.read();
      const scripts = diffFirewall(actual, plan);
      expect((await firewall.apply(actual, plan)).problems).toEqual([]);
      const now = withoutEmpty(await kernel());
      expect({ round, rules: withoutEmpty(afterScripts(actual, scripts)) }).toEqual({ round, rules: now });
      expect({ round, rules: withoutEmpty(await firewall.current()) }).toEqual({ round, rules: now });
    }
  },
);
