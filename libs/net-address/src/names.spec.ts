import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDeviceName, parseHostName } from './names.js';

describe('parseDeviceName', () => {
  it.each(['eth0', 'br100', 'vlan4094', 'eth0.100', 'nn-a_b', '_x', 'abcdefghijklmno'])(
    'takes %s',
    (text) => {
      expect(parseDeviceName(text)).toBe(text);
    },
  );

  it.each([
    ['an empty name', ''],
    ['sixteen characters', 'abcdefghijklmnop'],
    ['a directory', '.'],
    ['the directory above', '..'],
    ['a path', 'a/b'],
    ['an option', '-x'],
    ['a space', 'eth 0'],
    ['a line end', 'eth0\n'],
    ["iptables' wildcard", 'eth+'],
    ['a negation', '!eth0'],
    ['an alias', 'eth0:1'],
    ['a letter of another alphabet', 'éth0'],
  ])('refuses %s', (_, text) => {
    expect(() => parseDeviceName(text)).toThrow(
      `"${text}" is not a network device name (1 to 15 of A-Z a-z 0-9 . _ -)`,
    );
  });

  it('lets no single character through that a command line or a file would treat specially', () => {
    fc.assert(
      fc.property(
        fc.nat(0x2ff).map((code) => String.fromCharCode(code)),
        (character) => {
          expect(isAccepted(parseDeviceName, `a${character}b`)).toBe(/^[A-Za-z0-9._-]$/.test(character));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('parseHostName', () => {
  it.each(['compute1', 'compute-1.example.org', 'a', 'x'.repeat(255)])('takes %s', (text) => {
    expect(parseHostName(text)).toBe(text);
  });

  it.each([
    ['an empty name', ''],
    ['a wildcard of one word', 'compute.*'],
    ['a wildcard of many words', 'compute.#'],
    ['a space', 'compute 1'],
    ['a dot at the start', '.compute'],
    ['256 characters', 'x'.repeat(256)],
    ['a line end', 'compute\n'],
  ])('refuses %s', (_, text) => {
    expect(() => parseHostName(text)).toThrow('is not a host name (A-Z a-z 0-9 . _ -)');
  });
});

function isAccepted(parse: (text: string) => unknown, text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}
