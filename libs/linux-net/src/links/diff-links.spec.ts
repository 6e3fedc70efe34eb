import { type HostPlan, planHost } from '@novanet/host-plan';
import { intentOf, networkOf, v4Of } from '@novanet/host-plan/testing';
import { Ipv4, Ipv6, Ipv6Cidr, parseDeviceName } from '@novanet/net-address';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMark, renderMark } from './bridge-mark.js';
import { diffLeaving, diffPlanned } from './diff-links.js';
import { diffVlans } from './diff-vlans.js';
import { globalAddresses, type Link, type LinkAddress, type Links } from './link.js';
import { type LinkDiff, renderGroup } from './link-group.js';

function address(text: string, scope = 'global'): LinkAddress {
  const [local = '', length] = text.split('/');
  return {
    version: local.includes(':') ? 6 : 4,
    local,
    prefixLength: Number(length),
    peer: undefined,
    broadcast: undefined,
    scope,
    hasNoPrefixRoute: false,
    isSecondary: false,
    metric: undefined,
    validSeconds: undefined,
    preferredSeconds: undefined,
  };
}

function link(name: string, changes: Partial<Link> = {}): Link {
  const mac = `52:54:00:00:00:${(name.length * 7).toString(16).padStart(2, '0')}`;
  const plain = { index: 1, mac, mtu: 1500, master: undefined, isUp: true, alias: undefined };
  const bare = { kind: undefined, vlan: undefined, parent: undefined, hasArp: true, addresses: [] };
  return { name, ...plain, ...bare, ...changes };
}

/** What `ip -batch` would do: the words that we use. */
function executed(links: Links, lines: readonly string[]): Links {
  const state = new Map(links);
  for (const line of lines) executeLine(state, line.split(' '));
  return state;
}

function executeLine(state: Map<string, Link>, words: readonly string[]): void {
  const [object, verb] = words;
  const after = (word: string) => (words.includes(word) ? words[words.indexOf(word) + 1] : undefined);
  const name = after('dev') ?? after('name') ?? words[2] ?? '';
  if (object === 'link' && verb === 'add') return void state.set(name, addedLink(name, words, after));
  const device = state.get(name);
  if (!device) throw new Error(`${words.join(' ')}: no such device`);
  if (object === 'link' && verb === 'del') {
    state.delete(name);
    for (const upper of state.values()) if (upper.parent === name) state.delete(upper.name);
    for (const port of state.values()) {
      if (port.master === name) state.set(port.name, { ...port, master: undefined });
    }
    return;
  }
  if (object === 'link') return void state.set(name, setLink(device, words, after));
  const rest = device.addresses.filter((a) => `${a.local}/${a.prefixLength}` !== words[2]);
  if (verb === 'del' && rest.length === device.addresses.length)
    throw new Error(`${words.join(' ')}: no address`);
  const added = verb === 'del' ? [] : [address(words[2] ?? '', after('scope'))];
  state.set(name, { ...device, addresses: [...rest, ...added] });
}

function addedLink(
  name: string,
  words: readonly string[],
  after: (word: string) => string | undefined,
): Link {
  const isUp = false;
  if (after('type') === 'bridge') return link(name, { kind: 'bridge', isUp });
  const mtu = Number(after('mtu') ?? 1500);
  return link(name, {
    kind: 'vlan',
    isUp,
    mtu,
    mac: after('address'),
    parent: words[3],
    vlan: Number(after('id')),
  });
}

function setLink(device: Link, words: readonly string[], after: (word: string) => string | undefined): Link {
  const alias = after('alias');
  return {
    ...device,
    mac: after('address') ?? device.mac,
    mtu: Number(after('mtu') ?? device.mtu),
    master: words.includes('nomaster') ? undefined : (after('master') ?? device.master),
    isUp: device.isUp || words.includes('up'),
    alias: alias === undefined ? device.alias : alias.replaceAll('"', '') || undefined,
  };
}

function linesOf({ groups }: LinkDiff): string[] {
  return groups.flatMap((group) => renderGroup(group, []).lines);
}

