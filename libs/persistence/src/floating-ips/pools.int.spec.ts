import {
  FloatingIpAllocated,
  FloatingIpAssociated,
  FloatingIpExists,
  FloatingIpNotFoundForAddress,
  FloatingIpPoolExists,
  FloatingIpPoolInUse,
  FloatingIpPoolNotFound,
  InvalidInput,
  parseFloatingRange,
} from '@novanet/ipam';
import { parseDeviceName } from '@novanet/net-address';
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createNetwork, host, ip } from '../testing/fixtures.js';
import { allocateFloatingIp, growPool, someFixedIp } from '../testing/floating-fixtures.js';
import { scratchIpam } from '../testing/scratch-ipam.js';

const requestId = () => randomUUID().replaceAll('-', '');
const always = () => true;

describe('a pool', () => {
  test('is created once, and can be empty', async () => {
    const { floatingIpPools: pools } = await scratchIpam();
    await pools.create('public');
    expect(await pools.list()).toEqual([{ name: 'public', total: 0, free: 0, allocated: 0, associated: 0 }]);
    await expect(pools.create('public')).rejects.toEqual(new FloatingIpPoolExists('public'));
  });

  test('is deleted only when it has no addresses', async () => {
    const ipam = await scratchIpam();
    await growPool(ipam, '203.0.113.1');
    await expect(ipam.floatingIpPools.delete('nova')).rejects.toEqual(new FloatingIpPoolInUse('nova'));
    await ipam.floatingIpPools.shrink([ip('203.0.113.1')]);
    await ipam.floatingIpPools.delete('nova');
    expect(await ipam.floatingIpPools.list()).toEqual([]);
    await expect(ipam.floatingIpPools.delete('nova')).rejects.toEqual(new FloatingIpPoolNotFound());
  });

  test('is counted: free, allocated, associated', async () => {
    const ipam = await scratchIpam();
    await growPool(ipam, '203.0.113.0/29');
    await ipam.floatingIpPools.create('empty');
    const [first] = [await allocateFloatingIp(ipam), await allocateFloatingIp(ipam)];
    const fixedIp = await someFixedIp(ipam, await createNetwork(ipam, '10.0.0.0/24'));
    const { address } = first;
    await ipam.floatingIps.associate({ address, fixedIp, host: host('h1'), guard: always, mayTake: true });
    expect(await ipam.floatingIpPools.list()).toEqual([
      { name: 'empty', total: 0, free: 0, allocated: 0, associated: 0 },
      { name: 'nova', total: 6, free: 4, allocated: 2, associated: 1 },
    ]);
  });

  test('grows by addresses with an interface of their own', async () => {
    const { floatingIpPools: pools, floatingIps } = await scratchIpam();
    await pools.grow({
      pool: 'nova',
      addresses: parseFloatingRange('203.0.113.8/31,203.0.113.1'),
      interface: parseDeviceName('eth7'),
    });
    const listed = await floatingIps.list({ pool: 'nova' });
    expect(listed.map(({ address }) => address.toString())).toEqual([
      '203.0.113.1',
      '203.0.113.8',
      '203.0.113.9',
    ]);
    expect(listed[0]).toEqual({
      id: expect.any(Number),
      address: ip('203.0.113.1'),
      pool: 'nova',
      interface: 'eth7',
      projectId: null,
      isAutoAssigned: false,
      host: null,
      association: null,
      revision: null,
      createdAt: expect.any(Date),
      updatedAt: null,
    });
  });

  test('does not grow at all when one of the addresses is in any pool', async () => {
    const ipam = await scratchIpam();
    await growPool(ipam, '203.0.113.5');
    const before = await ipam.dump();
    const addresses = parseFloatingRange('203.0.113.0/28');
    await expect(ipam.floatingIpPools.grow({ pool: 'other', addresses, interface: null })).rejects.toEqual(
      new FloatingIpExists('203.0.113.5'),
    );
    expect(await ipam.dump()).toEqual(before);
  });

  test('is grown by one of two who add the same address at once', async () => {
    const ipam = await scratchIpam();
    const other = await ipam.openAnother();
    for (let round = 0; round < 5; round += 1) {
      const range = `203.0.113.0/28,198.51.100.${round}`;
      const outcomes = await Promise.allSettled([growPool(ipam, range), growPool(other, range)]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const refused = outcomes.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
      expect(refused.reason).toBeInstanceOf(FloatingIpExists);
      await ipam.floatingIpPools.shrink(parseFloatingRange(range));
    }
  });

  test('takes many addresses in a few statements, but no more than 999,999', async () => {
    const ipam = await scratchIpam();
    const addresses = parseFloatingRange('10.0.0.0-10.0.234.95');
    expect(addresses).toHaveLength(60_000);
    await ipam.floatingIpPools.grow({ pool: 'nova', addresses, interface: null });
    expect(ipam.statements.filter((sql) => sql.startsWith('INSERT INTO floating_ips'))).toHaveLength(2);
    expect(await ipam.floatingIpPools.list()).toMatchObject([{ total: 60_000, free: 60_000 }]);
    const tooMany = Array.from({ length: 1_000_000 }, () => ip('10.0.0.1'));
    await expect(
      ipam.floatingIpPools.grow({ pool: 'nova', addresses: tooMany, interface: null }),
    ).rejects.toBeInstanceOf(InvalidInput);
    await ipam.floatingIpPools.shrink(addresses);
    expect(await ipam.floatingIpPools.list()).toMatchObject([{ total: 0 }]);
  });

  test('shrinks by free addresses only, all or nothing', async () => {
    const ipam = await scratchIpam();
    await growPool(ipam, '203.0.113.1-203.0.113.4');
    await allocateFloatingIp(ipam, { projectId: 'p7' });
    const fixedIp = await someFixedIp(ipam, await createNetwork(ipam, '10.0.0.0/24'));
    const { address } = await allocateFloatingIp(ipam);
    await ipam.floatingIps.associate({ address, fixedIp, host: host('h1'), guard: always, mayTake: true });
    const before = await ipam.dump();
    const shrunk = (range: string) => ipam.floatingIpPools.shrink(parseFloatingRange(range));
    await expect(shrunk('203.0.113.1,203.0.113.4')).rejects.toEqual(
      new FloatingIpAllocated('203.0.113.1', 'p7'),
    );
    await expect(shrunk('203.0.113.2-203.0.113.4')).rejects.toEqual(new FloatingIpAssociated('203.0.113.2'));
    await expect(shrunk('203.0.113.3-203.0.113.5')).rejects.toEqual(
      new FloatingIpNotFoundForAddress('203.0.113.5'),
    );
    expect(await ipam.dump()).toEqual(before);
    await shrunk('203.0.113.3-203.0.113.4');
    expect(await ipam.floatingIpPools.list()).toMatchObject([{ total: 2, free: 0 }]);
  });

  test('keeps what is in another pool than the one that shrinks', async () => {
    const ipam = await scratchIpam();
    await growPool(ipam, '203.0.113.1');
    await ipam.floatingIpPools.create('east');
    const missing = new FloatingIpNotFoundForAddress('203.0.113.1');
    const addresses = parseFloatingRange('203.0.113.1');
    await expect(ipam.floatingIpPools.shrink(addresses, requestId(), 'east')).rejects.toEqual(missing);
    await allocateFloatingIp(ipam);
    await expect(ipam.floatingIpPools.heldAmong(addresses, 'east')).rejects.toEqual(missing);
    expect(await ipam.floatingIpPools.heldAmong(addresses, 'nova')).toHaveLength(1);
  });

  test('is changed once by a request that comes again, also to another process at the same time', async () => {
    const ipam = await scratchIpam();
    const other = await ipam.openAnother();
    const both = async (change: (pools: typeof ipam.floatingIpPools) => Promise<void>) => {
      await Promise.all([change(ipam.floatingIpPools), change(other.floatingIpPools)]);
      await change(ipam.floatingIpPools);
    };
    const ids = [requestId(), requestId(), requestId(), requestId()] as const;
    const addresses = parseFloatingRange('203.0.113.0/28');
    await both((pools) => pools.create('nova', ids[0]));
    await both((pools) => pools.grow({ pool: 'nova', addresses, interface: null }, ids[1]));
    expect(await ipam.floatingIpPools.list()).toMatchObject([{ name: 'nova', total: 14 }]);
    await both((pools) => pools.shrink(addresses, ids[2]));
    await both((pools) => pools.delete('nova', ids[3]));
    expect(await ipam.floatingIpPools.list()).toEqual([]);
  });
});
