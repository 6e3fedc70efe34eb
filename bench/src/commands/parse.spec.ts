import { describe, expect, it } from 'vitest';

import { parseCounts, parsePercent, parsePrefixLengths, parseSizes } from './parse.js';

describe('options', () => {
  it.each([
    { parse: parsePrefixLengths, text: '/24,/16,/8', value: [24, 16, 8] },
    { parse: parsePrefixLengths, text: '28', value: [28] },
    { parse: parseCounts, text: '1,16', value: [1, 16] },
    { parse: parseSizes, text: '0,200', value: [0, 200] },
    { parse: parsePercent, text: '12.5', value: 12.5 },
  ])('$text is understood', ({ parse, text, value }) => {
    expect(parse(text)).toEqual(value);
  });

  it.each([
    { parse: parsePrefixLengths, text: '/7' },
    { parse: parsePrefixLengths, text: '/29' },
    { parse: parsePrefixLengths, text: '10.0.0.0/8' },
    { parse: parseCounts, text: '1,,2' },
    { parse: parseCounts, text: '0' },
    { parse: parseSizes, text: '0,' },
    { parse: parsePercent, text: '' },
    { parse: parsePercent, text: '-1' },
  ])('"$text" is refused', ({ parse, text }) => {
    expect(() => parse(text)).toThrow(/It is no|Sizes are/);
  });
});
