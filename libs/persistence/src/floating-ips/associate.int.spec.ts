import {
  FixedIpNotFoundForAddress,
  FloatingIpAssociateFailed,
  FloatingIpNotAssociated,
  FloatingIpNotFoundForAddress,
  FloatingIpPoolNotFound,
  Forbidden,
  NoMoreFloatingIps,
  type AssociationTarget,
  type FloatingIp,
} from '@novanet/ipam';
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Ipam } from '../create-ipam.js';
import { createNetwork, host, ip } from '../testing/fixtures.js';
import { allocateFloatingIp, growPool, someFixedIp } from '../testing/floating-fixtures.js';
import { scratchIpam } from '../testing/scratch-ipam.js';

const requestId = () => randomUUID().replaceAll('-', '');
const always = () => true;
const h1 = host('h1');
const h2 = host('h2');

/** A floating IP of p1, and two instances with a fixed IP each. */
async function cloud() {
  const ipam = await scratchIpam();
  await growPool(ipam, '203.0.113.1-203.0.113.3');
  const { address } = await allocateFloatingIp(ipam);
  const network = await createNetwork(ipam, '10.0.0.0/24');
  const [a, b] = [await someFixedIp(ipam, network), await someFixedIp(ipam, network)];
  const associate = (
    fixedIp: AssociationTarget,
    over: Partial<Parameters<Ipam['floatingIps']['associate']>[0]> = {},
  ) => ipam.floatingIps.associate({ address, fixedIp, host: h1, guard: always, mayTake: true, ...over });
  const disassociate = (id?: string) =>
    ipam.floatingIps.disassociate({ address, guard: always, ...(id && { requestId: id }) });
  const current = () => ipam.floatingIps.get(address);
  return { ipam, address, network, a, b, associate, disassociate, current };
}

const associationOf = ({
  id,
  address,
  instanceUuid,
  networkId,
}: AssociationTarget & { networkId: number }) => ({
  fixedIpId: id,
  fixedAddress: address,
  instanceUuid,
  networkId,
});

