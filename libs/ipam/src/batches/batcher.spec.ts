import { expect, test } from 'vitest';
import { Batcher } from './batcher.js';

/** A batcher whose batches end when the test says so. */
function heldBatcher() {
  const batches: { items: readonly number[]; end: PromiseWithResolvers<void> }[] = [];
  const batcher = new Batcher<number, string>(async (items) => {
    const end = Promise.withResolvers<void>();
    batches.push({ items, end });
    await end.promise;
    return items.map((item) => `answer ${item}`);
  });
  return { batcher, batches };
}

test('one who comes alone is served at once, those who come meanwhile are served together', async () => {
  const { batcher, batches } = heldBatcher();
  const answers = Promise.all([batcher.ask(1), batcher.ask(2), batcher.ask(3)]);
  expect(batches.map(({ items }) => items)).toEqual([[1]]);
  batches[0]!.end.resolve();
  await expect.poll(() => batches.length).toBe(2);
  expect(batches[1]!.items).toEqual([2, 3]);
  batches[1]!.end.resolve();
  expect(await answers).toEqual(['answer 1', 'answer 2', 'answer 3']);
});

test('a batch that fails fails for all in it, and for nobody else', async () => {
  const { batcher, batches } = heldBatcher();
  const outcomes = Promise.allSettled([batcher.ask(1), batcher.ask(2), batcher.ask(3)]);
  batches[0]!.end.resolve();
  await expect.poll(() => batches.length).toBe(2);
  const later = batcher.ask(4);
  batches[1]!.end.reject(new Error('no database'));
  await expect.poll(() => batches.length).toBe(3);
  batches[2]!.end.resolve();
  const failed = { status: 'rejected', reason: new Error('no database') };
  expect(await outcomes).toEqual([{ status: 'fulfilled', value: 'answer 1' }, failed, failed]);
  expect(await later).toBe('answer 4');
});

test('whoever asks after everybody was served waits for nobody', async () => {
  const { batcher, batches } = heldBatcher();
  for (const item of [1, 2]) {
    const answer = batcher.ask(item);
    await expect.poll(() => batches.length).toBe(item);
    batches.at(-1)!.end.resolve();
    expect(await answer).toBe(`answer ${item}`);
  }
  expect(batches.map(({ items }) => items)).toEqual([[1], [2]]);
});
