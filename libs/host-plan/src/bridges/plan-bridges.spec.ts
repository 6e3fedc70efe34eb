import { parseDeviceName } from '@novanet/net-address';
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
