import {
  FloatingIpAssociated,
  FloatingIpLimitExceeded,
  FloatingIpNotFoundForAddress,
  FloatingIpPoolNotFound,
  Forbidden,
  NoMoreFloatingIps,
  type FloatingIp,
} from '@novanet/ipam';
import { waitFor } from '@novanet/testbed';
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createNetwork, host, ip } from '../testing/fixtures.js';
import { allocateFloatingIp, growPool, releasedAgo, someFixedIp } from '../testing/floating-fixtures.js';
import { scratchIpam, type ScratchIpam } from '../testing/scratch-ipam.js';
import { TypeormFloatingIpStore } from './typeorm-floating-ip-store.js';

const requestId = () => randomUUID().replaceAll('-', '');
const always = () => true;
const text = ({ address }: FloatingIp) => address.toString();
const release = ({ floatingIps }: ScratchIpam, address: string, id?: string) =>
  floatingIps.release({ address: ip(address), guard: always, ...(id && { requestId: id }) });

function setQuota({ database }: ScratchIpam, projectId: string, limit: number | null): Promise<unknown> {
  return database.run((manager) =>
    manager.query("REPLACE INTO quotas (project_id, resource, hard_limit) VALUES (?, 'floating_ips', ?)", [
      projectId,
      limit,
    ]),
  );
}

/** So many are asked for where there is no limit. */
const ENOUGH = 4;

