import { describe, expect, it } from 'vitest';

import { describeTraffic, ruleOf, type Traffic } from './allow.js';

const from = '0.0.0.0/0';

describe('traffic that is let in', () => {
  it.each<[Traffic, readonly [string, number, number], string]>([
    [{ protocol: 'tcp', ports: { first: 80, last: 80 }, from }, ['tcp', 80, 80], 'tcp 80 from 0.0.0.0/0'],
    [{ protocol: 'udp', ports: { first: 1, last: 9 }, from }, ['udp', 1, 9], 'udp 1-9 from 0.0.0.0/0'],
    [{ protocol: 'tcp', from }, ['tcp', 1, 65_535], 'tcp from 0.0.0.0/0'],
    [{ protocol: 'icmp', from }, ['icmp', -1, -1], 'icmp from 0.0.0.0/0'],
  ])('is a rule: %o', (traffic, [ip_protocol, from_port, to_port], text) => {
    expect(ruleOf(traffic)).toEqual({ ip_protocol, from_port, to_port, cidr: from });
    expect(describeTraffic(traffic)).toBe(text);
  });

  it('has no ports with ICMP', () => {
    const traffic: Traffic = { protocol: 'icmp', ports: { first: 8, last: 8 }, from };
    expect(() => ruleOf(traffic)).toThrow('ICMP has no ports: leave out 8.');
  });
});
