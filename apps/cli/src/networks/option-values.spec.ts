import { describe, expect, it } from 'vitest';
import { cidrOption, ipOption, numberOption } from './option-values.js';

describe('the values of options', () => {
  it('are taken as they were typed', () => {
    expect(ipOption(4)('10.0.0.1')).toBe('10.0.0.1');
    expect(ipOption(6)('FD00::1')).toBe('FD00::1');
    expect(cidrOption(4)('10.0.0.7/24')).toBe('10.0.0.7/24');
    expect(cidrOption(6)('fd00::/64')).toBe('fd00::/64');
    expect(numberOption({ min: 1, max: 4094 })('4094')).toBe(4094);
  });

  it.each([
    ['an address of the other family', () => ipOption(4)('fd00::1'), 'It is not an IPv4 address.'],
    ['a name', () => ipOption(6)('gateway'), 'It is not an IPv6 address.'],
    ['a range without length', () => cidrOption(4)('10.0.0.0'), 'It is not an IPv4 range like 10.0.0.0/24.'],
    ['a wrong range', () => cidrOption(6)('fd00::/129'), 'It is not an IPv6 range like fd00:1::/64.'],
    [
      'too small a number',
      () => numberOption({ min: 1, max: 4094 })('0'),
      'It is not a number from 1 to 4094.',
    ],
    [
      'too big a number',
      () => numberOption({ min: 1, max: 4094 })('4095'),
      'It is not a number from 1 to 4094.',
    ],
    ['no number', () => numberOption({ min: 0, max: 9 })('1e0'), 'It is not a number from 0 to 9.'],
    ['an empty number', () => numberOption({ min: 0, max: 9 })(''), 'It is not a number from 0 to 9.'],
  ])('are refused when they are %s', (_, parse, message) => {
    expect(parse).toThrow(message);
  });
});
