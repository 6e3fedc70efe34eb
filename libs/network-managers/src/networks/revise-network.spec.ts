import type { ModifyNetworkArguments } from '@novanet/contracts';
import {
  AddressOutOfRange,
  DuplicateVlan,
  InvalidAddress,
  InvalidInput,
  LabelTooLong,
  NetworkChangeConflict,
  subnetOf,
  type Network,
} from '@novanet/ipam';
import { Ipv4 } from '@novanet/net-address';
import { describe, expect, it } from 'vitest';
import { managerTraits, type ManagerName } from '../managers/manager-traits.js';
import { plan, stored } from '../testing/network-plans.js';
import { parseNetworkEdit } from './network-edit.js';
import { revisionOf } from './revise-network.js';

type Edit = Omit<ModifyNetworkArguments, 'network_uuid'>;

const args = {
  label: 'n',
  cidr: '10.0.0.0/24',
  cidr_v6: 'fd00::/64',
  bridge: 'br1',
  bridge_interface: 'eth1',
};

function existing(manager: ManagerName, more: Record<string, unknown> = {}): Network {
  return stored(plan({ ...args, ...more }, [], { manager })[0]!);
}

const flat = existing('FlatDHCPManager');
const vlan = existing('VlanManager', { vlan: 100 });
const other = { ...existing('VlanManager', { cidr: '10.1.0.0/24', vlan: 200 }), id: 2 };

function revised(
  network: Network,
  edit: Edit,
  scene: { others?: Network[]; isInUse?: boolean } = {},
): Network {
  const networkManager = network.vlan === null ? 'FlatDHCPManager' : 'VlanManager';
  const traits = managerTraits({ networkManager, cntVpnClients: 0, ipv6Backend: 'rfc2462' });
  const revise = revisionOf(parseNetworkEdit({ network_uuid: network.uuid, ...edit }), traits);
  return revise(network, { others: scene.others ?? [], isInUse: scene.isInUse ?? false });
}

/** Gateway, DHCP server, start of the DHCP range. */
function addresses(network: Network): string {
  const v4 = subnetOf(network, 4);
  return [v4?.gateway, v4?.dhcpServer, v4?.dhcpStart].map(String).join(' ');
}

describe('an edited network', () => {
  it('is what it was, where nothing is said', () => {
    for (const network of [flat, vlan]) expect(revised(network, {})).toEqual(network);
  });

  it('has what is said, and not what is taken away', () => {
    const edit = {
      label: 'new',
      project_id: 'p',
      dns1: '192.0.2.53',
      dns2: 'fd00::53',
      mtu: '1400',
      priority: 3,
    };
    const after = revised(flat, edit);
    expect(after).toMatchObject({ label: 'new', projectId: 'p', mtu: 1400, priority: 3 });
    expect([after.dns1, after.dns2].map(String)).toEqual(['192.0.2.53', 'fd00::53']);
    const none = revised(after, { project_id: null, dns1: null, dns2: '', mtu: null, priority: null });
    expect(none).toEqual({ ...flat, label: 'new', dns1: null });
  });

  it.each([
    [
      'the gateway takes the DHCP server along that it is',
      { gateway: '10.0.0.9' },
      '10.0.0.9 10.0.0.9 10.0.0.2',
    ],
    ['it can stay', { gateway: '10.0.0.254', dhcp_server: '10.0.0.1' }, '10.0.0.254 10.0.0.1 10.0.0.2'],
    ['no gateway: the DHCP server stays', { gateway: null }, 'null 10.0.0.1 10.0.0.2'],
    ['the range that DHCP knows', { dhcp_start: '10.0.0.100' }, '10.0.0.1 10.0.0.1 10.0.0.100'],
    ['the usual one', { dhcp_start: null }, '10.0.0.1 10.0.0.1 null'],
  ] as const)('has addresses: %s', (_what, edit, wanted) => {
    expect(addresses(revised(flat, edit, { isInUse: true }))).toBe(wanted);
  });

  it('leaves a DHCP server that is not the gateway where it is', () => {
    const routed = revised(flat, { gateway: '10.0.0.254', dhcp_server: '10.0.0.1' });
    expect(addresses(revised(routed, { gateway: '10.0.0.253' }))).toBe('10.0.0.253 10.0.0.1 10.0.0.2');
    expect(addresses(revised(routed, { gateway: '10.0.0.1' }))).toBe('10.0.0.1 10.0.0.1 10.0.0.2');
  });

  it('has another router of IPv6, or none', () => {
    const gatewayOf = (gateway_v6: string | null) =>
      String(subnetOf(revised(flat, { gateway_v6 }), 6)?.gateway);
    expect([gatewayOf('fd00::9'), gatewayOf(null)]).toEqual(['fd00::9', 'null']);
  });

  it.each([
    ['a bridge that is named after the VLAN goes with it', { vlan: 300 }, '300 br300 eth1'],
    ['another one stays', { vlan: 300, bridge: 'br9' }, '300 br9 eth1'],
    ['the interface', { bridge_interface: 'eth9' }, '100 br100 eth9'],
  ] as const)('moves to another segment: %s', (_what, edit, wanted) => {
    const after = revised(vlan, edit, { others: [other] });
    expect(`${after.vlan} ${after.bridge} ${after.bridgeInterface}`).toBe(wanted);
  });

  it('keeps a bridge of another name when its VLAN changes', () => {
    expect(revised(revised(vlan, { bridge: 'br9' }), { vlan: 300 }).bridge).toBe('br9');
  });

  it('has its VPN elsewhere, or where its host says', () => {
    const after = revised(vlan, { vpn_public_address: '203.0.113.9', vpn_public_port: '2000' });
    expect(`${String(after.vpnPublicAddress)}:${after.vpnPublicPort}`).toBe('203.0.113.9:2000');
    const back = revised(after, { vpn_public_address: null, vpn_public_port: null });
    expect(back).toEqual({ ...vlan, vpnPublicPort: null });
  });
});

