import type { NetworkDict } from '@novanet/contracts';
import { describe, expect, test } from 'vitest';
import { failureOf } from '../testing/requests.js';
import { startCloud } from './testing/test-cloud.js';

// nova: created some of the networks it was asked for, or none, without a word; or two on one VLAN, or overlapping ones.

async function vlanCloud() {
  const cloud = await startCloud({ network_manager: 'VlanManager', vlan_interface: 'eth1' });
  await cloud.start('h1');
  const create = async (args: Record<string, unknown>) => {
    const answer = await cloud.call('create_networks', { label: 'n', ...args });
    return answer as NetworkDict[];
  };
  return { ...cloud, create };
}

test('networks are created all or none, and a refusal says why', async () => {
  const { create, dump } = await vlanCloud();
  await create({ label: 'there', cidr: '10.5.0.0/24', cidr_v6: 'fd00:5::/64', vlan: 500 });
  const before = await dump();
  const two = { cidr: '10.0.0.0/24', num_networks: 2, network_size: 128, vlan_start: 100 };
  const refused = [
    [{ ...two, num_networks: 4 }, 'ValueError'],
    [{ ...two, network_size: 512, num_networks: 1 }, 'ValueError'],
    [{ ...two, vlan: 100 }, 'InvalidInput'],
    [{ ...two, gateway: '10.0.0.1' }, 'InvalidInput'],
    [{ ...two, uuid: '8b0a2e5c-5d0f-4a38-9c7a-0f2a6d1f3c11' }, 'InvalidInput'],
    [{ ...two, fixed_cidr: '10.0.0.0/25' }, 'InvalidInput'],
    [{ ...two, allowed_start: '10.0.0.10' }, 'InvalidInput'],
    [{ ...two, vlan_start: 4094 }, 'ValueError'],
    [
      { cidr: '10.0.0.0/24', vlan: 100, allowed_start: '10.0.0.20', allowed_end: '10.0.0.10' },
      'InvalidInput',
    ],
    [{ cidr: '10.0.0.0/24', vlan: 500 }, 'DuplicateVlan'],
    [{ cidr: '10.5.0.128/25', vlan: 100 }, 'CidrConflict'],
    [{ cidr: '10.4.0.0/15', network_size: 131_072, vlan: 100 }, 'CidrConflict'],
    [{ cidr: '10.6.0.0/24', cidr_v6: 'fd00:5::/64', vlan: 100 }, 'CidrConflict'],
  ] as const;
  for (const [args, className] of refused) {
    const outcome = await failureOf(create(args));
    expect.soft({ args, outcome }).toEqual({ args, outcome: expect.stringContaining(className) });
    expect.soft(outcome.length).toBeGreaterThan(className.length + 10);
  }
  expect(await dump()).toEqual(before);
});

describe('networks that are created at once', () => {
  test('never overlap', async () => {
    const { create } = await vlanCloud();
    const sizes = [256, 128, 64, 256, 128, 64, 256, 128];
    const outcomes = await Promise.allSettled(
      sizes.map((network_size, i) =>
        create({ cidr: '10.0.0.0/23', network_size, num_networks: 1, vlan: i + 1 }),
      ),
    );
    const created = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
    const ranges = created.map(({ cidr }) => rangeOf(String(cidr))).toSorted(([a], [b]) => a - b);
    expect(ranges.length).toBeGreaterThan(1);
    for (const [index, [first]] of ranges.entries()) {
      expect(first).toBeGreaterThan(ranges[index - 1]?.[1] ?? -1);
    }
  });

  test('never share a VLAN', async () => {
    const { create } = await vlanCloud();
    await create({ cidr: '10.9.0.0/24', vlan: 101 });
    const created = await Promise.all(
      [0, 1, 2, 3].map((n) =>
        create({ cidr: `10.${n}.0.0/24`, num_networks: 2, network_size: 128, vlan_start: 100 }),
      ),
    );
    const vlans = created.flat().map(({ vlan }) => Number(vlan));
    expect(vlans.toSorted((a, b) => a - b)).toEqual([100, 102, 103, 104, 105, 106, 107, 108]);
  });
});

test('a range without a size is shared evenly, as many networks as were asked for', async () => {
  const { create } = await vlanCloud();
  const networks = await create({ cidr: '10.0.0.0/24', num_networks: 2, vlan_start: 100 });
  expect(networks.map(({ cidr }) => cidr)).toEqual(['10.0.0.0/25', '10.0.0.128/25']);
  const many = await create({ cidr: '172.16.100.0/24', num_networks: 16, vlan_start: 200 });
  expect(many).toHaveLength(16);
});

/** The first and the last address of a block, as numbers. */
function rangeOf(cidr: string): [first: number, last: number] {
  const [address = '', length = ''] = cidr.split('/');
  const first = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return [first, first + 2 ** (32 - Number(length)) - 1];
}