describe('allocating a floating IP', () => {
  test('gives the lowest one that was never used', async () => {
    const ipam = await scratchIpam();
    await growPool(ipam, '203.0.113.9,203.0.113.2,203.0.113.10');
    const given = await allocateFloatingIp(ipam, { projectId: 'p7' });
    expect(given).toMatchObject({
      address: ip('203.0.113.2'),
      pool: 'nova',
      projectId: 'p7',
      isAutoAssigned: false,
      host: null,
      association: null,
    });
    expect(await ipam.floatingIps.find(ip('203.0.113.2'))).toEqual(given);
    expect(await ipam.floatingIps.findById(given.id)).toEqual(given);
    expect(await ipam.floatingIps.ofProject('p7')).toEqual([given]);
    expect(text(await allocateFloatingIp(ipam))).toBe('203.0.113.9');
  });

  test('prefers what was never used, then what was released longest ago, and lets the rest rest', async () => {
    const ipam = await scratchIpam();
    await growPool(ipam, '203.0.113.1-203.0.113.4');
    for (const address of ['203.0.113.1', '203.0.113.2', '203.0.113.3']) {
      expect(text(await allocateFloatingIp(ipam))).toBe(address);
    }
    for (const [last, seconds] of [
      [1, 100],
      [2, 300],
      [3, 200],
    ] as const) {
      await release(ipam, `203.0.113.${last}`);
      await releasedAgo(ipam.database, `203.0.113.${last}`, seconds);
    }
    const given = [];
    for (let i = 0; i < 3; i += 1) given.push(text(await allocateFloatingIp(ipam, { restSeconds: 150 })));
    expect(given).toEqual(['203.0.113.4', '203.0.113.2', '203.0.113.3']);
    await expect(allocateFloatingIp(ipam, { restSeconds: 150 })).rejects.toEqual(new NoMoreFloatingIps());
    expect(text(await allocateFloatingIp(ipam, { restSeconds: 50 }))).toBe('203.0.113.1');
  });

  test('is refused in an unknown or empty pool, and changes nothing', async () => {
    const ipam = await scratchIpam();
    await ipam.floatingIpPools.create('empty');
    const before = await ipam.dump();
    await expect(allocateFloatingIp(ipam, { pool: 'nosuch' })).rejects.toEqual(new FloatingIpPoolNotFound());
    await expect(allocateFloatingIp(ipam, { pool: 'empty' })).rejects.toEqual(new NoMoreFloatingIps());
    expect(await ipam.dump()).toEqual(before);
  });

  test.each([
    { name: 'the standard limit', limit: 2, quota: undefined, given: 2 },
    { name: "the project's quota before a lower limit", limit: 0, quota: 3, given: 3 },
    { name: "the project's quota before no limit", limit: -1, quota: 1, given: 1 },
    { name: 'no limit', limit: -1, quota: undefined, given: ENOUGH },
    { name: 'a quota of any number', limit: 1, quota: -1, given: ENOUGH },
    { name: 'the standard where the row holds no limit', limit: 2, quota: null, given: 2 },
  ])('goes by $name', async ({ limit, quota, given }) => {
    const ipam = await scratchIpam();
    await growPool(ipam, '203.0.113.0/28');
    if (quota !== undefined) await setQuota(ipam, 'p1', quota);
    await allocateFloatingIp(ipam, { limit, isAutoAssigned: true });
    await allocateFloatingIp(ipam, { projectId: 'p2' });
    for (let i = 0; i < given; i += 1) await allocateFloatingIp(ipam, { limit });
    const next = await allocateFloatingIp(ipam, { limit }).catch((error: unknown) => error);
    expect(next instanceof FloatingIpLimitExceeded).toBe(given < ENOUGH);
    const held = given < ENOUGH ? given : ENOUGH + 1;
    expect(await ipam.floatingIps.ofProject('p1')).toHaveLength(held);
    expect(await ipam.floatingIps.list({ projectId: 'p1' })).toHaveLength(held + 1);
  });

  test('answers the same again when the request is delivered again, also to another process', async () => {
    const ipam = await scratchIpam();
    const other = await ipam.openAnother();
    await growPool(ipam, '203.0.113.0/28');
    const id = requestId();
    const [first, second] = await Promise.all([
      allocateFloatingIp(ipam, { requestId: id }),
      allocateFloatingIp(other, { requestId: id }),
    ]);
    expect(second).toEqual(first);
    expect(await allocateFloatingIp(ipam, { requestId: id })).toEqual(first);
    expect(await ipam.floatingIps.ofProject('p1')).toHaveLength(1);
  });

  test('passes over what others are about to take, without waiting for them', async () => {
    const ipam = await scratchIpam();
    await growPool(ipam, '203.0.113.1-203.0.113.3');
    const store = new TypeormFloatingIpStore(ipam.database);
    const second = await store.transaction(async (transaction) => {
      const poolId = (await transaction.poolId('nova')) ?? 0;
      expect((await transaction.take(poolId, 0))?.address).toEqual(ip('203.0.113.1'));
      await transaction.lock({ addresses: [ip('203.0.113.2')] });
      return allocateFloatingIp(ipam);
    });
    expect(text(second)).toBe('203.0.113.3');
  });

  test('waits for the last one, and gets it when who was about to take it fails', async () => {
    const ipam = await scratchIpam();
    await growPool(ipam, '203.0.113.1');
    const store = new TypeormFloatingIpStore(ipam.database);
    let waiting: Promise<FloatingIp> | undefined;
    const failing = store.transaction(async (transaction) => {
      await transaction.take((await transaction.poolId('nova')) ?? 0, 0);
      const asked = ipam.statements.length;
      waiting = allocateFloatingIp(ipam);
      await waitFor(() => ipam.statements.slice(asked).some((sql) => sql.endsWith('FOR UPDATE')), {
        limitMs: 5000,
        what: 'the other one waits',
        everyMs: 1,
      });
      throw new Error('failed on purpose');
    });
    await expect(failing).rejects.toThrow('failed on purpose');
    expect(text(await waiting!)).toBe('203.0.113.1');
  });

  test.each([{ limit: -1 }, { limit: 1000 }])(
    '100 at once from a pool of 50, limit $limit: 50 get one each, 50 are refused',
    async ({ limit }) => {
      const ipam = await scratchIpam();
      const workers = [ipam, ...(await Promise.all([1, 2, 3].map(() => ipam.openAnother())))];
      await growPool(ipam, '203.0.113.1-203.0.113.50');
      const outcomes = await Promise.allSettled(
        Array.from({ length: 100 }, (_, i) => allocateFloatingIp(workers[i % 4]!, { limit })),
      );
      const given = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(new Set(given.map(text)).size).toBe(50);
      expect(given).toHaveLength(50);
      for (const { reason } of refused) expect(reason).toEqual(new NoMoreFloatingIps());
      expect(await ipam.floatingIpPools.list()).toMatchObject([{ total: 50, free: 0, allocated: 50 }]);
    },
  );

  test('never goes beyond the limit, however many ask at once', async () => {
    const ipam = await scratchIpam();
    const workers = [ipam, ...(await Promise.all([1, 2, 3].map(() => ipam.openAnother())))];
    await growPool(ipam, '203.0.113.0/24');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 40 }, (_, i) => allocateFloatingIp(workers[i % 4]!, { limit: 7 })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    expect(await ipam.floatingIps.ofProject('p1')).toHaveLength(7);
  });

  test('goes on for ever when everything is released, and loses nothing', async () => {
    const ipam = await scratchIpam();
    const workers = [ipam, ...(await Promise.all([1, 2, 3].map(() => ipam.openAnother())))];
    await growPool(ipam, '203.0.113.1-203.0.113.8');
    await Promise.all(
      Array.from({ length: 8 }, async (_, i) => {
        for (let round = 0; round < 10; round += 1) {
          const { address } = await allocateFloatingIp(workers[i % 4]!);
          await workers[(i + 1) % 4]!.floatingIps.release({ address, guard: always });
        }
      }),
    );
    expect(await ipam.floatingIpPools.list()).toMatchObject([{ total: 8, free: 8, allocated: 0 }]);
  });
});