/** All lines, as the three batches of a converge. */
function linesFor(links: Links, plan: HostPlan): string[] {
  const leaving = linesOf(diffLeaving(links, plan));
  const left = executed(links, leaving);
  const vlans = linesOf(diffVlans(left, plan.vlans));
  return [...leaving, ...vlans, ...linesOf(diffPlanned(executed(left, vlans), plan))];
}

const hostOf = (...links: Link[]): Links => new Map([link('lo'), ...links].map((one) => [one.name, one]));

describe('the batch of a flat network', () => {
  const plan = planHost(intentOf([networkOf()]));

  test('on a fresh host is this', () => {
    const eth1 = link('eth1', {
      isUp: false,
      mac: '52:54:00:00:00:11',
      addresses: [address('10.9.9.5/24'), address('2001:db8::5/64'), address('fe80::1/64', 'link')],
    });
    expect(linesFor(hostOf(eth1), plan)).toEqual([
      'link add name br100 type bridge forward_delay 0 stp_state 0',
      'link set dev br100 address 52:54:00:00:00:11 alias novanet:created,eth1,10.0.0.1/24',
      'link set dev br100 up',
      'link set dev eth1 master br100',
      'link set dev eth1 up',
      'addr del 2001:db8::5/64 dev eth1',
      'addr del 10.9.9.5/24 dev eth1',
      'addr replace 10.9.9.5/24 dev br100 scope global',
      'addr replace 2001:db8::5/64 dev br100 nodad',
      'addr replace 10.0.0.1/24 brd 10.0.0.255 dev br100',
      'addr replace 169.254.169.254/32 scope link dev lo',
    ]);
  });

  test('when the gateway address changes, adds the new one and takes the old one away', () => {
    const before = executed(hostOf(link('eth1')), linesFor(hostOf(link('eth1')), plan));
    const moved = planHost(intentOf([networkOf({ v4: v4Of({ dhcpServer: Ipv4.parse('10.0.0.254') }) })]));
    expect(linesFor(before, moved)).toEqual([
      'link set dev br100 alias novanet:created,eth1,10.0.0.254/24',
      'addr del 10.0.0.1/24 dev br100',
      'addr replace 10.0.0.254/24 brd 10.0.0.255 dev br100',
    ]);
  });

  test('undoes everything of the bridge when it fails', () => {
    const eth1 = link('eth1', { addresses: [address('10.9.9.5/24')] });
    const group = diffPlanned(hostOf(eth1), plan).groups.find(({ undo }) => undo.length > 0);
    expect(group && renderGroup(group, []).rollback).toEqual([
      'link del br100',
      'link set dev eth1 nomaster',
      'addr del 10.9.9.5/24 dev br100',
      'addr replace 10.9.9.5/24 dev eth1 scope global',
    ]);
  });
});

const MADE = { origin: 'created' as const, mtu: undefined, member: 'eth1', addresses: [], brought: [] };

describe('the mark on a bridge', () => {
  test.each([
    { ...MADE, addresses: ['10.0.0.1/24', '10.0.1.1/24'] },
    { ...MADE, origin: 'joined' as const, member: undefined },
    { ...MADE, origin: 'joined' as const, mtu: 1500, addresses: ['10.0.0.1/24'], brought: ['10.9.9.5/24'] },
  ])('is read as it was written', (mark) => {
    expect(parseMark(renderMark(mark))).toEqual(mark);
  });

  test('is not seen in an alias of somebody else', () => {
    expect(parseMark('uplink')).toBeUndefined();
    expect(parseMark('novanet:sold,eth1')).toBeUndefined();
  });

  test('fits into an alias, whatever it has to say', () => {
    const addresses = Array.from({ length: 40 }, (_, i) => `10.0.${i}.1/24`);
    expect(renderMark({ ...MADE, addresses }).length).toBeLessThanOrEqual(255);
  });
});

