import {
  FixedIpAlreadyInUse,
  FixedIpInvalid,
  FixedIpNotFoundForAddress,
  FixedIpNotFoundForNetwork,
  Forbidden,
  NetworkNotFoundForProject,
  type FixedIp,
  type Network,
} from '@novanet/ipam';
import { Ipv4, parseHostName, type IpAddress } from '@novanet/net-address';
import { describe, expect, it } from 'vitest';
import type { Caller } from '../caller.js';
import { managerTraits, type ManagerName } from '../managers/manager-traits.js';
import { plan, stored } from '../testing/network-plans.js';
import { ValidateNetworks } from './validate-networks.js';

function network(index: number, over: Partial<Network> = {}): Network {
  const uuid = `00000000-0000-4000-8000-00000000000${index}`;
  const args = {
    label: 'n',
    cidr: `10.0.${index}.0/24`,
    bridge: 'br1',
    uuid,
    allowed_end: `10.0.${index}.200`,
  };
  const [draft] = plan(args);
  return { ...stored(draft!), id: index, ...over };
}

const ours = network(1, { projectId: 'p1' });
const theirs = network(2, { projectId: 'p2' });
const everybodys = network(3);
const tagged = network(4, { vlan: 100 });
const unknown = '00000000-0000-4000-8000-0000000000ff';

function row(address: string, over: Partial<FixedIp>): FixedIp {
  return {
    id: 1,
    subnetId: 1,
    networkId: ours.id,
    address: Ipv4.parse(address),
    role: 'instance',
    vifId: null,
    instanceUuid: null,
    host: null,
    isAllocated: false,
    lease: null,
    floatingAddresses: [],
    createdAt: new Date(0),
    updatedAt: null,
    ...over,
  };
}

const rows = [
  row('10.0.1.1', { role: 'gateway' }),
  row('10.0.1.5', { instanceUuid: 'i1', vifId: 1, isAllocated: true }),
  row('10.0.1.6', { instanceUuid: 'i2' }),
  row('10.0.1.7', { role: 'reserved' }),
  row('10.0.1.8', { role: 'dhcp', host: parseHostName('c1') }),
  row('10.0.1.9', { role: 'vpn', instanceUuid: 'i3', isAllocated: true }),
];

/** Project p1 has i1 and i3, p2 has i2. */
const holders = new Map(['i1', 'i2', 'i3'].map((uuid) => [uuid, { projectId: uuid === 'i2' ? 'p2' : 'p1' }]));

const user: Caller = { projectId: 'p1', userId: 'u1', isAdmin: false };
const admin: Caller = { projectId: 'p9', userId: 'root', isAdmin: true };

interface Case {
  readonly name: string;
  readonly wishes: readonly (readonly [Network | string, string?])[];
  readonly caller?: Caller;
  readonly manager?: ManagerName;
}

function validate({ wishes, caller = user, manager = 'FlatDHCPManager' }: Case): Promise<void> {
  const flow = new ValidateNetworks(
    { list: async () => [ours, theirs, everybodys, tagged] },
    { findByAddress: async (address: IpAddress) => rows.find((one) => one.address.equals(address)) },
    { find: async (uuid: string) => holders.get(uuid) },
    managerTraits({ networkManager: manager, cntVpnClients: 0, ipv6Backend: 'rfc2462' }),
  );
  const requested = wishes.map(([which, address]) => ({
    networkUuid: typeof which === 'string' ? which : which.uuid,
    address: address ?? null,
  }));
  return flow.run(requested, caller);
}

describe('networks that an instance is to have', () => {
  const good: readonly Case[] = [
    { name: 'none', wishes: [] },
    { name: 'one’s own, and everybody’s', wishes: [[ours], [everybodys]] },
    { name: 'one written in capitals', wishes: [[ours.uuid.toUpperCase()]] },
    { name: 'a free address', wishes: [[ours, '10.0.1.99']] },
    {
      name: 'the first and the last of the pool',
      wishes: [
        [ours, '10.0.1.2'],
        [ours, '10.0.1.200'],
      ],
    },
    { name: 'another project’s, for an administrator', wishes: [[theirs, '10.0.2.9']], caller: admin },
    { name: 'one with a VLAN where all have one', wishes: [[tagged]], caller: admin, manager: 'VlanManager' },
  ];
  it.each(good)('may be $name', async (given) => {
    await expect(validate(given)).resolves.toBeUndefined();
  });

  const notOurs = (uuid: string) => new NetworkNotFoundForProject(uuid, 'p1');
  const elsewhere = (address: string) => new FixedIpNotFoundForNetwork(address, ours.uuid);
  const bad: readonly (Case & { readonly error: Error })[] = [
    { name: 'one nobody knows', wishes: [[unknown]], error: notOurs(unknown) },
    { name: 'another project’s', wishes: [[ours], [theirs]], error: notOurs(theirs.uuid) },
    {
      name: 'nobody’s where each has its project',
      wishes: [[everybodys]],
      manager: 'VlanManager',
      error: notOurs(everybodys.uuid),
    },
    { name: 'one with a VLAN where none are served', wishes: [[tagged]], error: notOurs(tagged.uuid) },
    { name: 'what is no address', wishes: [[ours, '10.0.1.x']], error: new FixedIpInvalid('10.0.1.x') },
    { name: 'an IPv6 address', wishes: [[ours, 'fd00::1']], error: new FixedIpInvalid('fd00::1') },
    {
      name: 'an address of no network',
      wishes: [[ours, '192.0.2.1']],
      error: new FixedIpNotFoundForAddress('192.0.2.1'),
    },
    { name: 'an address of another network', wishes: [[ours, '10.0.3.9']], error: elsewhere('10.0.3.9') },
    {
      name: 'an address of a network nobody knows',
      wishes: [[unknown, '10.0.1.99']],
      error: new FixedIpNotFoundForNetwork('10.0.1.99', unknown),
    },
    {
      name: 'an address that is used',
      wishes: [[ours, '10.0.1.5']],
      error: new FixedIpAlreadyInUse('10.0.1.5', 'i1'),
    },
    {
      name: 'an address that another project’s instance has',
      wishes: [[ours, '10.0.1.6']],
      error: new Forbidden(),
    },
    {
      name: 'an address that drains, for an administrator',
      wishes: [[ours, '10.0.1.6']],
      caller: admin,
      error: new FixedIpAlreadyInUse('10.0.1.6', 'i2'),
    },
    { name: 'the gateway', wishes: [[ours, '10.0.1.1']], error: elsewhere('10.0.1.1') },
    { name: 'a reserved address', wishes: [[ours, '10.0.1.7']], error: elsewhere('10.0.1.7') },
    { name: 'the address of a host', wishes: [[ours, '10.0.1.8']], error: elsewhere('10.0.1.8') },
    { name: 'the network’s own address', wishes: [[ours, '10.0.1.0']], error: elsewhere('10.0.1.0') },
    { name: 'the broadcast address', wishes: [[ours, '10.0.1.255']], error: elsewhere('10.0.1.255') },
    { name: 'one behind the pool', wishes: [[ours, '10.0.1.201']], error: elsewhere('10.0.1.201') },
    {
      name: 'a bad one behind a good one',
      wishes: [
        [ours, '10.0.1.99'],
        [ours, '10.0.1.5'],
      ],
      error: new FixedIpAlreadyInUse('10.0.1.5', 'i1'),
    },
  ];
  it.each(bad)('cannot be $name', async ({ error, ...given }) => {
    await expect(validate(given)).rejects.toEqual(error);
  });
});
