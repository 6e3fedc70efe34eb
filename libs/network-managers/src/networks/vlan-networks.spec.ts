import { RpcValueError } from '@novanet/contracts';
import { DuplicateVlan, InvalidIntValue, NetworkNotCreated, subnetOf, type Network } from '@novanet/ipam';
import { describe, expect, it } from 'vitest';
import { plan, stored, type PlanOptions } from '../testing/network-plans.js';

const vlanManager: PlanOptions = { manager: 'VlanManager' };
const request = { label: 'p', cidr: '10.0.0.0/16', network_size: 16, bridge_interface: 'eth1' };

/** Networks with these VLANs and ports, far from what the requests ask for. */
function existing(...taken: readonly (readonly [vlan: number | null, port: number | null])[]): Network[] {
  return taken.map(([vlan, vpnPublicPort], index) => {
    const [draft] = plan({ ...request, cidr: `172.16.${index}.0/28`, vlan: 1 }, [], vlanManager);
    return { ...stored(draft!), vlan, vpnPublicPort };
  });
}

/** VLAN, bridge and port of each network. */
function numbers(
  args: Record<string, unknown>,
  others: readonly Network[] = [],
  options = vlanManager,
): string[] {
  return plan({ ...request, ...args }, others, options).map(
    ({ vlan, bridge, vpnPublicPort }) => `${vlan} ${bridge} ${vpnPublicPort}`,
  );
}

describe('the VLAN of a network', () => {
  it.each([
    { name: 'the first one', args: {}, others: [], given: ['100 br100 1000'] },
    {
      name: 'one after the other',
      args: { num_networks: 3 },
      others: [],
      given: ['100 br100 1000', '101 br101 1001', '102 br102 1002'],
    },
    {
      name: 'from the given number on',
      args: { num_networks: '2', vlan_start: '200', vpn_start: '2000' },
      others: [],
      given: ['200 br200 2000', '201 br201 2001'],
    },
    {
      name: 'around one that is taken, of VLANs and of ports apart',
      args: { num_networks: 3 },
      others: existing([101, 1000], [103, 1002]),
      given: ['100 br100 1001', '102 br102 1003', '104 br104 1004'],
    },
    {
      name: 'the lowest one that became free',
      args: { num_networks: 2 },
      others: existing([100, 1000], [104, 1004]),
      given: ['101 br101 1001', '102 br102 1002'],
    },
    {
      name: 'whatever networks without one there are',
      args: {},
      others: existing([null, null], [null, null]),
      given: ['100 br100 1000'],
    },
    { name: 'the given one', args: { vlan: '4094' }, others: [], given: ['4094 br4094 1000'] },
    {
      name: 'the given one, below the first',
      args: { vlan: 7 },
      others: existing([100, 1000]),
      given: ['7 br7 1001'],
    },
    {
      name: 'one bridge for it, whatever is asked for',
      args: { bridge: 'br9' },
      others: [],
      given: ['100 br100 1000'],
    },
  ])('is $name', ({ args, others, given }) => {
    expect(numbers(args, others)).toEqual(given);
  });

  it.each([
    { name: 'one that is taken', args: { vlan: 100 }, error: new DuplicateVlan(100) },
    {
      name: '4095',
      args: { vlan: 4095 },
      error: new RpcValueError('The vlan number cannot be greater than 4094'),
    },
    { name: '0', args: { vlan: 0 }, error: new RpcValueError('The vlan number cannot be less than 1') },
    { name: 'a word', args: { vlan: 'red' }, error: new RpcValueError('vlan must be an integer') },
    { name: 'a fraction', args: { vlan: 1.5 }, error: new RpcValueError('vlan must be an integer') },
    {
      name: 'a number of another sort',
      args: { vlan: '0x10' },
      error: new RpcValueError('vlan must be an integer'),
    },
    { name: 'a power', args: { vlan: '1e3' }, error: new RpcValueError('vlan must be an integer') },
    {
      name: 'a first one of zero',
      args: { vlan_start: 0 },
      error: new RpcValueError('vlan_start must be at least 1'),
    },
    {
      name: 'a first one that is a word',
      args: { vlan_start: 'x' },
      error: new InvalidIntValue('vlan_start'),
    },
    {
      name: 'a port that is none',
      args: { vpn_start: 65_536 },
      error: new RpcValueError('vpn_start must be between 1 and 65535'),
    },
    {
      name: 'a port below the first',
      args: { vpn_start: -1 },
      error: new RpcValueError('vpn_start must be between 1 and 65535'),
    },
    {
      name: 'more than there are',
      args: { num_networks: 95, vlan_start: 4000 },
      error: new RpcValueError(
        'The sum of the number of networks and the first VLAN (95 + 4000) is more than 4094',
      ),
    },
    {
      name: 'no interface',
      args: { bridge_interface: '' },
      error: new NetworkNotCreated('bridge_interface'),
    },
  ])('cannot be $name', ({ args, error }) => {
    const run = () => numbers(args, existing([100, 1000]));
    expect(run).toThrow(error);
    expect(run).toThrow(error.constructor as typeof RpcValueError);
  });

  it('cannot be given to several networks', () => {
    expect(() => numbers({ vlan: 100, num_networks: 2 })).toThrow('vlan can be given for one network only');
  });

  it('is refused when the free numbers run out, and then nothing is made', () => {
    const used = existing(...Array.from({ length: 94 }, (_, i) => [4000 + i, 1000 + i] as const));
    expect(numbers({ vlan_start: 4000 }, used)).toEqual(['4094 br4094 1094']);
    const two = () => numbers({ vlan_start: 4000, num_networks: 2 }, used);
    expect(two).toThrow('no 2 VLANs are free between 4000 and 4094');
    const ports = () => numbers({ vpn_start: 65_535, num_networks: 2 });
    expect(ports).toThrow('no 2 VPN ports are free between 65535 and 65535');
  });

  it('is another one for each of a hundred networks at once, beside a hundred others', () => {
    const others = existing(...Array.from({ length: 100 }, (_, i) => [100 + 2 * i, 1000 + 2 * i] as const));
    const drafts = plan({ ...request, num_networks: 100 }, others, vlanManager);
    const all = [...others, ...drafts];
    expect(new Set(all.map(({ vlan }) => vlan)).size).toBe(200);
    expect(new Set(all.map(({ vpnPublicPort }) => vpnPublicPort)).size).toBe(200);
    expect(new Set(all.map(({ subnets }) => subnets[0]?.cidr.toString())).size).toBe(200);
    expect(drafts.map(({ label }) => label)).toEqual(Array.from({ length: 100 }, (_, i) => `p_${i}`));
  });

  it('does not exist where networks have none, also when it is asked for', () => {
    const flat = { manager: 'FlatDHCPManager', flatNetworkBridge: null } as const;
    expect(numbers({ vlan: 100, bridge: 'br9' }, [], flat)).toEqual(['null br9 null']);
  });
});

