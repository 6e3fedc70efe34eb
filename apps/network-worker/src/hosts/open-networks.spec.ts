import { networkWith } from '@novanet/ipam/testing';
import { Ipv4Cidr } from '@novanet/net-address';
import { describe, expect, it } from 'vitest';
import { OpenNetworks } from './open-networks.js';
import { nicIn } from './testing/network-rows.js';

const CIDRS = [Ipv4Cidr.parse('10.0.0.0/24')];

function warningsOf(allowSameNetTraffic: boolean, over: Parameters<typeof networkWith>[1]): object[] {
  const warnings: object[] = [];
  const open = new OpenNetworks({ allowSameNetTraffic }, { warn: (fields) => warnings.push(fields) });
  const nic = nicIn(networkWith(CIDRS, over));
  open.warnOf([nic, nic]);
  open.warnOf([nic]);
  return warnings;
}

describe('a network whose instances reach each other whatever their groups say', () => {
  it('is warned of once', () => {
    expect(warningsOf(true, {})).toEqual([{ network: 'private', uuid: expect.any(String) }]);
  });

  it.each([
    { case: 'groups stand between its instances', allows: false, over: {} },
    { case: 'it is the network of one project', allows: true, over: { projectId: 'p1' } },
    { case: 'it is a VLAN that waits for its project', allows: true, over: { vlan: 100 } },
  ])('is not warned of when $case', ({ allows, over }) => {
    expect(warningsOf(allows, over)).toEqual([]);
  });
});
