import { Ipv4Cidr, Ipv6Cidr } from '@novanet/net-address';
import { describe, expect, it } from 'vitest';
import { subnetUsage } from './subnet-usage.js';

const cidr = Ipv4Cidr.parse('10.0.0.0/28');
const v4 = {
  id: 1,
  version: 4,
  cidr,
  gateway: cidr.at(1),
  dhcpServer: cidr.at(1),
  dhcpStart: cidr.at(2),
  pool: { first: cidr.at(2), last: cidr.at(14) },
} as const;
const v6 = {
  id: 2,
  version: 6,
  cidr: Ipv6Cidr.parse('fd00::/64'),
  gateway: null,
  dhcpServer: null,
  dhcpStart: null,
  pool: null,
} as const;
const none = { allocated: 0, leased: 0, draining: 0, usedOfPool: 0, nics: 0 };

describe('subnetUsage', () => {
  it.each([
    ['of an empty network reserves its ends and the gateway', v4, none, { size: 16, reserved: 3, free: 13 }],
    [
      'counts every address once',
      v4,
      { allocated: 2, leased: 3, draining: 1, usedOfPool: 4, nics: 2 },
      { size: 16, allocated: 2, leased: 3, draining: 1, reserved: 4, free: 9 },
    ],
    [
      'takes an address that was asked for outside of the pool from what is reserved',
      v4,
      { ...none, allocated: 1, nics: 1 },
      { allocated: 1, reserved: 2, free: 13 },
    ],
    [
      'counts NICs where instances make their own addresses',
      v6,
      { ...none, nics: 3 },
      { allocated: 3, size: null, reserved: null, free: null },
    ],
  ])('%s', (_, subnet, counts, usage) => {
    expect(subnetUsage(subnet, counts)).toMatchObject(usage);
  });
});
