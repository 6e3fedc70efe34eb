import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RpcArgumentError } from '../errors/rpc-argument.error.js';
import {
  AllocateForInstanceArguments,
  DeallocateForInstanceArguments,
  PutInstanceArguments,
} from '../instances/instance-arguments.js';
import { parseRequestedNetworks } from '../instances/requested-network.js';
import {
  GetNetworkArguments,
  NetworkRefArguments,
  SetupNetworksOnHostArguments,
} from '../networks/network-arguments.js';
import { AddSecurityGroupRulesArguments } from '../security-groups/security-group-arguments.js';
import { parseArguments } from './arguments.js';

const captured = JSON.parse(
  readFileSync(new URL('../../fixtures/requests.json', import.meta.url), 'utf8'),
) as Record<string, unknown>;

describe('arguments of a captured request', () => {
  it('name the requested networks whatever the version of their objects', () => {
    const args = parseArguments(AllocateForInstanceArguments, 'allocate_for_instance', captured['single']);
    expect(args.macs).toEqual(['fa:16:3e:aa:bb:01']);
    expect(parseRequestedNetworks('allocate_for_instance', args.requested_networks ?? [])).toEqual([
      { networkUuid: 'f5bf4bac-600d-419a-a44e-f261c4dfced1', address: '10.20.0.9' },
    ]);
  });

  it.each([
    ['an Instance object', 'deallocate', '4cb5e3a0-6c3f-5056-8b3a-957cc5e8fa1d'],
    ['an id of older clients', 'deallocate_1_0', undefined],
  ])('deallocate by %s', (_name, key, uuid) => {
    const args = parseArguments(DeallocateForInstanceArguments, 'deallocate_for_instance', captured[key]);
    expect(args.instance?.uuid).toBe(uuid);
  });

  it('find the network inside its object, and the instance inside its', () => {
    const ref = parseArguments(NetworkRefArguments, 'set_network_host', captured['set_network_host']);
    expect(ref.network_ref.id).toBe(1);
    const setup = parseArguments(SetupNetworksOnHostArguments, 'x', captured['setup_networks_on_host']);
    expect(setup.instance?.uuid).toBe('4cb5e3a0-6c3f-5056-8b3a-957cc5e8fa1d');
  });
});

describe('wrong arguments', () => {
  it.each([
    ['a missing one', GetNetworkArguments, {}, 'get_network(): network_uuid should not be empty'],
    ['none at all', GetNetworkArguments, null, 'network_uuid must be a string'],
    [
      'one of the wrong type',
      AllocateForInstanceArguments,
      { macs: 'fa:16:3e:aa:bb:01' },
      'macs must be an array',
    ],
    [
      'a value that is no text',
      PutInstanceArguments,
      { instance: { uuid: '00000000-0000-4000-8000-000000000001', meta: { n: 1 } } },
      'instance.meta must be an object whose values are strings',
    ],
    ['one deep inside', PutInstanceArguments, { instance: { uuid: 'mine' } }, 'instance.uuid must be a UUID'],
  ])('%s is named', (_name, shape, args, text) => {
    const run = () => parseArguments<object>(shape, 'get_network', args);
    expect(run).toThrow(RpcArgumentError);
    expect(run).toThrow(text);
  });

  it.each([
    ['no list', {}, 'rules must be an array'],
    ['nothing', [{}, null], 'each value in rules must be an object'],
    ['a list inside', [{}, []], 'each value in rules must be an object'],
    ['a text', ['x'], 'each value in rules must be an object'],
    [
      'an argument of the wrong type',
      [{}, { from_port: [] }],
      'rules.1.from_port must be a text or a number',
    ],
  ])('%s in a list of objects is named', (_name, rules, text) => {
    const run = () => parseArguments(AddSecurityGroupRulesArguments, 'x', { group_id: 1, rules });
    expect(run).toThrow(RpcArgumentError);
    expect(run).toThrow(text);
  });

  it('unknown keywords are dropped: clients of other releases send more than we read', () => {
    const args = parseArguments(GetNetworkArguments, 'get_network', { network_uuid: 'x', dhcp_options: [] });
    expect(Object.keys(args)).toEqual(['network_uuid']);
  });

  it('a requested network without a network is refused', () => {
    expect(() => parseRequestedNetworks('allocate_for_instance', [[null, '10.0.0.9']])).toThrow(
      RpcArgumentError,
    );
  });
});

describe('names that JavaScript gives a meaning', () => {
  it.each(['constructor', '__proto__', 'toString'])('%s is a key like any other', (key) => {
    const uuid = '00000000-0000-4000-8000-000000000001';
    const meta: unknown = JSON.parse(`{"${key}": "x"}`);
    const args: object = JSON.parse(
      `{"${key}": {"uuid": "mine"}, "instance": {"uuid": "${uuid}", "${key}": 1}}`,
    );
    const { instance } = parseArguments(PutInstanceArguments, 'put_instance', {
      ...args,
      instance: { uuid, meta },
    });
    expect(instance).toEqual({ uuid, meta });
    const parsed = parseArguments(PutInstanceArguments, 'put_instance', args);
    expect(Object.keys(parsed)).toEqual(['instance']);
    expect(parsed).toBeInstanceOf(PutInstanceArguments);
  });

  it('arguments that are no object are refused', () => {
    expect(() => parseArguments(GetNetworkArguments, 'get_network', ['x'])).toThrow(RpcArgumentError);
  });
});
