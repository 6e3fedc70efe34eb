import { randomUUID } from 'node:crypto';
import type { ConvergeProblem } from '@novanet/linux-net';
import { parseDeviceName } from '@novanet/net-address';
import { expect, test } from 'vitest';
import type { PlannedHost } from '../known-faults/testing/planned-host.js';
import { startCloud, type TestCloud } from '../known-faults/testing/test-cloud.js';
import { addressOf, allocate, createNetwork, failureOf } from '../testing/requests.js';

const admin = { user_id: 'root', project_id: 'ops', is_admin: true };
const vpn = { network_manager: 'VlanManager', vlan_interface: 'eth1', vpn_ip: '192.0.2.11' };

function change({ call }: TestCloud, network_uuid: string, args: object, server = 'h1') {
  return call('modify_network', { network_uuid, ...args }, { namespace: 'novanet', server, context: admin });
}

/** What the DHCP servers of the host listen to and tell, each in one text. */
function dhcpOf({ plan }: PlannedHost): string[] {
  return (plan?.dhcpServers ?? []).map(({ device, arguments: words, files }) =>
    [device, ...words, ...files.map(({ content }) => content)].join(' '),
  );
}

function addressesOf({ plan }: PlannedHost): string[] {
  return (plan?.bridges ?? []).flatMap(({ addresses }) => addresses.map(({ address }) => address.toString()));
}

const blocked = (bridge: string): ConvergeProblem => ({
  subject: bridge,
  message: 'no such thing',
  blocks: parseDeviceName(bridge),
});

/** The tables that a change touches; which row an address has is no matter. */
async function stateOf(cloud: TestCloud) {
  const { networks, subnets } = await cloud.dump();
  const addresses = await cloud.rows('SELECT address, role, instance_uuid FROM fixed_ips ORDER BY number');
  return { networks, subnets, addresses };
}

/** A network that h1 serves, with an instance, and h2 whom the calls are made to. */
async function servedNetwork(options: Readonly<Record<string, string>> = {}) {
  const cloud = await startCloud(options);
  const [h1, h2] = [await cloud.start('h1'), await cloud.start('h2')];
  const { uuid: network } = await createNetwork(cloud, { bridge: 'br100', project_id: 'p' });
  const instance = randomUUID();
  const address = addressOf(await allocate(cloud.at('h1'), instance, { host: 'h1' }));
  const leave = async () => {
    await cloud.call(
      'deallocate_for_instance',
      { instance: { uuid: instance, host: 'h1' } },
      { server: 'h1' },
    );
  };
  const modify = (args: object) => change(cloud, network, args, 'h2');
  return { cloud, h1, h2, network, instance, address, leave, modify };
}

test('the host that serves a network tells its instances what was changed, whoever was asked', async () => {
  const { h1, modify } = await servedNetwork();
  await modify({ gateway: '10.0.0.254', dns1: '192.0.2.53', mtu: 1400 });
  expect(addressesOf(h1.linux)).toEqual(['10.0.0.254']);
  expect(dhcpOf(h1.linux)).toEqual([
    expect.stringMatching(/--listen-address=10\.0\.0\.254 [^]*10\.0\.0\.254/),
  ]);
  expect(h1.linux.plan?.bridges).toEqual([expect.objectContaining({ mtu: 1400 })]);
  await modify({ gateway: '10.0.0.200', dhcp_server: '10.0.0.1' });
  expect(addressesOf(h1.linux)).toEqual(['10.0.0.1']);
});

test('an address is the gateway’s as long as it is the gateway, and nobody else’s', async () => {
  const { cloud, modify, address } = await servedNetwork();
  expect(address).toBe('10.0.0.2');
  await modify({ gateway: '10.0.0.3' });
  const next = async () => addressOf(await allocate(cloud.at('h1'), randomUUID(), { host: 'h1' }));
  expect(await next()).toBe('10.0.0.4');
  expect(await failureOf(modify({ gateway: '10.0.0.4' }))).toMatch('FixedIpAlreadyInUse');
  await modify({ gateway: '10.0.0.1' });
  const named = await cloud.rows<{ address: string }>(
    "SELECT address FROM fixed_ips WHERE role <> 'instance'",
  );
  expect(named).toEqual([{ address: '10.0.0.1' }]);
});

test('a reserved address may become the gateway', async () => {
  const { cloud, modify } = await servedNetwork();
  await cloud.call('reserve_fixed_ip', { address: '10.0.0.9' }, { namespace: 'novanet', context: admin });
  await modify({ gateway: '10.0.0.9', dhcp_server: '10.0.0.1' });
  const roles = await cloud.rows(
    "SELECT address, role FROM fixed_ips WHERE role <> 'instance' ORDER BY number",
  );
  expect(roles).toEqual([
    { address: '10.0.0.1', role: 'dhcp' },
    { address: '10.0.0.9', role: 'gateway' },
  ]);
});

