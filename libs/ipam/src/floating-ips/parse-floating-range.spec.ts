import { describe, expect, it } from 'vitest';
import { parseFloatingRange } from './parse-floating-range.js';

const addresses = (text: string) => parseFloatingRange(text).map(String);

describe('a range of floating IPs', () => {
  it.each([
    {
      name: 'a block without its network and broadcast address',
      text: '203.0.113.0/29',
      first: '203.0.113.1',
      last: '203.0.113.6',
      count: 6,
    },
    {
      name: 'a block named by an address in it',
      text: '203.0.113.5/29',
      first: '203.0.113.1',
      last: '203.0.113.6',
      count: 6,
    },
    { name: 'a /30', text: '203.0.113.4/30', first: '203.0.113.5', last: '203.0.113.6', count: 2 },
    { name: 'a /31, whole', text: '68.99.26.170/31', first: '68.99.26.170', last: '68.99.26.171', count: 2 },
    { name: 'a /32', text: '203.0.113.9/32', first: '203.0.113.9', last: '203.0.113.9', count: 1 },
    { name: 'a single address', text: '203.0.113.9', first: '203.0.113.9', last: '203.0.113.9', count: 1 },
    {
      name: 'a range with both ends',
      text: '203.0.113.254-203.0.114.1',
      first: '203.0.113.254',
      last: '203.0.114.1',
      count: 4,
    },
    {
      name: 'a list, sorted',
      text: ' 203.0.113.64/31, 203.0.113.5 - 203.0.113.7,203.0.113.1',
      first: '203.0.113.1',
      last: '203.0.113.65',
      count: 6,
    },
  ])('is $name: $text', ({ text, first, last, count }) => {
    const parsed = parseFloatingRange(text);
    expect([parsed.at(0)?.toString(), parsed.at(-1)?.toString(), parsed.length]).toEqual([
      first,
      last,
      count,
    ]);
  });

  it('leaves nothing out and nothing in', () => {
    expect(addresses('203.0.113.8/30,203.0.113.1-203.0.113.3')).toEqual([
      '203.0.113.1',
      '203.0.113.2',
      '203.0.113.3',
      '203.0.113.9',
      '203.0.113.10',
    ]);
  });

  it.each([
    { text: '', reason: '"" is no IPv4 address' },
    { text: '203.0.113.1,', reason: '"" is no IPv4 address' },
    { text: '203.0.113.256', reason: '"203.0.113.256" is no IPv4 address' },
    { text: '203.0.113.0/33', reason: '"203.0.113.0/33" is no IPv4 address' },
    { text: '203.0.113.1-', reason: 'is no IPv4 address' },
    { text: '203.0.113.1-203.0.113.2-203.0.113.3', reason: 'is no IPv4 address' },
    { text: '203.0.113.0/24-203.0.113.9', reason: 'is no IPv4 address' },
    { text: '2001:db8::/120', reason: '"2001:db8::/120" is no IPv4 address' },
    { text: '010.0.0.1', reason: '"010.0.0.1" is no IPv4 address' },
    { text: "203.0.113.1'; DROP TABLE floating_ips", reason: 'is no IPv4 address' },
    { text: '203.0.113.9-203.0.113.5', reason: '203.0.113.9-203.0.113.5 ends before it begins' },
    { text: '203.0.113.5,203.0.113.5', reason: 'has 203.0.113.5 twice' },
    { text: '203.0.113.1-203.0.113.9,203.0.113.9/32', reason: 'has 203.0.113.9 twice' },
    { text: '10.0.0.0-10.15.66.63', reason: 'has 1000000 addresses, at most 999999' },
    { text: '10.0.0.0/8', reason: 'has 16777214 addresses' },
    { text: '1.0.0.0/9,10.0.0.0/31', reason: 'has 8388608 addresses' },
    { text: '0.0.0.0/0', reason: 'no host can have the address 0.0.0.1' },
    { text: '127.0.0.1', reason: 'no host can have the address 127.0.0.1' },
    { text: '224.0.0.1-224.0.0.5', reason: 'no host can have the address 224.0.0.1' },
    { text: '255.255.255.255', reason: 'no host can have the address 255.255.255.255' },
  ])('is refused: "$text", because it $reason', ({ text, reason }) => {
    expect(() => parseFloatingRange(text)).toThrow(reason);
  });
});
