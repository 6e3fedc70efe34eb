import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { anySituation } from '../test/random/any-situation.js';
import { type HostPicture, pictureOf } from '../test/random/host-picture.js';
import { propertyOptions, propertyTimeout } from '../test/random/property-options.js';
import { RandomHost } from '../test/random/random-host.js';
import type { SituationRecipe } from '../test/random/recipes.js';
import { anySurroundings, type Surroundings } from '../test/random/surroundings.js';

/** Somebody adds a rule while we are not looking. */
interface AddedRule {
  readonly program: 'iptables' | 'ip6tables';
  readonly place: readonly [table: string, chain: string];
  /** Before all others, or behind them. */
  readonly how: '-I' | '-A';
}

interface Step {
  readonly situation: SituationRecipe;
  readonly added: readonly AddedRule[];
}

const anyRule: fc.Arbitrary<AddedRule> = fc.oneof(
  fc.record({
    program: fc.constant('iptables'),
    place: fc.constantFrom(
      ['filter', 'INPUT'] as const,
      ['filter', 'FORWARD'] as const,
      ['nat', 'PREROUTING'] as const,
      ['nat', 'POSTROUTING'] as const,
      ['mangle', 'POSTROUTING'] as const,
    ),
    how: fc.constantFrom('-I', '-A'),
  }),
  fc.record({
    program: fc.constant('ip6tables'),
    place: fc.constantFrom(['filter', 'FORWARD'] as const, ['filter', 'OUTPUT'] as const),
    how: fc.constantFrom('-I', '-A'),
  }),
);

const anyStep: fc.Arbitrary<Step> = fc.record({
  situation: anySituation,
  added: fc.array(anyRule, { maxLength: 3 }),
});

/** Nothing is planned any more: what there is now is others'. */
const look = (host: RandomHost) => pictureOf(host.test, { sysctls: [] });

/** With marks that no packet has, so that each rule is another one and none counts. */
async function add(host: RandomHost, rules: readonly AddedRule[], mark: number): Promise<void> {
  for (const [index, { program, place, how }] of rules.entries()) {
    const [table, chain] = place;
    const match = ['-m', 'mark', '--mark', `0x${mark}${index}`];
    await host.test.run(program, '-t', table, how, chain, ...match, '-j', 'ACCEPT');
  }
}

/** Rules, with counters, in their order. */
function foreignRules({ rules = [] }: HostPicture): string[] {
  return rules.filter((line) => !/nova-network-|nova-filter-top|nova-postrouting-bottom/.test(line));
}

/** Addresses and routes, wherever they are: those of an interface are on its bridge. */
function possessions({ addresses = [], routes = [] }: HostPicture): string[] {
  return [
    ...addresses.filter((line) => !line.includes('scope=link')).map((line) => line.replace(/^\S+ /, '')),
    ...routes
      .filter((line) => line.includes('protocol=boot'))
      .map((line) => line.replace(/dev"?[=:]"?[\w.]+/g, '')),
  ];
}

async function staysTheirs(own: Surroundings, steps: readonly Step[]): Promise<void> {
  await using host = await RandomHost.create(own);
  const before = await look(host);
  let rules = foreignRules(before);
  for (const [index, { situation, added }] of steps.entries()) {
    await host.converge(situation);
    await host.plug(situation);
    const converged = await look(host);
    expect(foreignRules(converged)).toEqual(rules);
    expect(possessions(converged)).toEqual(expect.arrayContaining(possessions(before)));
    await add(host, added, index + 1);
    rules = foreignRules(await look(host));
  }
  await host.plug({ plugged: [], networks: [] });
  expect((await host.test.linux.drain(host.test.plan([]))).problems).toEqual([]);
  const left = await look(host);
  expect(foreignRules(left)).toEqual(rules);
  expect(left['rules']?.filter((line) => line.includes('nova-network'))).toEqual(
    before['rules']?.filter((line) => line.includes('nova-network')),
  );
  expect({ ...left, rules: [] }).toEqual({ ...before, rules: [] });
  expect(host.hasAllOthers).toBe(true);
  expect(await readdir(join(host.test.directory, 'networks')).catch(() => [])).toEqual([]);
}

test(
  'whatever we are asked for, what is not ours stays, and a drained host is as it was before us',
  propertyTimeout,
  async () => {
    const steps = fc.array(anyStep, { minLength: 1, maxLength: 4 });
    await fc.assert(fc.asyncProperty(anySurroundings, steps, staysTheirs), propertyOptions);
  },
);