test('an empty network moves to another bridge, and leaves the old one', async () => {
  const { h1, modify, leave } = await servedNetwork();
  const refusal = /NetworkChangeConflict: .*another bridge would cut off the instances/;
  expect(await failureOf(modify({ bridge: 'br7' }))).toMatch(refusal);
  expect(h1.linux.bridges).toEqual(['br100']);
  await leave();
  await modify({ bridge: 'br7' });
  expect(h1.linux.bridges).toEqual(['br7']);
  expect(dhcpOf(h1.linux)).toEqual([expect.stringMatching(/^br7 /)]);
});

test('a change that the host cannot carry out leaves everything as it was', async () => {
  const { cloud, h1, modify } = await servedNetwork();
  const before = await stateOf(cloud);
  h1.linux.problems = [blocked('br100')];
  const args = { label: 'new', gateway: '10.0.0.9', dns1: '192.0.2.53', host: 'h2' };
  expect(await failureOf(modify(args))).toMatch('HostSetupFailed');
  expect(await stateOf(cloud)).toEqual(before);
  expect(addressesOf(h1.linux)).toEqual(['10.0.0.1']);
});

test('a reserved address is reserved again when it could not become the gateway', async () => {
  const { cloud, h1, modify } = await servedNetwork();
  await cloud.call('reserve_fixed_ip', { address: '10.0.0.9' }, { namespace: 'novanet', context: admin });
  const before = await stateOf(cloud);
  h1.linux.problems = [blocked('br100')];
  expect(await failureOf(modify({ gateway: '10.0.0.9' }))).toMatch('HostSetupFailed');
  expect(await stateOf(cloud)).toEqual(before);
});

test('so does one whose new host is down', async () => {
  const { cloud, h1, modify } = await servedNetwork();
  const before = await stateOf(cloud);
  expect(await failureOf(modify({ label: 'new', gateway: '10.0.0.9', host: 'h9' }))).toMatch(
    'NetworkHostUnavailable',
  );
  expect(await stateOf(cloud)).toEqual(before);
  expect(addressesOf(h1.linux)).toEqual(['10.0.0.1']);
});

test('a host that is down learns it when it is back', async () => {
  const { cloud, modify } = await servedNetwork();
  await cloud.rows("UPDATE services SET last_seen_at = '2000-01-01' WHERE host = 'h1'");
  await modify({ dns1: '192.0.2.53' });
  const h1 = await cloud.start('h1');
  const { networks } = h1.ipam;
  expect((await networks.list()).map(({ dns1 }) => String(dns1))).toEqual(['192.0.2.53']);
});

test('a repetition changes nothing', async () => {
  const { cloud, network, modify } = await servedNetwork();
  const args = { gateway: '10.0.0.9', label: 'new', mtu: 1400, project_id: 'q' };
  await modify(args);
  const rows = () => cloud.rows('SELECT * FROM networks WHERE uuid = ?', [network]);
  const [once, dump] = [await rows(), await stateOf(cloud)];
  await modify(args);
  expect([await rows(), await stateOf(cloud)]).toEqual([once, dump]);
});

test('of instances and a gateway that want one address at once, one gets it', async () => {
  const { cloud, network, modify } = await servedNetwork();
  for (let last = 10; last < 20; last += 1) {
    const wanted = `10.0.0.${last}`;
    const uuid = randomUUID();
    const request = { host: 'h1', requested_networks: [[network, wanted]] };
    const outcomes = await Promise.all([
      failureOf(modify({ gateway: wanted })),
      failureOf(allocate(cloud.at('h1'), uuid, request)),
    ]);
    expect(outcomes.filter((outcome) => outcome === 'nothing was refused')).toHaveLength(1);
    const holders = await cloud.rows('SELECT role FROM fixed_ips WHERE address = ?', [wanted]);
    expect(holders).toHaveLength(1);
  }
});

test('the way to the VPN changes where it is served, at once', async () => {
  const { h1, modify } = await servedNetwork(vpn);
  const forwards = () =>
    JSON.stringify(h1.linux.plan).match(/--dport \d+ -j DNAT --to-destination 10\.0\.0\.2:1194/g);
  expect(new Set(forwards())).toEqual(new Set(['--dport 1000 -j DNAT --to-destination 10.0.0.2:1194']));
  await modify({ vpn_public_port: 2000 });
  expect(new Set(forwards())).toEqual(new Set(['--dport 2000 -j DNAT --to-destination 10.0.0.2:1194']));
  // Not an address of this host: whoever has it forwards.
  await modify({ vpn_public_address: '203.0.113.9' });
  expect(forwards()).toBeNull();
  await modify({ vpn_public_address: '192.0.2.11', host: 'h2' });
  expect(forwards()).toBeNull();
});
