import { describe, expect, it } from 'vitest';
import { isAsShown, stepsOf } from './guide-page.js';

const page = [
  '# Title',
  '```sh',
  'echo one',
  'echo two',
  '```',
  '',
  '```text',
  'one',
  'two',
  '```',
  '```sh',
  'true',
  '```',
  'That prints nothing, and this is a configuration:',
  '```text',
  '[DEFAULT]',
  '```',
  '```ini',
  'x = 1',
  '```',
].join('\n');

describe('stepsOf', () => {
  it('takes the blocks of commands with what is shown right after them', () => {
    expect(stepsOf(page)).toEqual([
      { line: 3, commands: 'echo one\necho two', printed: 'one\ntwo' },
      { line: 12, commands: 'true', printed: null },
    ]);
  });

  it('refuses a page whose block has no end', () => {
    expect(() => stepsOf('```sh\nx')).toThrow('line 1: the block has no end');
  });
});

describe('isAsShown', () => {
  it.each([
    { shown: 'a  b', printed: 'a  b  \n', is: true },
    { shown: 'id … done', printed: 'id 12\n34 done', is: true },
    { shown: '10.0.0.1', printed: '10x0x0x1', is: false },
    { shown: 'a', printed: 'a\nb', is: false },
    { shown: 'a\n…', printed: 'a\nb', is: true },
  ])('$shown is shown, $printed printed: $is', ({ shown, printed, is }) => {
    expect(isAsShown(shown, printed)).toBe(is);
  });
});