describe('associating', () => {
  test('lets it stand for a fixed IP, on a host', async () => {
    const { ipam, a, associate, current } = await cloud();
    const before = await current();
    const outcome = await associate(a);
    const after = await current();
    expect(after).toMatchObject({ host: 'h1', projectId: 'p1', association: associationOf(a) });
    expect(outcome).toEqual({ before, change: { before, after } });
    expect(await ipam.floatingIps.ofInstance(a.instanceUuid)).toEqual([after]);
    expect(await ipam.floatingIps.ofFixedAddress(a.address)).toEqual([after]);
    expect(await ipam.floatingIps.servedBy(h1)).toEqual([after]);
    expect(await ipam.floatingIps.servedBy(h2)).toEqual([]);
  });

  test('takes it from the instance that had it, in the same moment', async () => {
    const { ipam, a, b, associate } = await cloud();
    await associate(a);
    const outcome = await associate(b, { host: h2 });
    expect(outcome?.before).toMatchObject({ host: 'h1', association: associationOf(a) });
    expect(outcome?.change?.after).toMatchObject({ host: 'h2', association: associationOf(b) });
    expect(await ipam.floatingIps.ofInstance(a.instanceUuid)).toEqual([]);
  });

  test('does not take it from another instance when it must not, but does so on another host', async () => {
    const { a, b, associate, current } = await cloud();
    await associate(a);
    await expect(associate(b, { mayTake: false })).rejects.toBeInstanceOf(FloatingIpAssociateFailed);
    await associate(a, { mayTake: false, host: h2 });
    expect(await current()).toMatchObject({ host: 'h2', association: associationOf(a) });
  });

  test('is refused, and nothing changes', async () => {
    const { ipam, a, associate } = await cloud();
    const before = await ipam.dump();
    const refuse = () => {
      throw new Forbidden();
    };
    const refusals: [Parameters<typeof associate>[1], unknown][] = [
      [{ guard: refuse }, new Forbidden()],
      [{ address: ip('203.0.113.9') }, new FloatingIpNotFoundForAddress('203.0.113.9')],
      [{ address: ip('203.0.113.3') }, new FloatingIpAssociateFailed('203.0.113.3', 'Nobody holds it.')],
      [{ fixedIp: { ...a, id: 4711 } }, new FixedIpNotFoundForAddress(a.address.toString())],
      [
        { fixedIp: { ...a, instanceUuid: randomUUID() } },
        new FixedIpNotFoundForAddress(a.address.toString()),
      ],
    ];
    for (const [over, error] of refusals) await expect(associate(a, over)).rejects.toEqual(error);
    expect(await ipam.dump()).toEqual(before);
    expect(await associate(a, { guard: () => false })).toBeUndefined();
  });

  test('is refused for an address that its instance has given back, although its lease is still held', async () => {
    const { ipam, a, associate, current } = await cloud();
    const [nic] = await ipam.fixedIps.nicsOf(a.instanceUuid);
    await ipam.fixedIps.recordLease({ address: a.address, mac: nic!.vif.mac });
    await associate(a);
    await ipam.fixedIps.deallocate(a.instanceUuid);
    expect(await current()).toMatchObject({ host: null, association: null });
    expect(await ipam.floatingIps.servedBy(h1)).toEqual([]);
    await expect(associate(a)).rejects.toBeInstanceOf(FixedIpNotFoundForAddress);
  });

  test('ends with the fixed IP, whoever took that away', async () => {
    const { ipam, a, b, associate, current, disassociate } = await cloud();
    await associate(a);
    await ipam.fixedIps.deallocate(a.instanceUuid);
    expect(await current()).toMatchObject({ host: null, association: null, projectId: 'p1' });
    await expect(disassociate()).rejects.toBeInstanceOf(FloatingIpNotAssociated);
    await associate(b);
    expect(await current()).toMatchObject({ host: 'h1', association: associationOf(b) });
  });

  test('is done once when the request is delivered again, and answered as the first time', async () => {
    const { ipam, a, b, associate, current } = await cloud();
    const other = await ipam.openAnother();
    await associate(a);
    const id = requestId();
    const first = await associate(b, { host: h2, requestId: id });
    const state = await current();
    const again = await other.floatingIps.associate({
      address: state.address,
      fixedIp: b,
      host: h2,
      guard: always,
      mayTake: true,
      requestId: id,
    });
    expect(again).toEqual(first);
    expect(await current()).toEqual(state);
  });

  test('answers a repetition without change when others have changed it since', async () => {
    const { a, b, associate, current } = await cloud();
    const id = requestId();
    const first = await associate(a, { requestId: id });
    await associate(b);
    const state = await current();
    expect(await associate(a, { requestId: id })).toEqual({ before: first?.before, change: undefined });
    expect(await current()).toEqual(state);
  });

  test('of many at once succeeds for all, one after the other', async () => {
    const { ipam, network, address, current } = await cloud();
    const workers = [ipam, ...(await Promise.all([1, 2, 3].map(() => ipam.openAnother())))];
    const targets = await Promise.all(Array.from({ length: 20 }, () => someFixedIp(ipam, network)));
    const outcomes = await Promise.all(
      targets.map((fixedIp, i) =>
        workers[i % 4]!.floatingIps.associate({ address, fixedIp, host: h1, guard: always, mayTake: true }),
      ),
    );
    // each took it from another one: a chain from the beginning to the end
    const former = new Map(
      outcomes.map((outcome) => [outcome?.before.association?.instanceUuid, outcome?.change?.after]),
    );
    expect(former.size).toBe(20);
    let last = former.get(undefined);
    for (let i = 1; i < 20; i += 1) last = former.get(last?.association?.instanceUuid);
    expect(last).toEqual(await current());
  });

  test('and giving the fixed IP back at once never leave it associated with nothing', async () => {
    const { ipam, network, address, current } = await cloud();
    const other = await ipam.openAnother();
    for (let round = 0; round < 20; round += 1) {
      const fixedIp = await someFixedIp(ipam, network);
      const [outcome] = await Promise.allSettled([
        ipam.floatingIps.associate({ address, fixedIp, host: h1, guard: always, mayTake: true }),
        other.fixedIps.deallocate(fixedIp.instanceUuid),
      ]);
      const failure: unknown = outcome.status === 'rejected' ? outcome.reason : undefined;
      expect(failure === undefined || failure instanceof FixedIpNotFoundForAddress).toBe(true);
      expect(await current()).toMatchObject({ host: null, association: null, projectId: 'p1' });
    }
  });
});

