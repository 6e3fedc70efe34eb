import { DatabaseUnavailable } from '@novanet/ipam';
import { Ipv4, Mac } from '@novanet/net-address';
import { describe, expect, it } from 'vitest';
import { instance, nicWith } from '../testing/instance-fixture.js';
import type { FoundInstance } from '../tree/instance-facts.js';
import { CachedLookup } from './cached-lookup.js';
import { neighbourMac } from './neighbours.js';

const [A, B] = ['a', 'b'].map((uuid): FoundInstance => ({
  instance: { ...instance, uuid },
  nics: [nicWith([])],
}));
const address = Ipv4.parse('10.0.0.3');
const from = { by: 'address', address } as const;
const inNameOf = (uuid: string, projectId: string) => ({ by: 'uuid', uuid, projectId, address }) as const;

/** A database that counts its questions. */
function lookupOver(memoryMs = 15_000) {
  const state = {
    owner: 'a' as string | undefined,
    isAway: false,
    now: 0,
    neighbour: undefined as Mac | undefined,
  };
  const asked: string[] = [];
  const said: unknown[] = [];
  const source = {
    owners: async (places: readonly unknown[]) => {
      asked.push(`owners of ${places.length}`);
      if (state.isAway) throw new DatabaseUnavailable('away');
      return places.map(() => state.owner);
    },
    load: async (uuid: string) => {
      asked.push(`load ${uuid}`);
      if (state.isAway) throw new DatabaseUnavailable('away');
      return [A, B].find((found) => found?.instance.uuid === uuid);
    },
  };
  const lookup = new CachedLookup(
    source,
    memoryMs,
    () => state.neighbour,
    {
      info: (line: unknown) => void said.push(line),
      warn: (_: unknown, line?: string) => void said.push(line),
    },
    () => state.now,
  );
  return { state, asked, said, lookup };
}

describe('an instance that asks', () => {
  it('is loaded once in its time, and whose the address is, is asked each time', async () => {
    const { state, asked, lookup } = lookupOver();
    expect(await lookup.find(from)).toBe(A);
    state.now = 14_999;
    expect(await lookup.find(from)).toBe(A);
    state.now = 15_000;
    await lookup.find(from);
    expect(asked).toEqual(['owners of 1', 'load a', 'owners of 1', 'owners of 1', 'load a']);
  });

  it('is one question for all that ask at a time', async () => {
    const { asked, lookup } = lookupOver();
    await Promise.all(Array.from({ length: 100 }, () => lookup.find(from)));
    expect(asked).toEqual(['owners of 1', 'load a', 'owners of 99']);
  });

  it('is loaded each time when nothing may be remembered', async () => {
    const { asked, lookup } = lookupOver(0);
    await lookup.find(from);
    await lookup.find(from);
    expect(asked.filter((one) => one === 'load a')).toHaveLength(2);
  });

  it('never is the one that had its address before', async () => {
    const { state, lookup } = lookupOver();
    expect(await lookup.find(from)).toBe(A);
    state.owner = 'b';
    expect(await lookup.find(from)).toBe(B);
    state.owner = undefined;
    expect(await lookup.find(from)).toBeUndefined();
  });

  it('is found in its name by a proxy that knows its project as well', async () => {
    const { lookup } = lookupOver();
    expect(await lookup.find(inNameOf('a', 'project'))).toBe(A);
    expect(await lookup.find(inNameOf('a', 'other'))).toBeUndefined();
    expect(await lookup.find(inNameOf('c', 'project'))).toBeUndefined();
  });
});

describe('while the database is away', () => {
  it.each([
    { name: 'that says it has its MAC is served from memory', neighbour: Mac.ofNova(1), outcome: A },
    { name: 'that says it has another is told to come again', neighbour: Mac.ofNova(2), outcome: 'away' },
    { name: 'that is no neighbour is told to come again', neighbour: undefined, outcome: 'away' },
  ])('an instance $name', async ({ neighbour, outcome }) => {
    const { state, lookup } = lookupOver();
    await lookup.find(from);
    Object.assign(state, { isAway: true, neighbour, now: 1_000_000 });
    const found = lookup
      .find(from)
      .catch((error: unknown) => (error instanceof DatabaseUnavailable ? 'away' : error));
    expect(await found).toBe(outcome);
  });

  it('that is said once, and once that it is back, whoever is served meanwhile', async () => {
    const { state, said, lookup } = lookupOver();
    await lookup.find(from);
    Object.assign(state, { isAway: true, neighbour: Mac.ofNova(1) });
    for (let time = 0; time < 3; time += 1) await lookup.find(from);
    state.isAway = false;
    for (let time = 0; time < 3; time += 1) await lookup.find(from);
    expect(said).toEqual(['metadata not available', 'metadata available again']);
  });

  it('an instance is served by its link address and by its proxy', async () => {
    const { state, lookup } = lookupOver();
    await lookup.find(from);
    Object.assign(state, { isAway: true, now: 1_000_000 });
    expect(await lookup.find({ by: 'mac', mac: Mac.ofNova(1) })).toBe(A);
    expect(await lookup.find(inNameOf('a', 'project'))).toBe(A);
    await expect(lookup.find(inNameOf('a', 'other'))).rejects.toThrow(DatabaseUnavailable);
    await expect(lookup.find(inNameOf('b', 'project'))).rejects.toThrow(DatabaseUnavailable);
  });
});

it.each([
  { text: '10.0.0.3 0x1 0x2 fa:16:3e:00:00:01 * br100', mac: 'fa:16:3e:00:00:01' },
  { text: '10.0.0.3 0x1 0x0 00:00:00:00:00:00 * br100', mac: undefined },
  { text: '10.0.0.33 0x1 0x2 fa:16:3e:00:00:01 * br100', mac: undefined },
])('a neighbour is read from "$text"', ({ text, mac }) => {
  const table = `IP address       HW type     Flags       HW address            Mask     Device\n${text}\n`;
  expect(neighbourMac(address, () => table)?.toString()).toBe(mac);
});
