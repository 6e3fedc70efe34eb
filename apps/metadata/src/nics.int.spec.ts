import type { Network, Nic } from '@novanet/ipam';
import { networkDraft } from '@novanet/ipam/testing';
import { Ipv4, Ipv4Cidr, Ipv6Cidr, parseHostName } from '@novanet/net-address';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GuestCloud, type Service } from './testing/guest-cloud.js';

const ONE = '00000000-0000-4000-8000-000000000001';
const TWO = '00000000-0000-4000-8000-000000000002';
const AT_ONE = '127.0.5.2';
const AT_TWO = '127.0.5.3';
const FLOATING = Ipv4.parse('203.0.113.5');

let cloud: GuestCloud;
let service: Service;
let second: Network;
/** The NIC of the one instance, and those of the other. */
let [lone, first, other]: string[] = [];
beforeAll(async () => {
  cloud = await GuestCloud.create();
  second = await dualStack();
  [lone] = macsOf(await cloud.boot(ONE));
  const nics = await cloud.boot(TWO, { securityGroups: ['default', 'web'] }, [
    { network: cloud.network },
    { network: second },
  ]);
  [first, other] = macsOf(nics);
  await associate(nics[1]);
  service = await cloud.serve();
});
afterAll(() => cloud.remove());

/** With IPv6, whose addresses instances derive from their MACs. */
async function dualStack(): Promise<Network> {
  const cidr = Ipv4Cidr.parse('10.1.0.0/24');
  const none = { gateway: null, dhcpServer: null, dhcpStart: null, pool: null, reserved: [] };
  const ipv4 = { ...none, version: 4 as const, cidr, pool: { first: cidr.at(2), last: cidr.at(9) } };
  const ipv6 = { ...none, version: 6 as const, cidr: Ipv6Cidr.parse('fd00:1::/64') };
  const [network] = await cloud.ipam.networks.create(() => [networkDraft([ipv4, ipv6], { label: 'second' })]);
  if (!network) throw new Error('no network');
  return network;
}

function macsOf(nics: readonly Nic[]): string[] {
  return nics.map(({ vif }) => vif.mac.toString());
}

async function associate(nic: Nic | undefined): Promise<void> {
  const [fixedIp] = nic?.fixedIps ?? [];
  if (!fixedIp) throw new Error('no fixed IP');
  const { id, address } = fixedIp;
  const source = { pool: 'nova', restSeconds: 0, projectId: 'p', host: parseHostName('h1') };
  await cloud.ipam.floatingIpPools.grow({ pool: 'nova', addresses: [FLOATING], interface: null });
  const target = { id, address: Ipv4.parse(address.toString()), instanceUuid: TWO };
  await cloud.ipam.floatingIps.assign({ ...source, fixedIp: target });
}

/** All that an instance finds below a folder, as cloud-init looks for it: by the listings. */
async function filesIn(path: string, from: string): Promise<Record<string, string>> {
  const { status, body } = await service.get(path, from);
  expect(status).toBe(200);
  const files: Record<string, string> = {};
  for (const name of body.split('\n')) {
    if (name.endsWith('/')) Object.assign(files, await filesIn(`${path}${name}`, from));
    else files[`${path}${name}`] = (await service.get(`${path}${name}`, from)).body;
  }
  return files;
}

const below = (folder: string, files: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(files).map(([name, content]) => [`${folder}${name}`, content]));

describe.each(['2016-09-02', '2018-09-24', '2021-03-23'])('in Amazon’s version %s', (version) => {
  const macs = `/${version}/meta-data/network/interfaces/macs/`;
  const common = { 'local-hostname': 'test.novalocal', 'owner-id': 'p', 'interface-id': expect.any(String) };

  it('an instance with one NIC finds that', async () => {
    expect(await filesIn(`/${version}/meta-data/network/`, AT_ONE)).toEqual(
      below(`${macs}${lone}/`, {
        ...common,
        'device-number': '0',
        'local-ipv4s': AT_ONE,
        mac: lone,
        'security-groups': 'default',
        'subnet-ipv4-cidr-block': '127.0.5.0/24',
        'vpc-id': cloud.network.uuid,
      }),
    );
    expect((await service.get(`/${version}/meta-data/mac`)).body).toBe(lone);
  });

  it('an instance with two finds both, with the networks, IPv6 and floating IPs of each', async () => {
    const groups = { 'security-groups': 'default\nweb' };
    expect(await filesIn(`/${version}/meta-data/network/`, AT_TWO)).toEqual({
      ...below(`${macs}${first}/`, {
        ...common,
        ...groups,
        'device-number': '0',
        'local-ipv4s': AT_TWO,
        mac: first,
        'subnet-ipv4-cidr-block': '127.0.5.0/24',
        'vpc-id': cloud.network.uuid,
      }),
      ...below(`${macs}${other}/`, {
        ...common,
        ...groups,
        'device-number': '1',
        'ipv4-associations/203.0.113.5': '10.1.0.2',
        'local-ipv4s': '10.1.0.2',
        mac: other,
        'public-ipv4s': '203.0.113.5',
        'subnet-ipv4-cidr-block': '10.1.0.0/24',
        'subnet-ipv6-cidr-blocks': 'fd00:1::/64',
        'vpc-id': second.uuid,
      }),
    });
    expect((await service.get(`/${version}/meta-data/mac`, AT_TWO)).body).toBe(first);
  });

  it('an instance finds its IPv6 addresses when it knows where', async () => {
    const { status, body } = await service.get(`${macs}${other}/ipv6s`, AT_TWO);
    expect({ status, body }).toEqual({ status: 200, body: expect.stringMatching(/^fd00:1::f816:3eff:fe/) });
    expect((await service.get(`${macs}${first}/ipv6s`, AT_TWO)).status).toBe(404);
  });

  it('an instance finds nothing of another’s NIC', async () => {
    expect((await service.get(`${macs}${lone}/`, AT_ONE)).status).toBe(200);
    expect((await service.get(`${macs}${lone}/`, AT_TWO)).status).toBe(404);
    expect((await service.get(`${macs}${other}/mac`, AT_ONE)).status).toBe(404);
  });

  it('stands in no listing', async () => {
    expect((await service.get('/')).body).not.toContain(version);
    expect((await service.get('/ec2/')).body).not.toContain(version);
    expect((await service.get('/latest/meta-data/')).body).not.toMatch(/^(mac|network\/)$/m);
  });
});