describe('undoing an association', () => {
  test('leaves the database as it was', async () => {
    const { ipam, a, b, associate } = await cloud();
    for (const from of [undefined, a]) {
      if (from) await associate(from);
      const before = await ipam.dump();
      const id = requestId();
      const outcome = await associate(b, { host: h2, requestId: id });
      expect(await ipam.dump()).not.toEqual(before);
      expect(await ipam.floatingIps.undo(outcome!.change!, id)).toBe(true);
      expect(await ipam.dump()).toEqual(before);
      // a commit whose answer was lost
      expect(await ipam.floatingIps.undo(outcome!.change!, id)).toBe(true);
      expect(await ipam.dump()).toEqual(before);
    }
  });

  test('leaves alone what others have done since, even if it looks the same', async () => {
    const { ipam, a, b, associate, current } = await cloud();
    await associate(a);
    const outcome = await associate(b);
    await associate(b);
    const state = await current();
    expect(await ipam.floatingIps.undo(outcome!.change!)).toBe(false);
    expect(await current()).toEqual(state);
  });

  test('does not bring back a fixed IP that is gone', async () => {
    const { ipam, a, b, associate, current } = await cloud();
    await associate(a);
    const outcome = await associate(b);
    await ipam.fixedIps.deallocate(a.instanceUuid);
    expect(await ipam.floatingIps.undo(outcome!.change!)).toBe(true);
    expect(await current()).toMatchObject({ projectId: 'p1', association: null, host: null });
  });
});

describe('disassociating', () => {
  test('answers what it was, once', async () => {
    const { ipam, a, associate, disassociate, current } = await cloud();
    await associate(a);
    const before = await current();
    const id = requestId();
    expect(await disassociate(id)).toEqual(before);
    expect(await current()).toMatchObject({ projectId: 'p1', host: null, association: null });
    const state = await current();
    expect(await disassociate(id)).toEqual(before);
    await expect(disassociate()).rejects.toEqual(new FloatingIpNotAssociated('203.0.113.1'));
    expect(await current()).toEqual(state);
    expect(await ipam.floatingIps.ofProject('p1')).toEqual([state]);
  });
});

describe('moving to another host', () => {
  test('changes the host alone', async () => {
    const { ipam, a, associate, current } = await cloud();
    await associate(a);
    const before = await current();
    const change = await ipam.floatingIps.moveHost(before, h2);
    expect(change?.before).toEqual(before);
    expect(change?.after).toEqual(await current());
    expect(change?.after).toMatchObject({ host: 'h2', association: associationOf(a) });
    expect(await ipam.floatingIps.moveHost(change!.after, null)).toMatchObject({
      after: { host: null, association: associationOf(a) },
    });
  });

  test('is left to others who have changed it since', async () => {
    const { ipam, a, b, associate, current } = await cloud();
    await associate(a);
    const seen = await current();
    await associate(b);
    const state = await current();
    expect(await ipam.floatingIps.moveHost(seen, h2)).toBeUndefined();
    expect(await current()).toEqual(state);
  });
});

describe('detaching an instance', () => {
  async function withTwo() {
    const { ipam, a, b, associate, current } = await cloud();
    await associate(a);
    await ipam.floatingIps.assign({
      projectId: 'p1',
      pool: 'nova',
      restSeconds: 0,
      fixedIp: b,
      host: h2,
    });
    return { ipam, a, b, current };
  }

  test('ends its associations, and releases what came with the instance', async () => {
    const { ipam, a, b, current } = await withTwo();
    const first = await current();
    expect(await ipam.floatingIps.detach({ instanceUuid: a.instanceUuid })).toEqual([first]);
    expect(await current()).toMatchObject({ projectId: 'p1', association: null });
    const [auto] = await ipam.floatingIps.ofInstance(b.instanceUuid);
    expect(await ipam.floatingIps.detach({ fixedIpIds: [a.id, b.id] })).toEqual([auto]);
    expect(await ipam.floatingIps.get(auto!.address)).toMatchObject({
      projectId: null,
      isAutoAssigned: false,
      association: null,
    });
    const done = await ipam.dump();
    expect(await ipam.floatingIps.detach({ instanceUuid: b.instanceUuid })).toEqual([]);
    expect(await ipam.floatingIps.detach({ fixedIpIds: [] })).toEqual([]);
    expect(await ipam.dump()).toEqual(done);
  });

  test('answers each of them to one caller only', async () => {
    const { ipam, a, b } = await withTwo();
    const other = await ipam.openAnother();
    const answers = await Promise.all([
      ipam.floatingIps.detach({ fixedIpIds: [a.id, b.id] }),
      other.floatingIps.detach({ fixedIpIds: [a.id, b.id] }),
    ]);
    expect(answers.flat()).toHaveLength(2);
  });
});