describe('the addresses of a VLAN network', () => {
  it.each([
    { name: 'of sixteen', args: {}, line: '10.0.0.0/28 gw .1 vpn .2 dhcp from .3 pool .3-.14' },
    {
      name: 'with a gateway elsewhere',
      args: { gateway: '10.0.0.14' },
      line: '10.0.0.0/28 gw .14 vpn .1 dhcp from .2 pool .3-.14',
    },
    {
      name: 'with a DHCP server beside the gateway',
      args: { dhcp_server: '10.0.0.2' },
      line: '10.0.0.0/28 gw .1 vpn .3 dhcp from .4 pool .3-.14',
    },
    {
      name: 'with a part of the range',
      args: { allowed_start: '10.0.0.4', allowed_end: '10.0.0.9' },
      line: '10.0.0.0/28 gw .4 vpn .5 dhcp from .6 pool .4-.9',
    },
    {
      name: 'with room for the clients of the VPN',
      args: {},
      cntVpnClients: 5,
      line: '10.0.0.0/28 gw .1 vpn .2 dhcp from .3 pool .3-.9',
    },
    {
      name: 'taken whole',
      args: { cidr: '10.0.9.0/24', ipam: true },
      line: '10.0.9.0/24 gw .1 vpn .2 dhcp from .3 pool .3-.254',
    },
  ])('$name', ({ args, cntVpnClients = 0, line }) => {
    const [draft] = plan({ ...request, ...args }, [], { ...vlanManager, cntVpnClients });
    const v4 = subnetOf(stored(draft!), 4)!;
    const last = (address: { toString(): string } | null | undefined) => `.${String(address).split('.')[3]}`;
    const pool = `${last(v4.pool?.first)}-${last(v4.pool?.last)}`;
    expect(
      `${v4.cidr.toString()} gw ${last(v4.gateway)} vpn ${last(draft!.vpnPrivateAddress)} dhcp from ${last(v4.dhcpStart)} pool ${pool}`,
    ).toBe(line);
  });

  it('may be those of IPv6 alone: a VLAN, but no VPN', () => {
    const args = { cidr: undefined, cidr_v6: 'fd00::/48', num_networks: 2 };
    const drafts = plan({ ...request, ...args }, existing([100, 1000]), vlanManager);
    expect(
      drafts.map(({ vlan, vpnPublicPort, vpnPrivateAddress }) => [vlan, vpnPublicPort, vpnPrivateAddress]),
    ).toEqual([
      [101, null, null],
      [102, null, null],
    ]);
    expect(drafts.map(({ subnets }) => subnets.map(({ cidr }) => cidr.toString()))).toEqual([
      ['fd00::/64'],
      ['fd00:0:0:1::/64'],
    ]);
  });

  it.each([
    { name: 'without an address for an instance', args: { network_size: 4 }, message: 'leaves no address' },
    {
      name: 'whose few addresses are all its own',
      args: { allowed_start: '10.0.0.12', allowed_end: '10.0.0.13' },
      message: '10.0.0.12 to 10.0.0.13 leaves no address for instances',
    },
    { name: 'that do not fit', args: { num_networks: 20, network_size: 4096 }, message: 'do not fit' },
  ])('cannot be made $name', ({ args, message }) => {
    expect(() => plan({ ...request, ...args }, [], vlanManager)).toThrow(message);
  });
});

describe('an address that is asked for', () => {
  const flat = { label: 'n', cidr: '10.0.0.0/24', bridge: 'br1' };
  it.each([
    { gateway: '10.0.0.0' },
    { gateway: '10.0.0.255' },
    { dhcp_server: '10.0.0.255' },
    { allowed_start: '10.0.0.0' },
    { allowed_end: '10.0.0.255' },
  ])('cannot be an end of the range: %o', (args) => {
    expect(() => plan({ ...flat, ...args })).toThrow('is an end of 10.0.0.0/24, which no host can have');
  });

  it('as the only one of a pool cannot be the gateway', () => {
    const only = { allowed_start: '10.0.0.9', allowed_end: '10.0.0.9' };
    expect(() => plan({ ...flat, ...only })).toThrow('leaves no address for instances');
    expect(plan({ ...flat, ...only, gateway: '10.0.0.1' })).toHaveLength(1);
  });
});
