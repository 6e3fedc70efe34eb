import {
  FixedIpInvalid,
  FixedIpNotFoundForNetwork,
  InvalidInput,
  NetworkNotFoundForProject,
  NoMoreNetworks,
  NoNetworksFound,
  type Network,
} from '@novanet/ipam';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../caller.js';
import { managerTraits, type ManagerName } from '../managers/manager-traits.js';
import { plan, stored } from '../testing/network-plans.js';
import { NetworkChoice } from './choose-networks.js';

function network(index: number, over: Partial<Network>): Network {
  const uuid = `00000000-0000-4000-8000-00000000000${index}`;
  const [draft] = plan({ label: 'n', cidr: `10.0.${index}.0/24`, bridge: 'br1', uuid });
  return { ...stored(draft!), id: index, ...over };
}

const everybodys = network(1, { label: 'everybodys' });
const ours = network(2, { label: 'ours', projectId: 'p1' });
const theirs = network(3, { label: 'theirs', projectId: 'p2' });
const tagged = network(4, { label: 'tagged', vlan: 100 });
const all = [everybodys, ours, theirs, tagged];

const user: Caller = { projectId: 'p1', userId: 'u1', isAdmin: false };
const admin: Caller = { projectId: 'p9', userId: 'root', isAdmin: true };

/** A cloud of those networks, in which each project that has none is refused one. */
function choiceOf(manager: ManagerName, defaultNetwork: string | null): NetworkChoice {
  const networks = {
    list: async () => [...all],
    findByUuids: async (uuids: readonly string[]) =>
      uuids.flatMap((uuid) => all.find((one) => one.uuid === uuid.toLowerCase()) ?? []),
    ensureForProject: async (projectId: string) => {
      const own = all.filter((one) => one.projectId === projectId);
      if (own.length === 0) throw new NoMoreNetworks();
      return own;
    },
  };
  return new NetworkChoice(
    networks,
    managerTraits({ networkManager: manager, cntVpnClients: 0, ipv6Backend: 'rfc2462' }),
    defaultNetwork,
  );
}

interface Case {
  readonly name: string;
  readonly manager?: ManagerName;
  readonly byDefault?: string;
  readonly caller?: Caller;
  readonly projectId?: string | null;
  readonly wishes?: readonly (readonly [Network | string, string?])[];
  readonly chosen: readonly string[];
}

function choose({
  manager = 'FlatDHCPManager',
  byDefault,
  caller = user,
  projectId = 'p1',
  wishes = [],
}: Omit<Case, 'chosen'>) {
  const requested = wishes.map(([which, address]) => ({
    networkUuid: typeof which === 'string' ? which : which.uuid,
    address: address ?? null,
  }));
  return choiceOf(manager, byDefault ?? null).choose(requested, projectId, caller);
}

describe('the networks of an instance', () => {
  const cases: readonly Case[] = [
    { name: 'all that its user sees and that have no VLAN', chosen: ['everybodys', 'ours'] },
    {
      name: 'all without VLAN, for an administrator',
      caller: admin,
      chosen: ['everybodys', 'ours', 'theirs'],
    },
    { name: 'the same with FlatManager', manager: 'FlatManager', chosen: ['everybodys', 'ours'] },
    { name: 'the default one alone', byDefault: 'everybodys', chosen: ['everybodys'] },
    { name: 'the default one, named by its uuid', byDefault: ours.uuid.toUpperCase(), chosen: ['ours'] },
    {
      name: 'those asked for, whichever is the default',
      byDefault: 'everybodys',
      wishes: [[ours]],
      chosen: ['ours'],
    },
    {
      name: 'those of its project, where each has its own',
      manager: 'VlanManager',
      byDefault: 'everybodys',
      chosen: ['ours'],
    },
    { name: 'those of its project', manager: 'VlanManager', chosen: ['ours'] },
    {
      name: 'those of its project, whoever asks',
      manager: 'VlanManager',
      caller: admin,
      projectId: 'p2',
      chosen: ['theirs'],
    },
    {
      name: 'those of the caller’s project when it has none',
      manager: 'VlanManager',
      projectId: null,
      chosen: ['ours'],
    },
    {
      name: 'those asked for, in that order',
      wishes: [[ours], [everybodys, '10.0.1.9']],
      chosen: ['ours', 'everybodys 10.0.1.9'],
    },
    { name: 'those asked for in capitals', wishes: [[ours.uuid.toUpperCase()]], chosen: ['ours'] },
    {
      name: 'one asked for twice, once: the wish with the address counts',
      wishes: [[ours], [everybodys], [ours, '10.0.2.9']],
      chosen: ['ours 10.0.2.9', 'everybodys'],
    },
    {
      name: 'one asked for with two addresses, once: the first counts',
      wishes: [
        [ours, '10.0.2.9'],
        [ours, '10.0.2.10'],
      ],
      chosen: ['ours 10.0.2.9'],
    },
    {
      name: 'another project’s, for an administrator',
      caller: admin,
      wishes: [[theirs]],
      chosen: ['theirs'],
    },
    {
      name: 'one with a VLAN where all have one',
      manager: 'VlanManager',
      caller: admin,
      wishes: [[tagged]],
      chosen: ['tagged'],
    },
  ];
  it.each(cases)('are $name', async (given) => {
    const chosen = await choose(given);
    const lines = chosen.map(({ network: { label }, address }) => [label, address].filter(Boolean).join(' '));
    expect(lines).toEqual(given.chosen);
  });

  const unknown = '00000000-0000-4000-8000-0000000000ff';
  const refusals: readonly (Omit<Case, 'chosen'> & { readonly error: Error })[] = [
    { name: 'one nobody knows', wishes: [[unknown]], error: new NoNetworksFound() },
    { name: 'another project’s alone', wishes: [[theirs]], error: new NoNetworksFound() },
    {
      name: 'another project’s beside one’s own',
      wishes: [[ours], [theirs]],
      error: new NetworkNotFoundForProject(theirs.uuid, 'p1'),
    },
    {
      name: 'one with a VLAN where none are served',
      wishes: [[ours], [tagged]],
      error: new NetworkNotFoundForProject(tagged.uuid, 'p1'),
    },
    {
      name: 'nobody’s where every network has its project',
      manager: 'VlanManager',
      wishes: [[everybodys]],
      error: new NoNetworksFound(),
    },
    {
      name: 'a network when none is left',
      manager: 'VlanManager',
      projectId: 'p7',
      error: new NoMoreNetworks(),
    },
    {
      name: 'a network of no project',
      manager: 'VlanManager',
      projectId: null,
      caller: { ...admin, projectId: null },
      error: new NoNetworksFound(),
    },
    {
      name: 'a default one of another project',
      byDefault: 'theirs',
      error: new InvalidInput(
        'no network theirs (default_network) for this project: ask for a network by its uuid',
      ),
    },
    { name: 'what is no address', wishes: [[ours, '10.0.2']], error: new FixedIpInvalid('10.0.2') },
    { name: 'an IPv6 address', wishes: [[ours, 'fd00::1']], error: new FixedIpInvalid('fd00::1') },
    {
      name: 'an address elsewhere',
      wishes: [[ours, '10.0.3.9']],
      error: new FixedIpNotFoundForNetwork('10.0.3.9', ours.uuid),
    },
  ];
  it.each(refusals)('cannot be $name', async ({ error, ...given }) => {
    await expect(choose(given)).rejects.toEqual(error);
  });
});
