import { Ipv4Cidr, Ipv6Cidr } from '@novanet/net-address';
import { describe, expect, it } from 'vitest';
import { cidrRuleDraft, ruleDraft, type RuleWish } from './rule-wish.js';

const everywhere = { cidr: Ipv4Cidr.parse('0.0.0.0/0') };

describe('a rule that a client asks for', () => {
  it.each<[string, RuleWish, object]>([
    [
      'is open to everybody without a source',
      { protocol: 'tcp', fromPort: 22, toPort: 22 },
      { protocol: 'tcp', fromPort: 22, toPort: 22, source: everywhere },
    ],
    [
      'may be written in capitals, its numbers as text',
      { protocol: 'UDP', fromPort: '53', toPort: ' 53 ', cidr: '10.1.2.3/8' },
      { protocol: 'udp', fromPort: 53, toPort: 53, source: { cidr: Ipv4Cidr.parse('10.0.0.0/8') } },
    ],
    [
      'may be for IPv6',
      { protocol: 'icmp', fromPort: 128, toPort: 0, cidr: '2001:db8::/32' },
      { protocol: 'icmp', fromPort: 128, toPort: 0, source: { cidr: Ipv6Cidr.parse('2001:db8::/32') } },
    ],
    [
      'may be for all of IPv6',
      { protocol: 'tcp', fromPort: 1, toPort: 65_535, cidr: '::/0' },
      { protocol: 'tcp', fromPort: 1, toPort: 65_535, source: { cidr: Ipv6Cidr.parse('::/0') } },
    ],
    [
      'may be for traffic of every kind from a block',
      { protocol: 'any', cidr: '10.0.0.0/8' },
      { protocol: null, fromPort: null, toPort: null, source: { cidr: Ipv4Cidr.parse('10.0.0.0/8') } },
    ],
    [
      'may say so as Amazon does',
      { protocol: '-1', fromPort: -1, toPort: '-1' },
      { protocol: null, fromPort: null, toPort: null, source: everywhere },
    ],
    [
      'may say so of a group',
      { groupId: 7, protocol: 'ANY', fromPort: -1, toPort: -1 },
      { protocol: null, fromPort: null, toPort: null, source: { groupId: 7 } },
    ],
    [
      'from a group is for everything when it says no more',
      { groupId: 7, protocol: null },
      { protocol: null, fromPort: null, toPort: null, source: { groupId: 7 } },
    ],
    [
      'from a group and of ICMP is for each type',
      { groupId: 7, protocol: 'ICMP' },
      { protocol: 'icmp', fromPort: -1, toPort: -1, source: { groupId: 7 } },
    ],
    [
      'from a group and of TCP is for each port',
      { groupId: 7, protocol: 'tcp', fromPort: null, toPort: null },
      { protocol: 'tcp', fromPort: 1, toPort: 65_535, source: { groupId: 7 } },
    ],
    [
      'from a group and a block is from the group',
      { groupId: 7, cidr: 'nonsense', protocol: 'tcp', fromPort: 80, toPort: 90 },
      { protocol: 'tcp', fromPort: 80, toPort: 90, source: { groupId: 7 } },
    ],
  ])('%s', (_name, wish, draft) => {
    expect(ruleDraft(wish)).toEqual(draft);
  });

  const tcp = { protocol: 'tcp', fromPort: 1, toPort: 2 };
  it.each<[string, RuleWish]>([
    ['Not enough parameters to build a valid rule.', {}],
    ['Not enough parameters to build a valid rule.', { protocol: 'tcp', fromPort: 22 }],
    ['Not enough parameters to build a valid rule.', { fromPort: 22, toPort: 22 }],
    ['Not enough parameters to build a valid rule.', { groupId: 7, fromPort: 1, toPort: 2 }],
    // nova opens everything then
    ['Not enough parameters to build a valid rule.', { groupId: 7, protocol: 'tcp', fromPort: 22 }],
    ['Not enough parameters to build a valid rule.', { ...tcp, protocol: 'any' }],
    ['Not enough parameters to build a valid rule.', { ...tcp, groupId: 7, protocol: '-1' }],
    ['Invalid IP protocol sctp.', { ...tcp, protocol: 'sctp' }],
    ['Invalid IP protocol sctp.', { groupId: 7, protocol: 'sctp' }],
    ['Invalid input received: To and From ports must be integers', { ...tcp, toPort: 'http' }],
    ['Invalid input received: To and From ports must be integers', { ...tcp, toPort: 2.5 }],
    ['Invalid input received: To and From ports must be integers', { ...tcp, toPort: '' }],
    [
      'Invalid input received: Type and Code must be integers for ICMP protocol type',
      { protocol: 'icmp', fromPort: 'echo', toPort: -1 },
    ],
    [
      'Invalid port range 90:80. Former value cannot be greater than the later',
      { ...tcp, fromPort: 90, toPort: 80 },
    ],
    [
      'Invalid port range 0:80. Valid TCP ports should be between 1-65535',
      { ...tcp, fromPort: 0, toPort: 80 },
    ],
    [
      'Invalid port range 1:65536. Valid UDP ports should be between 1-65535',
      { protocol: 'udp', fromPort: 1, toPort: 65_536 },
    ],
    [
      'Invalid port range 256:-1. For ICMP, the type:code must be valid',
      { protocol: 'icmp', fromPort: 256, toPort: -1 },
    ],
    [
      'Invalid port range -1:-2. For ICMP, the type:code must be valid',
      { protocol: 'icmp', fromPort: -1, toPort: -2 },
    ],
    ['10.0.0.0 is not a valid IP network.', { ...tcp, cidr: '10.0.0.0' }],
    ['10.0.0.0/ is not a valid IP network.', { ...tcp, cidr: '10.0.0.0/' }],
    ['10.0.0.0/33 is not a valid IP network.', { ...tcp, cidr: '10.0.0.0/33' }],
    ['0.0.0.0/0 -j ACCEPT is not a valid IP network.', { ...tcp, cidr: '0.0.0.0/0 -j ACCEPT' }],
    ['Bad prefix for network in cidr 10.0.0.0/0', { ...tcp, cidr: '10.0.0.0/0' }],
    ['Bad prefix for network in cidr 2001:db8::/0', { ...tcp, cidr: '2001:db8::/0' }],
  ])('is refused: %s', (message, wish) => {
    expect(() => ruleDraft(wish)).toThrow(message);
  });
});

describe('a rule of no group', () => {
  it('knows no source group', () => {
    const wish = { groupId: 7, protocol: 'tcp', fromPort: 1, toPort: 2, cidr: '10.0.0.0/8' };
    expect(cidrRuleDraft(wish)).toEqual({
      protocol: 'tcp',
      fromPort: 1,
      toPort: 2,
      cidr: Ipv4Cidr.parse('10.0.0.0/8'),
    });
  });
});
