import { parseDeviceName, parseHostName } from '@novanet/net-address';
import { describe, expect, it } from 'vitest';
import { planHost } from '../plan-host.js';
import { intentOf, networkOf } from '../testing/index.js';

const [br100, br101, eth1] = ['br100', 'br101', 'eth1'].map((name) => parseDeviceName(name)) as [
  ReturnType<typeof parseDeviceName>,
  ReturnType<typeof parseDeviceName>,
  ReturnType<typeof parseDeviceName>,
];

describe('an interface that two networks name', () => {
  const older = networkOf({ id: 1, uuid: 'older', bridge: br100, bridgeInterface: eth1 });

  it('is in the bridge of the older one, and the other is told so', () => {
    const newer = networkOf({ id: 2, uuid: 'newer', bridge: br101, bridgeInterface: eth1 });
    const { bridges, problems } = planHost(intentOf([newer, older]));
    expect(bridges.map(({ name, member }) => [name, member])).toEqual([
      ['br100', 'eth1'],
      ['br101', undefined],
    ]);
    expect(problems).toEqual([
      {
        subject: 'eth1',
        message:
          'eth1 is in bridge br100 of network older, and so cannot be in br101 of network newer: create that network ' +
          'with bridge br100, or with a bridge_interface of its own',
      },
    ]);
  });

  it('is no problem when they share the bridge', () => {
    const newer = networkOf({ id: 2, uuid: 'newer', bridge: br100, bridgeInterface: eth1 });
    const { bridges, problems } = planHost(intentOf([older, newer]));
    expect(bridges.map(({ name, member }) => [name, member])).toEqual([['br100', 'eth1']]);
    expect(problems).toEqual([]);
  });
});

describe('VLANs', () => {
  const eth2 = parseDeviceName('eth2');
  const one = networkOf({ id: 1, uuid: 'one', bridge: br100, bridgeInterface: eth1, vlan: 100 });
  const plan = (...networks: Parameters<typeof networkOf>[0][]) =>
    planHost(intentOf(networks.map((changes, index) => networkOf({ ...one, id: index + 1, ...changes }))));

  it('are members of their bridges, two on one interface too, beside a flat network there', () => {
    const { bridges, vlans, problems } = plan(
      {},
      { bridge: br101, vlan: 101, uuid: 'two' },
      { bridge: parseDeviceName('br0'), vlan: undefined },
    );
    expect(bridges.map(({ name, member }) => [name, member])).toEqual([
      ['br100', 'vlan100'],
      ['br101', 'vlan101'],
      ['br0', 'eth1'],
    ]);
    expect(vlans.map(({ name, id, parent, bridge }) => [name, id, parent, bridge])).toEqual([
      ['vlan100', 100, 'eth1', 'br100'],
      ['vlan101', 101, 'eth1', 'br101'],
    ]);
    expect(problems).toEqual([]);
  });

  it.each([
    {
      name: 'that two bridges want are in that of the older network',
      newer: { bridge: br101 },
      message: /^vlan100 is in bridge br100 of network one, .* with another VLAN$/,
    },
    {
      name: 'that two interfaces should have are on that of the older network',
      newer: { bridgeInterface: eth2 },
      message: /^vlan100 is on eth1 for network one, and so cannot be on eth2 .*different VLANs$/,
    },
  ])('$name', ({ newer, message }) => {
    const { vlans, problems } = plan({}, { uuid: 'two', ...newer });
    expect(vlans.map(({ name, parent, bridge }) => [name, parent, bridge])).toEqual([
      ['vlan100', 'eth1', 'br100'],
    ]);
    expect(problems).toEqual([{ subject: 'vlan100', message: expect.stringMatching(message) }]);
  });

  it('without an interface are a problem, and their network has its bridge', () => {
    const { bridges, vlans, problems } = plan({ bridgeInterface: undefined });
    expect(bridges.map(({ name, member }) => [name, member])).toEqual([['br100', undefined]]);
    expect(vlans).toEqual([]);
    expect(problems).toEqual([{ subject: 'br100', message: expect.stringContaining('set vlan_interface') }]);
  });

  it('have the MAC and MTU of their bridge', () => {
    const { bridges, vlans } = plan({ mtu: 1450 });
    expect(vlans[0]).toMatchObject({ mac: bridges[0]?.ownMac, mtu: 1450 });
  });
});

it.each([
  { setting: 'flatInterface', vlan: undefined, member: 'ens5', parent: undefined },
  { setting: 'vlanInterface', vlan: 100, member: 'vlan100', parent: 'ens5' },
])('$setting of the host counts more than what the network names', ({ setting, vlan, member, parent }) => {
  const plan = planHost(intentOf([networkOf({ vlan })], { [setting]: parseDeviceName('ens5') }));
  expect(plan.bridges[0]?.member).toBe(member);
  expect(plan.vlans[0]?.parent).toBe(parent);
});

describe("a bridge's own MAC", () => {
  const macOf = (uuid: string, host: string, v4 = networkOf().v4) =>
    planHost(
      intentOf([networkOf({ uuid, v4 })], { host: parseHostName(host) }),
    ).bridges[0]?.ownMac.toString();

  it('is the same each time, with and without IPv4', () => {
    expect(macOf('one', 'host1')).toBe(macOf('one', 'host1', undefined));
  });

  it('is another on each host and in each network, and never a group address', () => {
    const macs = Array.from({ length: 50 }, (_, i) => [
      macOf('one', `host${i}`),
      macOf(`net${i}`, 'host1'),
    ]).flat();
    expect(new Set(macs).size).toBe(100);
    expect(macs.every((mac) => mac?.startsWith('02:'))).toBe(true);
  });
});
