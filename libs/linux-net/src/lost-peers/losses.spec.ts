import { Ipv4Cidr, Ipv6, Ipv6Cidr, parseIp } from '@novanet/net-address';
import { planHost } from '@novanet/host-plan';
import { intentOf, networkOf, v4Of } from '@novanet/host-plan/testing';
import { describe, expect, test } from 'vitest';
import { parseLinks } from '../links/link.js';
import type { Route } from '../links/route.js';
import { lossesOf } from './losses.js';
import { type PolicyRule, USUAL_RULES } from './policy-rule.js';

const v4 = (local: string, prefixlen: number) => ({ family: 'inet', local, prefixlen, scope: 'global' });

function linksWith(eth1: object) {
  const eth0 = { ifname: 'eth0', flags: ['UP'], addr_info: [v4('192.0.2.10', 24)] };
  return parseLinks(JSON.stringify([eth0, { ifname: 'eth1', flags: ['UP'], ...eth1 }]));
}

const LINKS = linksWith({
  addr_info: [
    v4('10.9.9.5', 24),
    { family: 'inet6', local: 'fe80::5054:ff:fe00:11', prefixlen: 64, scope: 'link' },
    { family: 'inet6', local: '2001:db8::5', prefixlen: 64, scope: 'global' },
  ],
});

const ROUTES: Route[] = [
  { dst: 'default', gateway: '192.0.2.1', dev: 'eth0' },
  { dst: '192.0.2.0/24', dev: 'eth0' },
  { dst: '10.9.9.0/24', dev: 'eth1' },
  { dst: '172.16.0.0/12', gateway: '10.9.9.1', dev: 'eth1', metric: 100 },
  { dst: 'default', gateway: '2001:db8::1', dev: 'eth1', metric: 1024, pref: 'medium' },
  { dst: '2001:db8::/64', dev: 'eth1', metric: 256, pref: 'medium' },
];

interface Case {
  readonly name: string;
  readonly peer: string;
  readonly own?: string;
  /** The block of the network, behind br100. */
  readonly block?: string;
  /** Instead of the interface that goes into the bridge. */
  readonly moved?: object | 'nothing';
  readonly routes?: readonly Route[];
  readonly rules?: readonly PolicyRule[];
  /** Undefined: it is not lost. */
  readonly lost?: RegExp;
}

function loss({
  peer,
  own,
  block = '10.0.0.0/24',
  moved,
  routes = [],
  rules = [],
}: Case): string | undefined {
  const links = moved === undefined || moved === 'nothing' ? LINKS : linksWith(moved);
  const v6 = { cidr: Ipv6Cidr.parse('fd00:0:0:1::/64'), gateway: Ipv6.parse('fd00:0:0:1::1') };
  const plan = planHost(intentOf([networkOf({ v4: v4Of({}, block), v6 })], { usesIpv6: true }));
  const [bridge] = plan.bridges;
  if (!bridge) throw new Error('no bridge');
  const change = {
    bridge,
    moved: moved === 'nothing' ? undefined : links.get('eth1'),
    gained: bridge.addresses,
  };
  const ends = { name: 'the peer', address: parseIp(peer), own: own === undefined ? own : parseIp(own) };
  const routing = { routes: [...ROUTES, ...routes], rules: [...rules, ...USUAL_RULES] };
  return lossesOf(change, [ends], links, routing)[0]?.reason;
}

const forDevice: PolicyRule = {
  version: 4,
  priority: 50,
  from: undefined,
  to: undefined,
  devices: ['eth1'],
  table: '77',
};

