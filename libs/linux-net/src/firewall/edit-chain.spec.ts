import { describe, expect, it } from 'vitest';
import { editChain, REFILL } from './edit-chain.js';

const HEAD = ['-j A'];
/** Three instances; the second has two addresses, whose rules have an order. */
const LOOSE = [['-s 1'], ['-s 2 first', '-s 2 second'], ['-s 3']];
const chain = { name: 'c', rules: [...HEAD, ...LOOSE.flat()], loose: LOOSE };

describe('a chain with blocks that may stand in any order', () => {
  it.each<[string, string[], readonly string[] | typeof REFILL]>([
    ['is right as planned', chain.rules, []],
    ['is right in another order of blocks', [...HEAD, '-s 3', '-s 2 first', '-s 1', '-s 2 second'], []],
    ['gets what comes at its end', [...HEAD, '-s 3', '-s 1'], ['-A c -s 2 first', '-A c -s 2 second']],
    ['gets the rest of a block', [...HEAD, '-s 2 first', '-s 3', '-s 1'], ['-A c -s 2 second']],
    ['loses what goes', [...HEAD, '-s 9', '-s 1', '-s 2 first', '-s 2 second', '-s 3'], ['-D c -s 9']],
    [
      'gets a block anew that is in a wrong order',
      [...HEAD, '-s 2 second', '-s 2 first', '-s 1', '-s 3'],
      ['-D c -s 2 second', '-D c -s 2 first', '-A c -s 2 first', '-A c -s 2 second'],
    ],
    [
      'loses what stands twice',
      [...HEAD, '-s 1', '-s 1', '-s 2 first', '-s 2 second', '-s 3'],
      ['-D c -s 1', '-D c -s 1', '-A c -s 1'],
    ],
    ['is filled anew when its head is another', ['-j B', ...LOOSE.flat()], REFILL],
    ['is filled anew when that is less', [...HEAD, '-s 8', '-s 9'], REFILL],
  ])('%s', (_, actual, expected) => {
    expect(editChain(actual, chain)).toEqual(expected);
  });

  it('is made when it is not there', () => {
    expect(editChain(undefined, chain)).toBe(REFILL);
  });
});

it('a chain without them is right only as planned', () => {
  const strict = { name: 'c', rules: ['-s 1', '-s 2'] };
  expect(editChain(['-s 1', '-s 2'], strict)).toEqual([]);
  expect(editChain(['-s 2', '-s 1'], strict)).toBe(REFILL);
});