const anyHost = fc
  .record({
    eth1: fc.subarray(['10.9.9.5/24', '10.9.9.6/24', '2001:db8::5/64', '10.0.0.1/24']),
    eth2: fc.subarray(['10.22.0.1/16']),
    foreign: fc.constantFrom<'no' | 'bare' | 'aliased'>('no', 'bare', 'aliased'),
    hasTap: fc.boolean(),
  })
  .map(({ eth1, eth2, foreign, hasTap }) =>
    hostOf(
      link('eth1', { addresses: eth1.map((text) => address(text)) }),
      link('eth2', { addresses: eth2.map((text) => address(text)), isUp: false }),
      ...(foreign === 'no'
        ? []
        : [
            link('br100', {
              kind: 'bridge',
              addresses: [address('172.30.0.1/24')],
              alias: foreign === 'aliased' ? 'uplink' : undefined,
            }),
          ]),
      ...(hasTap ? [link('tap0', { master: foreign === 'no' ? undefined : 'br100' })] : []),
    ),
  );

const anyPlan = fc
  .array(
    fc.record({
      bridge: fc.constantFrom('br100', 'br200').map(parseDeviceName),
      bridgeInterface: fc.option(fc.constantFrom('eth1', 'eth2', 'missing').map(parseDeviceName), {
        nil: undefined,
      }),
      subnet: fc.nat(2),
      vlan: fc.option(fc.constantFrom(100, 200), { nil: undefined }),
      hasIpv4: fc.boolean(),
      mtu: fc.option(fc.constantFrom(1400, 1500), { nil: undefined }),
    }),
    { maxLength: 3 },
  )
  .map((rows) => rows.filter((row, i) => rows.findIndex((other) => other.bridge === row.bridge) === i))
  .map((rows) =>
    planHost(
      intentOf(
        rows.map(({ subnet, hasIpv4, ...row }, id) =>
          networkOf({
            ...row,
            id,
            v4: hasIpv4 ? v4Of({}, `10.0.${subnet}.0/24`) : undefined,
            v6: {
              cidr: Ipv6Cidr.parse(`fd00:0:0:${subnet}::/64`),
              gateway: Ipv6.parse(`fd00:0:0:${subnet}::1`),
            },
          }),
        ),
        { usesIpv6: true },
      ),
    ),
  );

/** Addresses that were on the host before us. */
function allGlobal(links: Links): string[] {
  return [...links.values()].flatMap(globalAddresses).map((a) => `${a.local}/${a.prefixLength}`);
}

/** A bridge that instances hang on stays, with its VLAN; and what has an address that somebody gave it. */
function isInUse(links: Links, vlan: Link): boolean {
  const ports = [...links.values()].filter(({ master }) => master !== undefined && master === vlan.master);
  return ports.length > 1 || globalAddresses(vlan).length > 0;
}

test('after the batch nothing differs, and no address of the operator was lost', () => {
  fc.assert(
    fc.property(anyHost, fc.array(anyPlan, { minLength: 1, maxLength: 4 }), (host, plans) => {
      const theirs = allGlobal(host).filter((text) => !text.startsWith('10.0.'));
      let links = host;
      for (const plan of plans) {
        links = executed(links, linesFor(links, plan));
        expect(linesFor(links, plan)).toEqual([]);
        expect(allGlobal(links)).toEqual(expect.arrayContaining(theirs));
        const planned = new Set(plan.vlans.map(({ name }) => String(name)));
        const unused = [...links.values()].filter(({ name, kind }) => kind === 'vlan' && !planned.has(name));
        expect(unused.every((vlan) => isInUse(links, vlan))).toBe(true);
        for (const bridge of plan.bridges) {
          const wanted = bridge.addresses.map(
            ({ address: ip, cidr }) => `${ip.toString()}/${cidr.prefixLength}`,
          );
          const device = links.get(bridge.name);
          expect(device?.addresses.map((a) => `${a.local}/${a.prefixLength}`)).toEqual(
            expect.arrayContaining(wanted),
          );
        }
      }
      expect(links.has('br100') || !host.has('br100')).toBe(true);
    }),
    { numRuns: 500 },
  );
});
