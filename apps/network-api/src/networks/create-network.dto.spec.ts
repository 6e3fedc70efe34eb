import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { checkedBody } from '../http/validation.js';
import { createNetworksArguments } from './create-arguments.js';
import { CreateNetworkBody } from './create-network.dto.js';

/** The arguments of the RPC that a body leads to, or the message of the refusal. */
function outcome(body: unknown): unknown {
  try {
    const parsed = checkedBody('ignored').transform(body, { type: 'body', metatype: CreateNetworkBody });
    return parsed instanceof CreateNetworkBody ? createNetworksArguments(parsed.network) : parsed;
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

const minimal = { label: 'private', cidr: '10.0.0.0/24' };

describe('POST /v2.1/os-networks', () => {
  it.each([
    {
      name: 'becomes one network that fills the range',
      network: minimal,
      args: { ...minimal, num_networks: 1, network_size: 256 },
    },
    {
      name: 'takes host bits in the range',
      network: { label: 'x', cidr: '10.0.0.9/8' },
      args: { label: 'x', cidr: '10.0.0.9/8', num_networks: 1, network_size: 2 ** 24 },
    },
    {
      name: 'takes IPv6 alone',
      network: { label: 'x', cidr_v6: 'fd00::/48' },
      args: { label: 'x', cidr_v6: 'fd00::/48', num_networks: 1 },
    },
    {
      name: 'cuts the range as it is told',
      network: { ...minimal, num_networks: 2, network_size: '64' },
      args: { ...minimal, num_networks: 2, network_size: '64' },
    },
    {
      name: 'leaves the size of several networks to the worker',
      network: { ...minimal, num_networks: '4' },
      args: { ...minimal, num_networks: '4' },
    },
    {
      name: 'leaves it to the worker to ask for a range',
      network: { label: 'x' },
      args: { label: 'x', num_networks: 1 },
    },
    {
      name: 'leaves out what is null',
      network: { ...minimal, gateway: null, mtu: null, multi_host: null },
      args: { ...minimal, num_networks: 1, network_size: 256 },
    },
    {
      name: 'passes over what it does not know, by /v2',
      network: { ...minimal, id: 7, tenant: { deep: true } },
      args: { ...minimal, num_networks: 1, network_size: 256 },
    },
    {
      name: 'takes numbers and booleans as texts, as they are',
      network: { ...minimal, mtu: '1450', multi_host: 'Yes', enable_dhcp: '0', vpn_start: '1000' },
      args: {
        ...minimal,
        mtu: '1450',
        multi_host: 'Yes',
        enable_dhcp: '0',
        vpn_start: '1000',
        num_networks: 1,
        network_size: 256,
      },
    },
  ])('$name', ({ network, args }) => {
    expect(outcome({ network })).toEqual(args);
  });

  it("takes everything that nova's client sends", () => {
    const network = {
      label: 'vmnet2',
      cidr: '10.2.0.0/24',
      cidr_v6: 'fd00::/64',
      vlan: 101,
      vlan_start: 100,
      vpn_start: 1001,
      gateway: '10.2.0.1',
      gateway_v6: 'fd00::1',
      bridge: 'br101',
      bridge_interface: 'eth1',
      multi_host: true,
      dns1: '8.8.8.8',
      dns2: '8.8.4.4',
      uuid: '20c8acc0-f747-4d71-a389-46d078ebf047',
      fixed_cidr: '10.2.0.0/25',
      project_id: 'p1',
      priority: '1',
      mtu: 1450,
      dhcp_server: '10.2.0.2',
      allowed_start: '10.2.0.10',
      allowed_end: '10.2.0.20',
      enable_dhcp: false,
      share_address: true,
    };
    expect(outcome({ network })).toEqual({ ...network, num_networks: 1, network_size: 256 });
  });

  it.each([
    ['no body', undefined, "Invalid input for field/attribute network. 'network' is a required property"],
    ['no network', {}, "Invalid input for field/attribute network. 'network' is a required property"],
    [
      'a text for a network',
      { network: 'private' },
      'Invalid input for field/attribute network. Value: "private".',
    ],
    ['a list for a network', { network: [minimal] }, 'Invalid input for field/attribute network.'],
    ['no label', { network: { cidr: '10.0.0.0/24' } }, "attribute label. 'label' is a required property"],
    [
      'a label that is no text',
      { network: { ...minimal, label: 7 } },
      'attribute label. Value: 7. label must be a',
    ],
    [
      'a label that is too long',
      { network: { ...minimal, label: 'x'.repeat(256) } },
      'attribute label. Value: "xxx',
    ],
    [
      'no range',
      { network: { ...minimal, cidr: 'bogus' } },
      `attribute cidr. Value: "bogus". "bogus" is not a 'cidr'`,
    ],
    ['a range without length', { network: { ...minimal, cidr: '10.0.0.0' } }, `"10.0.0.0" is not a 'cidr'`],
    [
      'the wrong family',
      { network: { ...minimal, cidr_v6: '10.0.0.0/24' } },
      `"10.0.0.0/24" is not a 'cidr'`,
    ],
    ['an address that is none', { network: { ...minimal, gateway: '10.0.0' } }, `"10.0.0" is not a 'ipv4'`],
    [
      'no number',
      { network: { ...minimal, mtu: 0 } },
      `attribute mtu. Value: 0. 0 is not a 'positive_integer'`,
    ],
    ['a boolean that is none', { network: { ...minimal, multi_host: 'T' } }, `"T" is not a 'boolean'`],
    [
      'a uuid that is none',
      { network: { ...minimal, uuid: 'u-1' } },
      'attribute uuid. Value: "u-1". uuid must be',
    ],
    [
      'a project that is none',
      { network: { ...minimal, project_id: 'a b' } },
      `attribute project_id. Value: "a b". "a b" does not match '^[a-zA-Z0-9-]*$'`,
    ],
  ])('refuses %s', (_, body, message) => {
    expect(outcome(body)).toContain(message);
  });
});
