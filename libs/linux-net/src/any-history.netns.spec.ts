import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { anySituation } from '../test/random/any-situation.js';
import { propertyOptions, propertyTimeout } from '../test/random/property-options.js';
import { RandomHost } from '../test/random/random-host.js';
import type { SituationRecipe } from '../test/random/recipes.js';
import { anySurroundings, type Surroundings } from '../test/random/surroundings.js';

interface Step {
  readonly situation: SituationRecipe;
  /** Instances are plugged in between two converges, and not only after the last. */
  readonly isLookedAtAgain: boolean;
  /** They go before what they hang on is taken away. */
  readonly unplugsFirst: boolean;
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  situation: anySituation,
  isLookedAtAgain: fc.boolean(),
  unplugsFirst: fc.boolean(),
});

async function arrive(host: RandomHost, situation: SituationRecipe): Promise<void> {
  await host.converge(situation);
  await host.plug(situation);
  await host.converge(situation);
}

async function goThrough(host: RandomHost, steps: readonly Step[]): Promise<void> {
  for (const { situation, isLookedAtAgain, unplugsFirst } of steps) {
    await host.converge(situation);
    await host.plug(situation);
    if (isLookedAtAgain) await host.convergeAgain(situation);
    if (unplugsFirst) await host.plug({ plugged: [], networks: [] });
  }
}

async function leavesNoTrace(own: Surroundings, steps: readonly Step[], last: SituationRecipe) {
  await using fresh = await RandomHost.create(own);
  await using host = await RandomHost.create(own);
  await Promise.all([arrive(fresh, last), goThrough(host, steps).then(() => arrive(host, last))]);
  const [picture, wanted] = await host.picturesBeside(fresh, last);
  expect(picture).toEqual(wanted);
  expect(host.hasAllOthers).toBe(true);
  for (const one of [host, fresh]) {
    one.test.takeWrites();
    const { changed, changes } = await one.convergeAgain(last);
    expect({ changed, changes, writes: one.test.takeWrites() }).toEqual({
      changed: false,
      changes: [],
      writes: [],
    });
  }
}

test(
  'whatever a host went through, it looks as a fresh one with the same plan, and then nothing is executed',
  propertyTimeout,
  async () => {
    const steps = fc.array(anyStep, { minLength: 1, maxLength: 3 });
    const property = fc.asyncProperty(anySurroundings, steps, anySituation, leavesNoTrace);
    await fc.assert(property, propertyOptions);
  },
);
