import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { anySituation } from '../test/random/any-situation.js';
import { propertyOptions, propertyTimeout } from '../test/random/property-options.js';
import { RandomHost } from '../test/random/random-host.js';
import type { SituationRecipe } from '../test/random/recipes.js';
import { anySurroundings, type Surroundings } from '../test/random/surroundings.js';

const NOTHING = { changed: false, changes: [], writes: [] };

interface Step {
  readonly situation: SituationRecipe;
  /** Whether the worker of the step before goes on, with what it knows, if nobody else has changed the host. */
  readonly isRemembered: boolean;
  /** Instances are plugged in, and a worker looks at them, before the next step. */
  readonly plugs: boolean;
  /** They go before what they hang on is taken away. */
  readonly unplugsFirst: boolean;
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  situation: anySituation,
  isRemembered: fc.boolean(),
  plugs: fc.boolean(),
  unplugsFirst: fc.boolean(),
});

async function goThrough(host: RandomHost, steps: readonly Step[]): Promise<void> {
  let isKnown = false;
  for (const { situation, isRemembered, plugs, unplugsFirst } of steps) {
    if (isKnown && isRemembered) {
      await host.convergeFromMemory(situation);
      expect(await host.differences(situation)).toEqual([]);
    } else await host.converge(situation);
    isKnown = !plugs;
    if (!plugs) continue;
    await host.plug(situation);
    await host.convergeAgain(situation);
    if (unplugsFirst) await host.plug({ plugged: [], networks: [] });
  }
}

/** All instances that are wanted are plugged in, and a new worker has looked. */
async function arrive(host: RandomHost, situation: SituationRecipe): Promise<void> {
  await host.plug(situation);
  await host.converge(situation);
}

async function leavesNoTrace(own: Surroundings, steps: readonly Step[]) {
  const last = steps.at(-1)?.situation;
  if (!last) return;
  await using fresh = await RandomHost.create(own);
  await using host = await RandomHost.create(own);
  await Promise.all([
    fresh.converge(last).then(() => arrive(fresh, last)),
    goThrough(host, steps).then(() => arrive(host, last)),
  ]);
  const [picture, wanted] = await host.picturesBeside(fresh, last);
  expect(picture).toEqual(wanted);
  expect(host.hasAllOthers).toBe(true);
  for (const one of [host, fresh]) {
    one.test.takeWrites();
    for (const converge of [() => one.convergeAgain(last), () => one.convergeFromMemory(last)]) {
      const { changed, changes } = await converge();
      expect({ changed, changes, writes: one.test.takeWrites() }).toEqual(NOTHING);
    }
  }
}

test(
  'whatever a host went through, it looks as a fresh one with the same plan, and then nothing is executed',
  propertyTimeout,
  async () => {
    const steps = fc.array(anyStep, { minLength: 2, maxLength: 4 });
    const property = fc.asyncProperty(anySurroundings, steps, leavesNoTrace);
    await fc.assert(property, propertyOptions);
  },
);
