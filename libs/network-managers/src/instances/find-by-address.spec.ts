import { InvalidInput, type Nic } from '@novanet/ipam';
import { Ipv4, Mac } from '@novanet/net-address';
import { describe, expect, it } from 'vitest';
import { plan, stored } from '../testing/network-plans.js';
import { FindByAddress } from './find-by-address.js';

const [dual] = plan({ label: 'n', cidr: '10.0.0.0/24', cidr_v6: 'fd00:0:0:1::/64', bridge: 'br1' });
const network = stored(dual!);

/** The NIC of an instance of that name; its IPv6 address ends in its number. */
function nicOf(instanceUuid: string, number: number, ...addresses: string[]): Nic {
  const vif = {
    id: number,
    uuid: `vif-${number}`,
    mac: Mac.ofNova(number),
    networkId: network.id,
    instanceUuid,
    createdAt: new Date(0),
  };
  const fixedIps = addresses.map((address, index) => ({
    id: index,
    subnetId: 0,
    networkId: network.id,
    address: Ipv4.parse(address),
    role: 'instance' as const,
    vifId: number,
    instanceUuid,
    host: null,
    isAllocated: true,
    lease: null,
    floatingAddresses: [],
    createdAt: new Date(0),
    updatedAt: null,
  }));
  return { vif, network, fixedIps, dhcpServer: null };
}

function find(filters: Record<string, unknown>, nics: readonly Nic[]) {
  const ledger = { allNics: async () => [...nics] };
  return new FindByAddress(ledger, { ipv6Backend: 'rfc2462' }).run(filters);
}

const cloud = [
  nicOf('a', 1, '10.0.0.5', '10.0.0.50'),
  nicOf('b', 2, '10.0.0.51'),
  nicOf('c', 3, '110.0.0.5'),
  nicOf('d', 4),
];

describe('finding instances by an address', () => {
  it.each([
    { name: 'a whole one', filters: { fixed_ip: '10.0.0.5' }, found: ['a 10.0.0.5'] },
    { name: 'a whole one nobody has', filters: { fixed_ip: '10.0.0.9' }, found: [] },
    { name: 'no pattern in a whole one', filters: { fixed_ip: '10.0.0..*' }, found: [] },
    {
      name: 'the beginning of one',
      filters: { ip: '10.0.0.5' },
      found: ['a 10.0.0.5', 'a 10.0.0.50', 'b 10.0.0.51'],
    },
    { name: 'an end', filters: { ip: '10\\.0\\.0\\.5$' }, found: ['a 10.0.0.5'] },
    { name: 'an anchor', filters: { ip: '^110' }, found: ['c 110.0.0.5'] },
    { name: 'one of two', filters: { ip: '110|10.0.0.51' }, found: ['b 10.0.0.51', 'c 110.0.0.5'] },
    { name: 'not the middle of one', filters: { ip: '0.0.5' }, found: [] },
    {
      name: 'IPv6, which has no row',
      filters: { ip6: 'fd00::1:f816:3eff:fe00:[24]$' },
      found: ['b fd00::1:f816:3eff:fe00:2', 'd fd00::1:f816:3eff:fe00:4'],
    },
    { name: 'no IPv6 by a pattern for IPv4', filters: { ip: 'f.*' }, found: [] },
    { name: 'no IPv4 by a pattern for IPv6', filters: { ip6: '1.*' }, found: [] },
    {
      name: 'what any of several finds',
      filters: { fixed_ip: '110.0.0.5', ip: '10.0.0.51', ip6: '.*:4$' },
      found: ['b 10.0.0.51', 'c 110.0.0.5', 'd fd00::1:f816:3eff:fe00:4'],
    },
    { name: 'nothing by nothing', filters: { fixed_ip: '', ip: null }, found: [] },
    { name: 'nothing by what is no text', filters: { ip: 10, ip6: ['.*'], fixed_ip: {} }, found: [] },
  ])('finds $name', async ({ filters, found }) => {
    const result = await find(filters, cloud);
    expect(result.map(({ instance_uuid, ip }) => `${instance_uuid} ${ip}`)).toEqual(found);
  });

  it.each([
    { name: 'that is none', pattern: '10.0.(' },
    { name: 'that closes more than it opens', pattern: '10)|(.*' },
    { name: 'that is none, of an empty repetition', pattern: '*' },
    { name: 'with a repeated group', pattern: '(1+)+$' },
    { name: 'with a group repeated in braces', pattern: '(10?){9}' },
    { name: 'with many repetitions', pattern: '.*.*.*.*x' },
    { name: 'with many optional parts', pattern: `${'.?'.repeat(31)}x` },
    { name: 'with many alternatives', pattern: `${'(|)'.repeat(20)}x` },
    { name: 'that looks ahead', pattern: '(?=1).*' },
    { name: 'that looks back', pattern: '(1)\\1' },
    { name: 'of a great length', pattern: '1'.repeat(65) },
  ])('refuses a pattern $name', async ({ pattern }) => {
    for (const filter of ['ip', 'ip6']) {
      await expect(find({ [filter]: pattern }, cloud)).rejects.toBeInstanceOf(InvalidInput);
    }
  });

  const worst = [
    { ip: '.*.*.*x' },
    { ip: '.{0,99}.{0,99}.{0,99}x' },
    { ip: '[0-9.]+[0-9.]+[0-9.]+x' },
    { ip: '(.*|.*).x' },
    { ip6: '.*.*x' },
    { ip6: '.{1,99999}.+x' },
    { ip: `${'.'.repeat(61)}*` },
  ];
  it.each(worst)('tries %o on a thousand NICs in a moment', async (filters) => {
    const nics = Array.from({ length: 1000 }, (_, i) => nicOf('a', i, '100.100.100.100', '200.200.200.200'));
    const begin = performance.now();
    await find(filters, nics);
    expect(performance.now() - begin).toBeLessThan(250);
  });
});
