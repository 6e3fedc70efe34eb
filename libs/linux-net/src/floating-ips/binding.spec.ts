import { Ipv4, parseDeviceName } from '@novanet/net-address';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Links, parseLinks } from '../links/link.js';
import { type Binding, diffBindings, surplusOf } from './binding.js';

const [A, B, C] = ['10.0.0.3', '10.0.0.4', '10.0.0.5'];

/** eth0 and eth1 with these addresses ("203.0.113.5 eth0"). */
function linksWith(bound: Iterable<string>): Links {
  const places = [...bound].map((text) => text.split(' '));
  const addressesOn = (name: string) =>
    places
      .filter(([, device]) => device === name)
      .map(([local]) => ({ family: 'inet', local, prefixlen: 32, scope: 'global' }));
  const devices = ['eth0', 'eth1'].map((ifname) => ({ ifname, addr_info: addressesOn(ifname) }));
  return parseLinks(JSON.stringify(devices));
}

/** "203.0.113.5 eth0 10.0.0.3". */
function planOf(text: string) {
  const [address = '', device = '', fixed = ''] = text.split(' ');
  return {
    address: Ipv4.parse(address),
    device: parseDeviceName(device),
    fixedAddress: Ipv4.parse(fixed),
  };
}

function heldOf(text: string, changes: Partial<Binding> = {}): Binding {
  return { ...planOf(text), origin: 'bound', pending: [], ...changes };
}

const textOf = ({ address, device, fixedAddress, origin, pending }: Binding) =>
  [address.toString(), device, fixedAddress.toString(), origin, ...pending].join(' ');

const F = `203.0.113.5 eth0`;

describe('a planned floating IP', () => {
  test.each([
    {
      name: 'that is new is bound, announced, and its connections forgotten',
      held: [],
      bound: [],
      changed: [`${F} ${A} bound announcement connections`],
      toBind: 1,
    },
    { name: 'that is as it was is left', held: [heldOf(`${F} ${A}`)], bound: [F], changed: [], toBind: 0 },
    {
      name: 'that leads to another instance is not announced again',
      held: [heldOf(`${F} ${B}`)],
      bound: [F],
      changed: [`${F} ${A} bound connections`],
      toBind: 0,
    },
    {
      name: 'that leads to another instance is announced when it never was',
      held: [heldOf(`${F} ${B}`, { pending: ['announcement'] })],
      bound: [F],
      changed: [`${F} ${A} bound announcement connections`],
      toBind: 0,
    },
    {
      name: 'that somebody took away is bound again',
      held: [heldOf(`${F} ${A}`)],
      bound: [],
      changed: [`${F} ${A} bound announcement connections`],
      toBind: 1,
    },
    {
      name: "that is there already is the operator's",
      held: [],
      bound: [F],
      changed: [`${F} ${A} found connections`],
      toBind: 0,
    },
    {
      name: 'that the operator took away is ours when we bind it',
      held: [heldOf(`${F} ${A}`, { origin: 'found' })],
      bound: [],
      changed: [`${F} ${A} bound announcement connections`],
      toBind: 1,
    },
  ])('$name', ({ held, bound, changed, toBind }) => {
    const diff = diffBindings(held, linksWith(bound), [planOf(`${F} ${A}`)]);
    expect(diff.changed.map(textOf)).toEqual(changed);
    expect(diff.toBind).toHaveLength(toBind);
    expect(diff.leaving).toEqual([]);
  });

  test('whose interface does not exist is missing', () => {
    const planned = [planOf(`203.0.113.5 eth9 ${A}`)];
    const diff = diffBindings([], linksWith([]), planned);
    expect(diff).toMatchObject({ missing: planned, changed: [], toBind: [] });
  });
});

describe('what is not planned any more', () => {
  test.each([
    { name: 'goes', held: heldOf(`${F} ${A}`), bound: [F], surplus: [F] },
    { name: 'and is gone already is not taken away', held: heldOf(`${F} ${A}`), bound: [], surplus: [] },
    {
      name: "and is the operator's stays",
      held: heldOf(`${F} ${A}`, { origin: 'found' as const }),
      bound: [F],
      surplus: [],
    },
  ])('$name', ({ held, bound, surplus }) => {
    const links = linksWith(bound);
    expect(
      surplusOf([held], links, []).map(({ address, device }) => `${address.toString()} ${device}`),
    ).toEqual(surplus);
    expect(diffBindings([held], links, []).leaving.map(({ pending }) => pending)).toEqual([['connections']]);
  });
});

/** One converge, as far as bindings go: what is bound and recorded after it. */
function converged(state: { bound: Set<string>; held: Binding[] }, plan: readonly string[]) {
  const planned = plan.map(planOf);
  const bound = new Set(state.bound);
  for (const { address, device } of surplusOf(state.held, linksWith(bound), planned)) {
    bound.delete(`${address.toString()} ${device}`);
  }
  const { kept, changed, toBind } = diffBindings(state.held, linksWith(bound), planned);
  for (const { address, device } of toBind) bound.add(`${address.toString()} ${device}`);
  return { bound, held: [...kept, ...changed].map((binding) => ({ ...binding, pending: [] })) };
}

const anyPlan = fc
  .uniqueArray(
    fc.record({ last: fc.nat(5), device: fc.constantFrom('eth0', 'eth1'), fixed: fc.constantFrom(A, B, C) }),
    {
      selector: ({ last }) => last,
    },
  )
  .map((rows) => rows.map(({ last, device, fixed }) => `203.0.113.${last} ${device} ${fixed}`));

test('after any plans exactly the last one is bound, besides what the operator has, and then nothing is to do', () => {
  const theirs = fc.subarray(['203.0.113.0 eth0', '203.0.113.1 eth1', '198.51.100.1 eth0']);
  fc.assert(
    fc.property(theirs, fc.array(anyPlan, { minLength: 1, maxLength: 5 }), (operators, plans) => {
      let state = { bound: new Set(operators), held: [] as Binding[] };
      for (const plan of plans) {
        state = converged(state, plan);
        const places = plan.map((text) => text.split(' ').slice(0, 2).join(' '));
        expect([...state.bound].sort()).toEqual([...new Set([...places, ...operators])].sort());
        const again = diffBindings(state.held, linksWith(state.bound), plan.map(planOf));
        expect([again.changed, again.toBind, again.leaving]).toEqual([[], [], []]);
      }
    }),
    { numRuns: 500 },
  );
});
