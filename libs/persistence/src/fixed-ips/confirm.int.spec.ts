import { describe, expect, test, vi } from 'vitest';
import { allocated, createNetwork, ip, someInstance } from '../testing/fixtures.js';
import { waitingForLocks } from '../testing/lock-waits.js';
import { scratchIpam } from '../testing/scratch-ipam.js';

/** Two requests for one instance, each at its own worker, that got the same NIC. */
async function twoRequests() {
  const ipam = await scratchIpam();
  const other = await ipam.openAnother();
  const network = await createNetwork(ipam, '10.0.0.0/24');
  const instance = someInstance();
  const request = { instance, nics: [{ network }] };
  const [nics, same] = [await allocated(ipam.fixedIps, request), await allocated(other.fixedIps, request)];
  expect(same).toEqual(nics);
  const vifIds = nics.map(({ vif }) => vif.id);
  return { ipam, a: ipam.fixedIps, b: other.fixedIps, uuid: instance.uuid, nics, vifIds };
}

describe('a request that fails', () => {
  test('leaves the NIC that another has answered', async () => {
    const { a, b, uuid, nics, vifIds } = await twoRequests();
    expect(await b.confirm(uuid, vifIds)).toBe(true);
    await a.withdraw(uuid);
    expect(await a.nicsOf(uuid)).toMatchObject(nics);
  });

  test('takes back what nobody was told of, and the other one learns that', async () => {
    const { a, b, uuid, vifIds } = await twoRequests();
    await a.withdraw(uuid);
    await a.withdraw(uuid);
    expect(await a.nicsOf(uuid)).toEqual([]);
    expect(await a.findByAddress(ip('10.0.0.2'))).toBeUndefined();
    expect(await b.confirm(uuid, vifIds)).toBe(false);
  });

  test('takes back only the new NIC of an instance that has an answered one', async () => {
    const { ipam, a, uuid, nics, vifIds } = await twoRequests();
    await a.confirm(uuid, vifIds);
    const network = await createNetwork(ipam, '10.0.1.0/24');
    const [more] = await allocated(a, { instance: someInstance({ uuid }), nics: [{ network }] });
    await a.withdraw(uuid);
    expect(await a.nicsOf(uuid)).toMatchObject(nics);
    expect(await a.confirm(uuid, [...vifIds, more!.vif.id])).toBe(false);
  });

  test('lets an address drain that is leased already', async () => {
    const { a, uuid } = await twoRequests();
    await a.recordLease({ address: ip('10.0.0.2') });
    await a.withdraw(uuid);
    expect(await a.findByAddress(ip('10.0.0.2'))).toMatchObject({ isAllocated: false, vifId: null });
  });

  test('waits for one that is about to answer, and then leaves it the NIC', async () => {
    const { ipam, a, uuid, nics } = await twoRequests();
    const other = await ipam.openAnother();
    let withdrawal: Promise<void> | undefined;
    await other.database.transaction(async (manager) => {
      await manager.query('UPDATE virtual_interfaces SET confirmed = 1 WHERE instance_uuid = ?', [uuid]);
      withdrawal ??= a.withdraw(uuid);
      await vi.waitFor(async () => expect(await waitingForLocks(ipam)).toBe(1), {
        timeout: 5000,
        interval: 200,
      });
    });
    await withdrawal;
    expect(await a.nicsOf(uuid)).toMatchObject(nics);
  });

  test('and one that answers at the same time agree on whether the NIC exists', async () => {
    const ipam = await scratchIpam();
    const other = await ipam.openAnother();
    const network = await createNetwork(ipam, '10.0.0.0/24');
    for (let round = 0; round < 30; round += 1) {
      const instance = someInstance();
      const [nic] = await allocated(ipam.fixedIps, { instance, nics: [{ network }] });
      const [isConfirmed] = await Promise.all([
        other.fixedIps.confirm(instance.uuid, [nic!.vif.id]),
        ipam.fixedIps.withdraw(instance.uuid),
      ]);
      expect(await ipam.fixedIps.nicsOf(instance.uuid)).toHaveLength(isConfirmed ? 1 : 0);
    }
  });
});

describe('confirming', () => {
  test('is repeatable, and does not mind a NIC named twice, or none', async () => {
    const { a, uuid, vifIds } = await twoRequests();
    expect(await a.confirm(uuid, vifIds)).toBe(true);
    expect(await a.confirm(uuid, [...vifIds, ...vifIds])).toBe(true);
    expect(await a.confirm(uuid, [])).toBe(true);
  });

  test('does not reach the NICs of another instance', async () => {
    const { a, uuid, vifIds } = await twoRequests();
    expect(await a.confirm(someInstance().uuid, vifIds)).toBe(false);
    await a.withdraw(uuid);
    expect(await a.nicsOf(uuid)).toEqual([]);
  });

  test('does not keep an instance from being deallocated', async () => {
    const { a, uuid, nics, vifIds } = await twoRequests();
    await a.confirm(uuid, vifIds);
    expect(await a.deallocate(uuid)).toMatchObject(nics);
    expect(await a.confirm(uuid, vifIds)).toBe(false);
  });
});

test('confirming is one statement, withdrawing ten, or five when there is nothing to withdraw', async () => {
  const { ipam, a, uuid, vifIds } = await twoRequests();
  const cost = async (work: () => Promise<unknown>) => {
    ipam.statements.length = 0;
    await work();
    return ipam.statements.length;
  };
  expect([
    await cost(() => a.confirm(someInstance().uuid, vifIds)),
    await cost(() => a.withdraw(uuid)),
    await cost(() => a.withdraw(uuid)),
  ]).toEqual([1, 10, 5]);
});
