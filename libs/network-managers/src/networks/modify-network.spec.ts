import { networkWith } from '@novanet/ipam/testing';
import { Ipv4Cidr, parseHostName } from '@novanet/net-address';
import { expect, it } from 'vitest';
import { HostSetupFailed } from '../hosts/host-setup-failed.error.js';
import { managerTraits } from '../managers/manager-traits.js';
import { ModifyNetwork, type ModificationParts } from './modify-network.js';

const h1 = parseHostName('h1');
const before = networkWith([Ipv4Cidr.parse('10.0.0.0/24')]);
const failure = new HostSetupFailed('h1', before.uuid, ['no such device']);
const conflict = new Error('somebody has it');

/** A host that cannot set up anything, and what is told of a change of its network. */
async function failedChange(takeBack: ModificationParts['networks']['takeBack']) {
  const told: string[] = [];
  const modify = new ModifyNetwork({
    networks: {
      findByUuid: async () => before,
      revise: async () => ({ before, after: { ...before, mtu: 1400 }, reserved: [] }),
      takeBack,
    },
    fixedIps: { serversOf: async () => [h1] },
    owners: { associate: async () => {} },
    hosts: { setUp: () => Promise.reject(failure) },
    traits: managerTraits({ networkManager: 'FlatDHCPManager', cntVpnClients: 0, ipv6Backend: 'rfc2462' }),
    filters: { allChanged: async () => {} },
    onHostProblem: (host, error) => told.push(`${host}: ${String(error)}`),
    onKept: ({ mtu }, error) => told.push(`mtu ${mtu} stays: ${String(error)}`),
  });
  const changed = modify.run({ network_uuid: before.uuid, mtu: 1400 }, undefined);
  await expect(changed).rejects.toBe(failure);
  return told;
}

it('a change that was taken back does not stay, though its host is as unable as before', async () => {
  expect(await failedChange(async () => before)).toEqual([`h1: ${String(failure)}`]);
});

it('a change that cannot be taken back stays, and that is told', async () => {
  expect(await failedChange(() => Promise.reject(conflict))).toEqual([`mtu 1400 stays: ${String(conflict)}`]);
});
