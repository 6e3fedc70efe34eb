import type { Nic } from '@novanet/ipam';
import { networkWith } from '@novanet/ipam/testing';
import { Ipv4, Ipv4Cidr, Ipv6, Mac } from '@novanet/net-address';
import { describe, expect, it } from 'vitest';
import { bare, instance, live, network, nicWith, options } from '../testing/instance-fixture.js';
import { factsOf, type FactOptions } from './instance-facts.js';
import { answerOf } from './metadata-node.js';
import { metadataTree, nodeAt } from './metadata-tree.js';

const [A, B] = ['fa:16:3e:00:00:01', 'fa:16:3e:00:00:02'];
const second = networkWith([Ipv4Cidr.parse('10.1.0.0/24')], { id: 2, uuid: 'second' });
const [FIXED, FIXED_V6] = [Ipv4.parse('10.0.0.3'), Ipv6.parse('fd00::3')];

const onFirst = nicWith([FIXED, FIXED_V6], [Ipv4.parse('203.0.113.5'), Ipv4.parse('203.0.113.6')]);
const onSecond = nicOf(nicWith([Ipv4.parse('10.1.0.3'), Ipv4.parse('10.1.0.4')], [], second));

function nicOf(nic: Nic): Nic {
  return { ...nic, vif: { ...nic.vif, uuid: 'second-nic', mac: Mac.ofNova(2) } };
}

/** Below meta-data of a version of Amazon's. */
async function read(path: string, nics: readonly Nic[], of = instance, how: FactOptions = options) {
  const tree = metadataTree(factsOf({ instance: of, nics }, undefined, how), live);
  const names = `2018-09-24/meta-data/${path}`.split('/').filter((name) => name !== '');
  const node = nodeAt(tree, names);
  return node && (await answerOf(node)).body.toString();
}

describe('a NIC, in Amazon’s newer versions,', () => {
  it.each([
    { path: 'mac', answer: A },
    { path: 'network', answer: 'interfaces/' },
    { path: 'network/interfaces', answer: 'macs/' },
    { path: 'network/interfaces/macs', answer: `${A}/\n${B}/` },
    {
      path: `network/interfaces/macs/${A}`,
      answer:
        'device-number\ninterface-id\nipv4-associations/\nlocal-hostname\nlocal-ipv4s\nmac\nowner-id\npublic-ipv4s\n' +
        'security-groups\nsubnet-ipv4-cidr-block\nsubnet-ipv6-cidr-blocks\nvpc-id',
    },
    {
      path: `network/interfaces/macs/${B}`,
      answer:
        'device-number\ninterface-id\nlocal-hostname\nlocal-ipv4s\nmac\nowner-id\nsecurity-groups\n' +
        'subnet-ipv4-cidr-block\nvpc-id',
    },
  ])('is listed at $path', async ({ path, answer }) => {
    expect(await read(path, [onFirst, onSecond])).toBe(answer);
  });

  it.each([
    { file: 'device-number', first: '0', other: '1' },
    { file: 'interface-id', first: 'b3d5b3d5-0000-4000-8000-000000000001', other: 'second-nic' },
    { file: 'ipv4-associations', first: '203.0.113.5\n203.0.113.6', other: undefined },
    { file: 'ipv4-associations/203.0.113.6', first: '10.0.0.3', other: undefined },
    { file: 'ipv6s', first: 'fd00::3', other: undefined },
    { file: 'local-hostname', first: 'test.novalocal', other: 'test.novalocal' },
    { file: 'local-ipv4s', first: '10.0.0.3', other: '10.1.0.3\n10.1.0.4' },
    { file: 'mac', first: A, other: B },
    { file: 'owner-id', first: 'project', other: 'project' },
    { file: 'public-ipv4s', first: '203.0.113.5\n203.0.113.6', other: undefined },
    { file: 'security-groups', first: 'default\nweb', other: 'default\nweb' },
    { file: 'subnet-ipv4-cidr-block', first: '10.0.0.0/24', other: '10.1.0.0/24' },
    { file: 'subnet-ipv6-cidr-blocks', first: 'fd00::/64', other: undefined },
    { file: 'vpc-id', first: '5d3ca0e0-0000-4000-8000-000000000001', other: 'second' },
  ])('has $file where there is any', async ({ file, first, other }) => {
    const nics = [onFirst, onSecond];
    expect(await read(`network/interfaces/macs/${A}/${file}`, nics)).toBe(first);
    expect(await read(`network/interfaces/macs/${B}/${file}`, nics)).toBe(other);
  });

  it('has no owner and no security groups when the instance has none', async () => {
    expect(await read(`network/interfaces/macs/${B}`, [onSecond], bare)).toBe(
      'device-number\ninterface-id\nlocal-hostname\nlocal-ipv4s\nmac\nsubnet-ipv4-cidr-block\nvpc-id',
    );
  });
});

describe('a NIC that DHCP does not answer', () => {
  const unserved = nicWith([FIXED], [], { ...network, enableDhcp: false });

  it('is not told of, and the others keep their numbers', async () => {
    expect(await read('network/interfaces/macs', [unserved, onSecond])).toBe(`${B}/`);
    expect(await read(`network/interfaces/macs/${A}/mac`, [unserved, onSecond])).toBeUndefined();
    expect(await read(`network/interfaces/macs/${B}/device-number`, [unserved, onSecond])).toBe('1');
  });

  it.each([
    { where: 'its network has none', nic: unserved, servesDhcp: true },
    { where: 'no network has', nic: onSecond, servesDhcp: false },
    { where: 'it has IPv6 alone', nic: nicWith([FIXED_V6]), servesDhcp: true },
  ])('leaves an instance without network/ when it is the only one: $where', async ({ nic, servesDhcp }) => {
    const how = { ...options, traits: { ...options.traits, servesDhcp } };
    expect(await read('network', [nic], instance, how)).toBeUndefined();
    expect(await read('', [nic], instance, how)).not.toContain('network');
    expect(await read('mac', [nic], instance, how)).toBe(nic.vif.mac.toString());
  });
});

it('an instance without NICs has no MAC', async () => {
  expect(await read('mac', [])).toBeUndefined();
  expect(await read('instance-id', [])).toBe('i-00000001');
});