describe('releasing a floating IP', () => {
  test('gives it back, and answers what it was', async () => {
    const ipam = await scratchIpam();
    await growPool(ipam, '203.0.113.1');
    const given = await allocateFloatingIp(ipam, { isAutoAssigned: true });
    expect(await release(ipam, '203.0.113.1')).toEqual(given);
    expect(await ipam.floatingIps.find(given.address)).toMatchObject({
      projectId: null,
      isAutoAssigned: false,
      association: null,
    });
    await expect(release(ipam, '203.0.113.99')).rejects.toEqual(
      new FloatingIpNotFoundForAddress('203.0.113.99'),
    );
  });

  test('is done once when the request is delivered again, although somebody else holds it by then', async () => {
    const ipam = await scratchIpam();
    await growPool(ipam, '203.0.113.1');
    const given = await allocateFloatingIp(ipam);
    const id = requestId();
    expect(await release(ipam, '203.0.113.1', id)).toEqual(given);
    const next = await allocateFloatingIp(ipam, { projectId: 'p2' });
    const another = await ipam.openAnother();
    const guard = () => {
      throw new Forbidden();
    };
    expect(await another.floatingIps.release({ address: given.address, guard, requestId: id })).toEqual(
      given,
    );
    expect(await ipam.floatingIps.find(given.address)).toEqual(next);
  });

  test('is refused while it is associated, and when the guard says so', async () => {
    const ipam = await scratchIpam();
    await growPool(ipam, '203.0.113.1');
    const { address } = await allocateFloatingIp(ipam);
    const fixedIp = await someFixedIp(ipam, await createNetwork(ipam, '10.0.0.0/24'));
    await ipam.floatingIps.associate({ address, fixedIp, host: host('h1'), guard: always, mayTake: true });
    const before = await ipam.dump();
    await expect(release(ipam, '203.0.113.1')).rejects.toEqual(new FloatingIpAssociated('203.0.113.1'));
    const refuse = () => {
      throw new Forbidden();
    };
    await expect(ipam.floatingIps.release({ address, guard: refuse })).rejects.toEqual(new Forbidden());
    expect(await ipam.dump()).toEqual(before);
    expect(await ipam.floatingIps.release({ address, guard: () => false })).toBeUndefined();
  });
});
