import { describe, expect, it } from 'vitest';

import { Duplicates } from './duplicates.js';

describe('a request that comes again', () => {
  it('while the first is in work, shares its outcome', async () => {
    const duplicates = new Duplicates<string>(() => 1);
    const work = Promise.withResolvers<string>();
    const first = duplicates.remember('a', () => work.promise);
    const again = duplicates.find('a');
    work.resolve('done');
    expect(await again).toBe('done');
    expect(await first).toBe('done');
  });

  it('later, gets the same outcome', async () => {
    const duplicates = new Duplicates<string>(() => 1);
    await duplicates.remember('a', async () => 'done');
    expect(await duplicates.find('a')).toBe('done');
    expect(duplicates.find('b')).toBeUndefined();
  });

  it('after a failure, is another attempt', async () => {
    const duplicates = new Duplicates<string>((outcome) => (outcome === 'failed' ? undefined : 1));
    await duplicates.remember('a', async () => 'failed');
    expect(duplicates.find('a')).toBeUndefined();
  });
});

describe('the memory', () => {
  it('keeps the newest', async () => {
    const duplicates = new Duplicates<string>(() => 1, { entries: 2, weight: 100 });
    for (const id of ['a', 'b', 'c']) await duplicates.remember(id, async () => id);
    expect(['a', 'b', 'c'].map((id) => duplicates.find(id))).toEqual([undefined, 'b', 'c']);
  });

  it('keeps what fits', async () => {
    const duplicates = new Duplicates<string>((outcome) => outcome.length, { entries: 10, weight: 5 });
    for (const outcome of ['aaa', 'bb', 'c', 'dddddd', 'e'])
      await duplicates.remember(outcome, async () => outcome);
    expect(['aaa', 'bb', 'c', 'dddddd', 'e'].filter((id) => duplicates.find(id) !== undefined)).toEqual([
      'e',
    ]);
  });

  it('never forgets what is in work', async () => {
    const duplicates = new Duplicates<string>(() => 1, { entries: 1, weight: 100 });
    void duplicates.remember('slow', () => Promise.withResolvers<string>().promise);
    for (const id of ['a', 'b', 'c']) await duplicates.remember(id, async () => id);
    expect(duplicates.find('slow')).toBeInstanceOf(Promise);
  });

  it('holds a thousand requests and more', async () => {
    const duplicates = new Duplicates<string>((outcome) => outcome.length);
    for (let id = 0; id < 2_000; id += 1)
      await duplicates.remember(String(id), async () => 'x'.repeat(3_000));
    expect(duplicates.find('0')).toBeDefined();
  });
});
