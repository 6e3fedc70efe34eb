import { readFileSync } from 'node:fs';
import { RpcValueError } from '@novanet/contracts';
import { subnetOf, type Network, type NetworkDraft } from '@novanet/ipam';
import { parseDeviceName } from '@novanet/net-address';
import { describe, expect, it } from 'vitest';
import type { ManagerName } from '../managers/manager-traits.js';
import { existingNetwork, plan, stored } from '../testing/network-plans.js';

/** One line of text per network: what an operator would compare. */
function summary({ label, subnets, bridge }: NetworkDraft): string {
  const [v4, v6] = [
    subnetOf({ subnets: subnets.map((s) => ({ ...s, id: 0 })) }, 4),
    subnets.find((s) => s.version === 6),
  ];
  const parts = [
    label,
    v4 && `${v4.cidr.toString()} gw ${v4.gateway?.toString()} dhcp ${v4.dhcpServer?.toString()}`,
    v4 && `from ${v4.dhcpStart?.toString()} pool ${v4.pool?.first.toString()}-${v4.pool?.last.toString()}`,
    v6 && `${v6.cidr.toString()} gw ${v6.gateway?.toString()}`,
    bridge,
  ];
  return parts.filter((part) => part !== undefined && part !== null).join(' ');
}

describe('planning networks', () => {
  it.each([
    [
      'the simplest network',
      { cidr: '10.0.0.0/24' },
      ['n 10.0.0.0/24 gw 10.0.0.1 dhcp 10.0.0.1 from 10.0.0.2 pool 10.0.0.2-10.0.0.254 br100'],
    ],
    [
      'a gateway elsewhere',
      { cidr: '10.0.0.0/24', gateway: '10.0.0.254' },
      ['n 10.0.0.0/24 gw 10.0.0.254 dhcp 10.0.0.254 from 10.0.0.1 pool 10.0.0.2-10.0.0.254 br100'],
    ],
    [
      'a DHCP server beside the gateway',
      { cidr: '10.0.0.0/24', dhcp_server: '10.0.0.5' },
      ['n 10.0.0.0/24 gw 10.0.0.1 dhcp 10.0.0.5 from 10.0.0.2 pool 10.0.0.2-10.0.0.254 br100'],
    ],
    [
      'a part of the range, whose first address becomes the gateway',
      { cidr: '10.0.0.0/24', allowed_start: '10.0.0.10', allowed_end: '10.0.0.20' },
      ['n 10.0.0.0/24 gw 10.0.0.10 dhcp 10.0.0.10 from 10.0.0.11 pool 10.0.0.10-10.0.0.20 br100'],
    ],
    [
      'a part of the range with its own gateway',
      { cidr: '10.0.0.0/24', allowed_start: '10.0.0.10', allowed_end: '10.0.0.20', gateway: '10.0.0.1' },
      ['n 10.0.0.0/24 gw 10.0.0.1 dhcp 10.0.0.1 from 10.0.0.10 pool 10.0.0.10-10.0.0.20 br100'],
    ],
    [
      'a fixed range, of which no address is lost',
      { cidr: '10.0.0.0/24', fixed_cidr: '10.0.0.128/26' },
      ['n 10.0.0.0/24 gw 10.0.0.1 dhcp 10.0.0.1 from 10.0.0.2 pool 10.0.0.128-10.0.0.191 br100'],
    ],
    [
      'host bits, which are masked',
      { cidr: '10.0.0.77/24' },
      ['n 10.0.0.0/24 gw 10.0.0.1 dhcp 10.0.0.1 from 10.0.0.2 pool 10.0.0.2-10.0.0.254 br100'],
    ],
    [
      'a size that is no power of two',
      { cidr: '10.0.0.0/24', network_size: 100 },
      ['n 10.0.0.0/25 gw 10.0.0.1 dhcp 10.0.0.1 from 10.0.0.2 pool 10.0.0.2-10.0.0.126 br100'],
    ],
    [
      'two networks without a size: each gets half',
      { cidr: '10.0.0.0/24', num_networks: '2' },
      [
        'n_0 10.0.0.0/25 gw 10.0.0.1 dhcp 10.0.0.1 from 10.0.0.2 pool 10.0.0.2-10.0.0.126 br100',
        'n_1 10.0.0.128/25 gw 10.0.0.129 dhcp 10.0.0.129 from 10.0.0.130 pool 10.0.0.130-10.0.0.254 br100',
      ],
    ],
    [
      'both families',
      { cidr: '10.0.0.0/23', cidr_v6: 'fd00::/48', num_networks: 2, network_size: 256 },
      [
        'n_0 10.0.0.0/24 gw 10.0.0.1 dhcp 10.0.0.1 from 10.0.0.2 pool 10.0.0.2-10.0.0.254 fd00::/64 gw fd00::1 br100',
        'n_1 10.0.1.0/24 gw 10.0.1.1 dhcp 10.0.1.1 from 10.0.1.2 pool 10.0.1.2-10.0.1.254 fd00:0:0:1::/64 gw fd00:0:0:1::1 br100',
      ],
    ],
    ['IPv6 alone', { cidr_v6: '2001:db8::/64' }, ['n 2001:db8::/64 gw 2001:db8::1 br100']],
    ['a /64 of a larger range', { cidr_v6: '2001:db8::/48' }, ['n 2001:db8::/64 gw 2001:db8::1 br100']],
    [
      'what there is of a smaller one',
      { cidr_v6: '2001:db8::/112' },
      ['n 2001:db8::/112 gw 2001:db8::1 br100'],
    ],
    [
      'a whole /8',
      { cidr: '10.0.0.0/8', network_size: 2 ** 24 },
      ['n 10.0.0.0/8 gw 10.0.0.1 dhcp 10.0.0.1 from 10.0.0.2 pool 10.0.0.2-10.255.255.254 br100'],
    ],
  ])('gives %s', (_name, args, expected) => {
    expect(plan({ label: 'n', bridge: 'br100', ...args }).map((draft) => summary(draft))).toEqual(expected);
  });

  it.each([
    ['NetworkNotCreated', 'label is required', {}],
    ['NetworkNotCreated', 'cidr or cidr_v6 is required', { label: 'n' }],
    ['NetworkNotCreated', 'bridge is required', { label: 'n', cidr: '10.0.0.0/24' }],
    [
      'LabelTooLong',
      'Maximum allowed length',
      { label: 'x'.repeat(256), cidr: '10.0.0.0/24', bridge: 'br1' },
    ],
    ['InvalidCidr', 'bogus is not a valid IP network.', { label: 'n', cidr: 'bogus', bridge: 'br1' }],
    ['InvalidCidr', '10.0.0.0/33', { label: 'n', cidr: '10.0.0.0/33', bridge: 'br1' }],
    [
      'InvalidIntValue',
      'network_size must be an integer',
      { label: 'n', cidr: '10.0.0.0/24', network_size: 'many' },
    ],
    ['InvalidAddress', 'x is not a valid', { label: 'n', cidr: '10.0.0.0/24', bridge: 'br1', gateway: 'x' }],
    [
      'AddressOutOfRange',
      '11.0.0.1 is not',
      { label: 'n', cidr: '10.0.0.0/24', bridge: 'br1', gateway: '11.0.0.1' },
    ],
    [
      'AddressOutOfRange',
      '9.0.0.0/8',
      { label: 'n', cidr: '10.0.0.0/24', bridge: 'br1', fixed_cidr: '9.0.0.0/8' },
    ],
    ['InvalidInput', 'bridge: "br 1"', { label: 'n', cidr: '10.0.0.0/24', bridge: 'br 1' }],
    ['InvalidInput', 'mtu must be between', { label: 'n', cidr: '10.0.0.0/24', bridge: 'br1', mtu: 20 }],
    ['InvalidUUID', 'Expected a uuid', { label: 'n', cidr: '10.0.0.0/24', bridge: 'br1', uuid: 'mine' }],
    [
      'InvalidInput',
      'no address lies between 10.0.0.9 and 10.0.0.4',
      { label: 'n', cidr: '10.0.0.0/24', bridge: 'br1', allowed_start: '10.0.0.9', allowed_end: '10.0.0.4' },
    ],
    [
      'InvalidInput',
      'gateway, uuid can be given for one network only',
      {
        label: 'n',
        cidr: '10.0.0.0/24',
        bridge: 'br1',
        num_networks: 2,
        gateway: '10.0.0.1',
        uuid: '00000000-0000-4000-8000-000000000001',
      },
    ],
    [
      'RpcValueError',
      'do not fit into',
      { label: 'n', cidr: '10.0.0.0/24', bridge: 'br1', network_size: 512 },
    ],
    [
      'RpcValueError',
      'leaves no address',
      { label: 'n', cidr: '10.0.0.0/31', bridge: 'br1', network_size: 2 },
    ],
    [
      'RpcValueError',
      'leaves no address',
      { label: 'n', cidr: '10.0.0.0/32', bridge: 'br1', network_size: 1 },
    ],
    [
      'RpcValueError',
      'network_size must be at least 1',
      { label: 'n', cidr: '10.0.0.0/24', bridge: 'br1', network_size: 0 },
    ],
    [
      'RpcValueError',
      'network_size must be at least 1',
      { label: 'n', cidr: '10.0.0.0/24', bridge: 'br1', network_size: -5 },
    ],
    ['RpcValueError', 'at least 1', { label: 'n', cidr: '10.0.0.0/24', bridge: 'br1', num_networks: 0 }],
    ['RpcValueError', 'fd00::1/128 leaves no address', { label: 'n', cidr_v6: 'fd00::1/128', bridge: 'br1' }],
    ['RpcValueError', 'fd00::/127 leaves no address', { label: 'n', cidr_v6: 'fd00::/127', bridge: 'br1' }],
    [
      'RpcValueError',
      '172.16.100.0/31 leaves no address',
      { label: 'n', cidr: '172.16.100.0/24', bridge: 'br1', num_networks: 100 },
    ],
  ])('refuses with %s: %s', (name, text, args) => {
    const message = expect.stringContaining(text) as string;
    expect(() => plan(args)).toThrow(expect.objectContaining({ name, message }));
  });

  it('takes the next free block of the size when the range is larger', () => {
    const drafts = plan({ label: 'n', cidr: '10.0.0.0/16', network_size: 256, bridge: 'br1' }, [
      existingNetwork('10.0.0.0/24'),
    ]);
    expect(drafts.map((draft) => draft.subnets[0]?.cidr.toString())).toEqual(['10.0.1.0/24']);
  });

  it('takes the next free /64 of a range that is larger', () => {
    const args = { label: 'n', cidr_v6: 'fd00::/48', bridge: 'br1' };
    const [first] = plan(args);
    const [draft] = plan(args, [stored(first!)]);
    expect(draft?.subnets[0]?.cidr.toString()).toBe('fd00:0:0:1::/64');
  });

  it('does not look for blocks behind a larger network that has what is asked for', () => {
    const args = { label: 'n', cidr: '10.0.0.0/22', network_size: 256, bridge: 'br1' };
    expect(() => plan(args, [existingNetwork('10.0.0.0/23')])).toThrow(
      'Requested cidr (10.0.0.0/24) conflicts with existing cidr (10.0.0.0/23)',
    );
  });

  it.each([
    ['the same range', '10.0.0.0/24', '10.0.0.0/24'],
    ['a range around it', '10.0.0.0/24', '10.0.0.0/16'],
    ['a range within it', '10.0.0.0/24', '10.0.0.64/26'],
  ])('refuses when the one block asked for meets %s', (_name, cidr, used) => {
    expect(() => plan({ label: 'n', cidr, bridge: 'br1' }, [existingNetwork(used)])).toThrow(
      `conflicts with existing cidr (${used})`,
    );
  });

  it('fills in the configured bridge and interface', () => {
    const [draft] = plan({ label: 'n', cidr: '10.0.0.0/24' }, [], {
      flatNetworkBridge: parseDeviceName('br7'),
      flatInterface: parseDeviceName('eth1'),
    });
    expect([draft?.bridge, draft?.bridgeInterface]).toEqual(['br7', 'eth1']);
  });
});