describe('refused is', () => {
  it.each<readonly [Edit, new (...args: never[]) => Error, RegExp]>([
    [{ label: null }, InvalidInput, /label cannot be taken away/],
    [{ label: 'x'.repeat(256) }, LabelTooLong, /255/],
    [{ bridge: null }, InvalidInput, /bridge cannot be taken away/],
    [{ bridge: 'no/name' }, InvalidInput, /bridge/],
    [{ bridge: 'sixteen-letters-' }, InvalidInput, /bridge/],
    [{ dhcp_server: null }, InvalidInput, /dhcp_server cannot be taken away/],
    [{ vlan: 7 }, InvalidInput, /FlatDHCPManager have no VLAN/],
    [{ gateway: '10.0.1.1' }, AddressOutOfRange, /10\.0\.1\.1/],
    [{ gateway: 'fd00::1' }, AddressOutOfRange, /fd00::1/],
    [{ gateway: '10.0.0.255' }, InvalidInput, /10\.0\.0\.255/],
    [{ gateway: 'there' }, InvalidAddress, /there/],
    [{ gateway_v6: 'fd01::1' }, AddressOutOfRange, /fd01::1/],
    [{ dhcp_start: '10.0.0.0' }, InvalidInput, /dhcp_start 10\.0\.0\.0/],
    [{ mtu: 67 }, InvalidInput, /mtu/],
    [{ vpn_public_port: 2000 }, InvalidInput, /no address for a VPN server/],
    [{ vpn_public_port: 65_536 }, InvalidInput, /65535/],
    [{ vpn_public_address: 'fd00::1' }, InvalidAddress, /fd00::1/],
  ])('%j in a flat network', (edit, error, words) => {
    expect(() => revised(flat, edit)).toThrow(error);
    expect(() => revised(flat, edit)).toThrow(words);
  });

  it.each<readonly [Edit, new (...args: never[]) => Error, RegExp]>([
    [{ vlan: null }, InvalidInput, /vlan cannot be taken away/],
    [{ vlan: 4095 }, Error, /4094/],
    [{ vlan: 0 }, Error, /less than 1/],
    [{ vlan: 200 }, DuplicateVlan, /200/],
    [{ bridge: 'br200' }, NetworkChangeConflict, /br200 is that of network/],
    [{ bridge_interface: null }, InvalidInput, /bridge_interface cannot be taken away/],
    [{ gateway: '10.0.0.2' }, NetworkChangeConflict, /10\.0\.0\.2 is its VPN server's/],
  ])('%j in a network with a VLAN', (edit, error, words) => {
    expect(() => revised(vlan, edit, { others: [other] })).toThrow(error);
    expect(() => revised(vlan, edit, { others: [other] })).toThrow(words);
  });

  it.each<readonly [Edit, string]>([
    [{ vlan: 300 }, 'vlan and bridge'],
    [{ bridge: 'br9' }, 'bridge'],
    [{ bridge_interface: 'eth9' }, 'bridge_interface'],
  ])('%j under instances, and what would happen is said', (edit, what) => {
    const reason = `another ${what} would cut off the instances that hold addresses in it`;
    expect(() => revised(vlan, edit, { isInUse: true })).toThrow(
      new NetworkChangeConflict(vlan.uuid, reason),
    );
  });

  it('nothing that is so already, also under instances', () => {
    const edit = { vlan: 100, bridge: 'br100', bridge_interface: 'eth1', gateway: '10.0.0.1' };
    expect(revised(vlan, edit, { isInUse: true })).toEqual(vlan);
  });

  it('what leads to the VPN of another project', () => {
    const address = Ipv4.parse('203.0.113.9');
    const taken = { ...other, projectId: 'q', vpnPublicAddress: address, vpnPublicPort: 2000 };
    const edit = { vpn_public_address: '203.0.113.9', vpn_public_port: 2000 };
    expect(() => revised(vlan, edit, { others: [taken] })).toThrow(/203\.0\.113\.9:2000 leads to the VPN/);
    const own = revised(vlan, { ...edit, project_id: 'q' }, { others: [taken] });
    expect(own).toMatchObject({ vpnPublicPort: 2000 });
  });

  it('a gateway in the last address that instances could have', () => {
    const small = existing('FlatDHCPManager', { cidr: '10.0.0.0/30', network_size: 4 });
    expect(() => revised(small, { gateway: '10.0.0.2' })).toThrow(/leaves no address for instances/);
  });
});
