import { Ipv4Cidr, Ipv6Cidr } from '@novanet/net-address';
import { expect, it } from 'vitest';
import { acceptRules } from './group-rules.js';

const everything = { protocol: null, fromPort: null, toPort: null };

it.each([
  [Ipv4Cidr.parse('10.0.0.0/8'), ['-s 10.0.0.0/8 -j ACCEPT'], []],
  [Ipv4Cidr.parse('0.0.0.0/0'), ['-j ACCEPT'], []],
  [Ipv6Cidr.parse('fd00::/8'), [], ['-s fd00::/8 -j ACCEPT']],
])('traffic of every kind from %s is one rule, of its own family', (cidr, ipv4, ipv6) => {
  const traffic = { ...everything, source: { cidr } };
  expect(acceptRules(traffic, 'ipv4')).toEqual(ipv4);
  expect(acceptRules(traffic, 'ipv6')).toEqual(ipv6);
});