/** What nova's own code made of a call: its rows, those of the networks that existed before among them, or its error. */
interface Vector {
  readonly manager: ManagerName;
  readonly existing: readonly (readonly Record<string, unknown>[])[] | readonly Record<string, unknown>[];
  readonly arguments: Record<string, unknown>;
  readonly error?: string;
  readonly networks: readonly Record<string, unknown>[];
}

describe("nova's own results", () => {
  const vectors = JSON.parse(
    readFileSync(new URL('../../fixtures/create-networks.json', import.meta.url), 'utf8'),
  ) as readonly Vector[];

  /** nova counts on from the first VLAN and port by the number of networks; here the lowest free ones are taken. */
  const isAnsweredDifferently = ({ existing, manager }: Vector) =>
    manager === 'VlanManager' && existing.length > 0;

  const planned = ({ manager }: Vector, args: Record<string, unknown>, existing: readonly Network[] = []) =>
    plan(args, existing, { manager });
  const existingOf = (vector: Vector) =>
    vector.existing.flat().flatMap((args) => planned(vector, args).map((draft) => stored(draft)));
  const named = (isRefusal: boolean) =>
    vectors
      .filter((vector) => (vector.error !== undefined) === isRefusal)
      .map((vector) => [`${vector.manager}: ${JSON.stringify(vector.arguments)}`, vector] as const);

  it.each(named(true))('refuses %s', (_name, vector) => {
    const name = vector.error === 'ValueError' ? RpcValueError.name : vector.error;
    const run = () => planned(vector, vector.arguments, existingOf(vector));
    expect(run).toThrow(expect.objectContaining({ name }));
  });

  it.each(named(false))('creates %s', (_name, vector) => {
    const existing = existingOf(vector);
    const wanted = vector.networks.slice(existing.length);
    const drafts = planned(vector, vector.arguments, existing);
    const made = drafts.map((draft) => ({
      label: draft.label,
      ...v4Row(draft),
      cidr_v6: draft.subnets.find(({ version }) => version === 6)?.cidr.toString() ?? null,
      bridge: draft.bridge,
      multi_host: Number(draft.isMultiHost),
      mtu: draft.mtu,
      dns1: draft.dns1?.toString(),
      enable_dhcp: Number(draft.enableDhcp),
      ...(!isAnsweredDifferently(vector) && { vlan: draft.vlan, vpn_public_port: draft.vpnPublicPort }),
      vpn_private_address: draft.vpnPrivateAddress?.toString() ?? null,
    }));
    expect(made).toEqual(wanted.map((row) => pick(row, Object.keys(made[0] ?? {}))));
  });
});

function v4Row({ subnets }: NetworkDraft) {
  const v4 = subnets.find(({ version }) => version === 4);
  return {
    cidr: v4?.cidr.toString() ?? null,
    gateway: v4?.gateway?.toString() ?? null,
    dhcp_server: v4?.dhcpServer?.toString() ?? null,
    dhcp_start: v4?.dhcpStart?.toString() ?? null,
  };
}

function pick(row: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  const number = (value: unknown) => (typeof value === 'boolean' ? Number(value) : value);
  return Object.fromEntries(keys.map((key) => [key, number(row[key])]));
}