const CASES: readonly Case[] = [
  { name: 'who is elsewhere', peer: '198.51.100.7' },
  { name: 'a neighbour over the interface that moves', peer: '10.9.9.9' },
  { name: 'who is behind a router over the interface that moves', peer: '172.16.5.5' },
  { name: 'a neighbour over IPv6', peer: '2001:db8::9' },
  { name: 'who is behind a router over IPv6', peer: '2001:db8:5::9' },
  { name: 'who is reached over the host itself', peer: '192.0.2.10' },
  {
    name: 'who is not reached now',
    peer: '198.51.100.7',
    routes: [],
    rules: [{ ...forDevice, devices: [], table: undefined }],
  },
  {
    name: 'who is in the block of the network, and reached by a router',
    peer: '10.0.0.50',
    lost: /^10\.0\.0\.0\/24 would be behind br100, and it is reached over eth0 by 192\.0\.2\.1$/,
  },
  {
    name: 'the same, with an interface that stays where it is',
    peer: '10.0.0.50',
    moved: 'nothing',
    lost: /behind br100/,
  },
  {
    name: 'a neighbour of another interface, which has the same block',
    peer: '10.0.0.50',
    routes: [{ dst: '10.0.0.0/24', dev: 'eth0' }],
    lost: /^10\.0\.0\.0\/24 would be behind br100, and it is reached over eth0$/,
  },
  {
    name: 'who has a route of its own inside the block',
    peer: '10.0.0.50',
    routes: [{ dst: '10.0.0.50', gateway: '192.0.2.1', dev: 'eth0', metric: 500 }],
  },
  {
    name: 'a neighbour in the block on the interface that moves',
    peer: '10.9.9.9',
    block: '10.9.9.0/25',
  },
  {
    name: 'who is in the block, behind a router over the interface that moves',
    peer: '172.16.5.5',
    block: '172.16.5.0/24',
    lost: /over eth1 by 10\.9\.9\.1/,
  },
  {
    name: 'who has the address of the bridge',
    peer: '10.0.0.1',
    lost: /^10\.0\.0\.1 would be an address of br100$/,
  },
  { name: 'who is in the IPv6 block', peer: 'fd00:0:0:1::9', lost: /fd00:0:0:1::\/64 would be behind br100/ },
  {
    name: 'a link-local neighbour of the interface that moves',
    peer: 'fe80::9',
    own: 'fe80::5054:ff:fe00:11',
    lost: /link-local address of eth1, which would be a port of br100/,
  },
  { name: 'a link-local neighbour of another', peer: 'fe80::9', own: 'fe80::1' },
  {
    name: 'who is found by a rule that names the interface',
    peer: '203.0.113.9',
    routes: [{ dst: 'default', gateway: '10.9.9.1', dev: 'eth1', table: '77' }],
    rules: [forDevice],
    lost: /^the policy rule 50 \(ip rule\) leads to it for eth1 only, which would be a port of br100$/,
  },
  {
    name: 'who is found by the same way without that rule',
    peer: '172.16.5.5',
    routes: [{ dst: 'default', gateway: '10.9.9.1', dev: 'eth1', table: '77' }],
    rules: [forDevice],
  },
  {
    name: 'who is found by a rule for our own address',
    peer: '203.0.113.9',
    own: '10.9.9.5',
    routes: [{ dst: 'default', gateway: '10.9.9.1', dev: 'eth1', table: '77' }],
    rules: [{ ...forDevice, devices: [], from: Ipv4Cidr.parse('10.9.9.5/32') }],
  },
  {
    name: 'who is in the block and kept by a rule of a table that the bridge is not in',
    peer: '10.0.0.50',
    routes: [{ dst: 'default', gateway: '192.0.2.1', dev: 'eth0', table: '77' }],
    rules: [{ ...forDevice, devices: [] }],
  },
  {
    name: 'who is reached over several ways, one of which moves',
    peer: '203.0.113.9',
    routes: [
      {
        dst: '203.0.113.0/24',
        nexthops: [
          { gateway: '10.9.9.1', dev: 'eth1' },
          { gateway: '192.0.2.1', dev: 'eth0' },
        ],
      },
    ],
  },
  {
    name: 'who is reached over a bridge that is to go into another',
    peer: '10.9.9.9',
    moved: { linkinfo: { info_kind: 'bridge' }, addr_info: [v4('10.9.9.5', 24)] },
    lost: /over eth1, and that is a bridge/,
  },
  {
    name: 'who is reached over a tunnel',
    peer: '10.9.9.9',
    moved: { flags: ['UP', 'NOARP'], addr_info: [v4('10.9.9.5', 24)] },
    lost: /no Ethernet device/,
  },
];

describe('a bridge that takes eth1 in and gets the address of a network', () => {
  test.each(CASES.filter(({ lost }) => lost !== undefined))('loses $name', (given) => {
    expect(loss(given)).toMatch(given.lost ?? /never/);
  });

  test.each(CASES.filter(({ lost }) => lost === undefined))('keeps $name', (given) => {
    expect(loss(given)).toBeUndefined();
  });
});
