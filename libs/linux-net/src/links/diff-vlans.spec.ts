import { planHost } from '@novanet/host-plan';
import { intentOf, networkOf } from '@novanet/host-plan/testing';
import { parseDeviceName } from '@novanet/net-address';
import { describe, expect, test } from 'vitest';
import { diffVlans } from './diff-vlans.js';
import { type Links, parseLinks } from './link.js';
import { renderGroup } from './link-group.js';

/** As `ip -json -details addr show` prints devices. */
function linksOf(...devices: readonly object[]): Links {
  return parseLinks(
    JSON.stringify(devices.map((device) => ({ mtu: 1500, flags: ['UP'], addr_info: [], ...device }))),
  );
}

const ETH1 = { ifname: 'eth1' };
const ETH2 = { ifname: 'eth2' };

function vlan(changes: object = {}, id = 100) {
  const linkinfo = { info_kind: 'vlan', info_data: { protocol: '802.1Q', id, flags: ['REORDER_HDR'] } };
  return { ifname: 'vlan100', link: 'eth1', ifalias: 'novanet:created', linkinfo, ...changes };
}

function diff(links: Links, network: Parameters<typeof networkOf>[0] = {}) {
  const { vlans } = planHost(intentOf([networkOf({ vlan: 100, ...network })]));
  const { groups, problems } = diffVlans(links, vlans);
  return { lines: groups.flatMap((group) => renderGroup(group, []).lines), problems };
}

const ADD = 'link add link eth1 name vlan100 address 02:aa:68:96:fe:c3 mtu 1500 type vlan id 100';
const MARK = 'link set dev vlan100 alias novanet:created';

describe('a VLAN device', () => {
  test.each([
    { name: 'that is missing is made', links: [ETH1], network: {}, lines: [ADD, MARK] },
    {
      name: 'that is missing is made on an interface that is up',
      links: [{ ...ETH1, flags: [] }],
      network: {},
      lines: ['link set dev eth1 up', ADD, MARK],
    },
    {
      name: 'that is missing is made with the MTU of its network',
      links: [ETH1],
      network: { mtu: 1450 },
      lines: [ADD.replace('1500', '1450'), MARK],
    },
    {
      name: 'that is missing is made no larger than its interface',
      links: [ETH1],
      network: { mtu: 9000 },
      lines: [ADD, MARK],
    },
    { name: 'that is right is left', links: [ETH1, vlan()], network: {}, lines: [] },
    {
      name: 'gets the MTU of its network',
      links: [ETH1, vlan()],
      network: { mtu: 1450 },
      lines: ['link set dev vlan100 mtu 1450'],
    },
    {
      name: 'gets that of its interface when the network has none any more',
      links: [ETH1, vlan({ mtu: 1450 })],
      network: {},
      lines: ['link set dev vlan100 mtu 1500'],
    },
    {
      name: 'of the operator is used as it is',
      links: [ETH1, vlan({ ifalias: 'mine' })],
      network: { mtu: 1450 },
      lines: [],
    },
    {
      name: 'of ours moves to another interface with its network',
      links: [ETH1, ETH2, vlan({ link: 'eth2', master: 'br100' })],
      network: {},
      lines: ['link del vlan100', ADD, MARK],
    },
  ])('$name', ({ links, network, lines }) => {
    expect(diff(linksOf(...links), network)).toEqual({ lines, problems: [] });
  });

  test('has no interface to be on', () => {
    expect(diff(linksOf(ETH2))).toEqual({
      lines: [],
      problems: [
        { subject: 'eth1', message: expect.stringMatching(/vlan100 cannot be made.*vlan_interface/) },
      ],
    });
  });

  test('of ours goes when the interface it should be on now does not exist', () => {
    expect(diff(linksOf(ETH2, vlan({ link: 'eth2' }))).lines).toEqual(['link del vlan100']);
  });

  test.each([
    { name: 'another tag', device: vlan({ ifalias: undefined }, 7) },
    { name: 'another interface', device: vlan({ ifalias: undefined, link: 'eth2' }) },
    { name: 'another kind', device: { ifname: 'vlan100', linkinfo: { info_kind: 'veth' } } },
  ])('of the operator with $name is not touched, and reported', ({ device }) => {
    expect(diff(linksOf(ETH1, ETH2, device))).toEqual({
      lines: [],
      problems: [{ subject: 'vlan100', message: expect.stringContaining('is not VLAN 100 on eth1') }],
    });
  });
});

describe('a VLAN device that nobody needs', () => {
  const BRIDGES = [
    { ifname: 'br100', ifalias: 'novanet:created,vlan100', linkinfo: { info_kind: 'bridge' } },
    { ifname: 'br7', linkinfo: { info_kind: 'bridge' } },
  ];
  const lines = (device: object) =>
    diffVlans(linksOf(ETH1, ...BRIDGES, device), []).groups.flatMap((group) => renderGroup(group, []).lines);

  test.each([
    { name: 'is ours', device: vlan() },
    { name: "is ours and in the operator's bridge", device: vlan({ master: 'br7' }) },
  ])('goes when it $name', ({ device }) => {
    expect(lines(device)).toEqual(['link del vlan100']);
  });

  test.each([
    { name: "is the operator's", device: vlan({ ifalias: undefined }) },
    { name: 'is in a bridge of ours', device: vlan({ master: 'br100' }) },
    {
      name: 'was given an address',
      device: vlan({ addr_info: [{ family: 'inet', local: '10.9.9.5', prefixlen: 24, scope: 'global' }] }),
    },
    {
      name: 'only has our mark',
      device: { ifname: 'br100', ifalias: 'novanet:created', linkinfo: { info_kind: 'bridge' } },
    },
  ])('stays when it $name', ({ device }) => {
    expect(lines(device)).toEqual([]);
  });
});

test('an interface may be the one of an operator with a VLAN of ours beside', () => {
  const device = parseDeviceName('eth2');
  expect(diff(linksOf(ETH2), { bridgeInterface: device }).lines[0]).toContain(
    'link add link eth2 name vlan100',
  );
});