describe('assigning a floating IP to an instance', () => {
  const text = ({ address }: FloatingIp) => address.toString();

  test('takes a free one, which does not count for the quota', async () => {
    const { ipam, a } = await cloud();
    const request = { projectId: 'p9', pool: 'nova', restSeconds: 0, fixedIp: a, host: h1 };
    const { before, after } = await ipam.floatingIps.assign(request);
    expect(before).toMatchObject({ projectId: null, association: null });
    expect(after).toMatchObject({ projectId: 'p9', isAutoAssigned: true, association: associationOf(a) });
    expect(await ipam.floatingIps.ofProject('p9')).toEqual([]);
  });

  test('keeps the one that the instance has, auto-assigned or not', async () => {
    const { ipam, a, b, address, associate } = await cloud();
    await associate(a);
    const request = { projectId: 'p1', pool: 'nova', restSeconds: 0, host: h2 };
    const kept = await ipam.floatingIps.assign({ ...request, fixedIp: a });
    expect(kept.after).toMatchObject({ address, isAutoAssigned: false, host: 'h2' });
    const workers = [ipam, await ipam.openAnother()];
    const both = await Promise.all(
      workers.map(({ floatingIps }) => floatingIps.assign({ ...request, fixedIp: b })),
    );
    expect(new Set(both.map(({ after }) => text(after))).size).toBe(1);
    expect(await ipam.floatingIpPools.list()).toMatchObject([{ total: 3, free: 1, associated: 2 }]);
  });

  test('is undone completely', async () => {
    const { ipam, a } = await cloud();
    const before = await ipam.dump();
    const change = await ipam.floatingIps.assign({
      projectId: 'p1',
      pool: 'nova',
      restSeconds: 0,
      fixedIp: a,
      host: h1,
    });
    expect(await ipam.floatingIps.undo(change)).toBe(true);
    expect(await ipam.dump()).toEqual(before);
  });

  test('lasts as long as the instance has the address', async () => {
    const { ipam, a } = await cloud();
    const request = { projectId: 'p1', pool: 'nova', restSeconds: 0, fixedIp: a, host: h1 };
    const { after } = await ipam.floatingIps.assign(request);
    await ipam.fixedIps.deallocate(a.instanceUuid);
    expect(await ipam.floatingIps.get(after.address)).toMatchObject({
      projectId: null,
      isAutoAssigned: false,
      host: null,
      association: null,
    });
  });

  test('is refused, and nothing changes', async () => {
    const { ipam, a } = await cloud();
    await ipam.floatingIpPools.create('empty');
    const before = await ipam.dump();
    const request = { projectId: 'p1', pool: 'nova', restSeconds: 0, fixedIp: a, host: h1 };
    await expect(ipam.floatingIps.assign({ ...request, pool: 'empty' })).rejects.toEqual(
      new NoMoreFloatingIps(),
    );
    await expect(ipam.floatingIps.assign({ ...request, pool: 'nosuch' })).rejects.toEqual(
      new FloatingIpPoolNotFound(),
    );
    await expect(
      ipam.floatingIps.assign({ ...request, fixedIp: { ...a, instanceUuid: randomUUID() } }),
    ).rejects.toBeInstanceOf(FixedIpNotFoundForAddress);
    expect(await ipam.dump()).toEqual(before);
  });
});
