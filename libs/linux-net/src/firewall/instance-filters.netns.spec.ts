import { spawn } from 'node:child_process';
import type { AcceptedTrafficIntent, FilteredInstanceIntent, HostSettings } from '@novanet/host-plan';
import { dhcpHost } from '@novanet/host-plan/testing';
import { Ipv4, Ipv4Cidr, Ipv6Cidr, Mac, parseDeviceName, parseIp } from '@novanet/net-address';
import { expectPing, expectTcp, tryCommand, waitFor } from '@novanet/testbed';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FrameListener, sendFrames } from '../../test/frame-listener.js';
import { arpReply, icmp6, neighbourAdvertisement, tagged, udp4, udp6 } from '../../test/spoofed-frames.js';
import { TestHost } from '../../test/test-host.js';

type Role = 'vm1' | 'vm2';

const PREFIX = Ipv6Cidr.parse('fd00:0:0:1::/64');
const NETWORK = { v6: { cidr: PREFIX, gateway: undefined } };
const [A, B] = ['10.0.0.3', '10.0.0.4'];
const EVERYWHERE = { cidr: Ipv4Cidr.parse('0.0.0.0/0') };

let host: TestHost;
beforeEach(async () => {
  host = await TestHost.create();
  await host.network.ip('outside', 'route add 10.0.0.0/24 via 192.0.2.10');
});
afterEach(() => host.remove());

/** Instance n on tap n. */
function instance(n: 1 | 2, rules: readonly AcceptedTrafficIntent[] = []): FilteredInstanceIntent {
  const mac = Mac.ofNova(n);
  const nic = {
    mac,
    device: parseDeviceName(`tap${n}`),
    bridge: parseDeviceName('br100'),
    addresses: [parseIp(n === 1 ? A : B), mac.eui64(PREFIX)],
    cidrs: [Ipv4Cidr.parse('10.0.0.0/24'), PREFIX],
    dhcpServer: Ipv4.parse('10.0.0.1'),
  };
  return { id: n, nics: [nic], rules };
}

interface Filters {
  readonly instances: readonly FilteredInstanceIntent[];
  readonly members?: readonly string[];
  readonly settings?: Partial<HostSettings>;
}

/** Group 3 has these members. */
async function filter({ instances, members = [], settings = {} }: Filters) {
  const filters = { instances, members: new Map([[3, members.map(parseIp)]]), providerRules: [] };
  const all = { usesIpv6: true, allowsSameNetTraffic: false, ...settings };
  const report = await host.converge([NETWORK], all, { filters });
  expect(report.problems).toEqual([]);
  return report;
}

/** In the order of their taps: vm1 first. */
async function boot(role: Role): Promise<string> {
  const n = role === 'vm1' ? 1 : 2;
  await host.plug(role, Mac.ofNova(n).toString());
  const address = role === 'vm1' ? A : B;
  await host.network.ip(
    role,
    `addr add ${address}/24 dev eth0`,
    `addr add ${Mac.ofNova(n).eui64(PREFIX).toString()}/64 dev eth0 nodad`,
    'route add default via 10.0.0.1',
  );
  return host.network.netns(role);
}

function listen(netns: string, port: number): void {
  const script = `require('net').createServer((s) => s.end()).listen(${port}, '::')`;
  spawn('ip', ['netns', 'exec', netns, process.execPath, '-e', script], { stdio: 'ignore' });
}

/** Whether a TCP connection is made, or nobody answers within a second. */
async function connects(netns: string, address: string, port: number): Promise<boolean> {
  const script = `
    const socket = require('net').connect(${port}, '${address}');
    socket.on('connect', () => process.exit(0)).on('error', () => process.exit(1));
    setTimeout(() => process.exit(1), 1000);`;
  return (await tryCommand([process.execPath, '-e', script], { netns })).exitCode === 0;
}

async function pings(netns: string, address: string): Promise<boolean> {
  return (await tryCommand(['ping', '-c', '1', '-W', '1', address], { netns })).exitCode === 0;
}

const tcp = (port: number, source: AcceptedTrafficIntent['source'] = EVERYWHERE): AcceptedTrafficIntent => ({
  protocol: 'tcp',
  fromPort: port,
  toPort: port,
  source,
});
const anyIcmp: AcceptedTrafficIntent = { protocol: 'icmp', fromPort: -1, toPort: -1, source: EVERYWHERE };

describe('security groups', () => {
  test(
    'let in what a rule accepts, from outside and from the same bridge, and nothing else',
    { timeout: 60_000 },
    async () => {
      await filter({ instances: [instance(1, [tcp(80), anyIcmp]), instance(2)] });
      const [vm1, vm2] = [await boot('vm1'), await boot('vm2')];
      await filter({ instances: [instance(1, [tcp(80), anyIcmp]), instance(2)] });
      const outside = host.network.netns('outside');
      for (const port of [80, 81]) listen(vm1, port);
      listen(vm2, 80);
      await expectTcp(outside, A, 80);
      await expectTcp(vm1, A, 81);
      await expectTcp(vm2, B, 80);
      await expectPing(outside, A);
      const seen = {
        'outside to 80': await connects(outside, A, 80),
        'outside to 81': await connects(outside, A, 81),
        'neighbour to 80': await connects(vm2, A, 80),
        'neighbour to 81': await connects(vm2, A, 81),
        'outside to the closed one': await connects(outside, B, 80),
        'ping from outside to the closed one': await pings(outside, B),
        'the closed one to outside': await pings(vm2, '192.0.2.1'),
        'the closed one to its neighbour': await pings(vm2, A),
        'the host to the closed one': await pings(host.network.netns('host'), B),
      };
      expect(seen).toEqual({
        'outside to 80': true,
        'outside to 81': false,
        'neighbour to 80': true,
        'neighbour to 81': false,
        'outside to the closed one': false,
        'ping from outside to the closed one': false,
        'the closed one to outside': true,
        'the closed one to its neighbour': true,
        'the host to the closed one': false,
      });
    },
  );

  test('whose source is a group let in its members, as they come and go, by changes to a set alone', async () => {
    const instances = [instance(1, [tcp(80, { groupId: 3 })]), instance(2)];
    const [vm1, vm2] = await bootBoth(instances);
    listen(vm1, 80);
    await expectTcp(vm1, A, 80);
    expect(await connects(vm2, A, 80)).toBe(false);
    host.takeWrites();
    await filter({ instances, members: [B] });
    expect(host.takeWrites()).toEqual(['ipset restore -exist']);
    expect(await connects(vm2, A, 80)).toBe(true);
    const [address] = instance(1).nics[0]!.addresses.slice(1);
    expect(await connects(vm2, String(address), 80)).toBe(false);
    await filter({ instances, members: [B, String(instance(2).nics[0]!.addresses[1])] });
    expect(await connects(vm2, String(address), 80)).toBe(true);
    await filter({ instances });
    expect(await connects(vm2, A, 80)).toBe(false);
    expect(await filter({ instances })).toMatchObject({ changed: false });
  });

  test('keep connections that are there when a rule goes, and sets and chains go with the last instance', async () => {
    const instances = [instance(1, [anyIcmp, tcp(80, { groupId: 3 })])];
    await bootBoth(instances);
    await expectPing(host.network.netns('outside'), A);
    await filter({ instances: [] });
    const left = await Promise.all([
      host.run('ipset', 'save'),
      host.run('iptables-save'),
      host.run('ebtables-save'),
    ]);
    expect(left.join('\n')).not.toMatch(/nova-network-(inst-|sg-|tap)/);
    await expectPing(host.network.netns('outside'), B);
  });

  test('of the first instance go without touching those of the tenth', async () => {
    const tenth = { ...instance(2, [tcp(80)]), id: 10 };
    await bootBoth([instance(1, [anyIcmp]), tenth]);
    const of10 = async () => (await host.rules('filter')).filter((rule) => /inst-10\b/.test(rule));
    const before = await of10();
    expect(before.length).toBeGreaterThan(3);
    await filter({ instances: [tenth] });
    expect(await of10()).toEqual(before);
    expect((await host.rules('filter')).filter((rule) => /inst-1\b/.test(rule))).toEqual([]);
  });
});

describe('allow_same_net_traffic', () => {
  test.each([{ allowed: true }, { allowed: false }])('$allowed', async ({ allowed }) => {
    const settings = { allowsSameNetTraffic: allowed };
    await filter({ instances: [instance(1), instance(2)], settings });
    const vm2 = (await boot('vm1')) && (await boot('vm2'));
    await filter({ instances: [instance(1), instance(2)], settings });
    expect(await pings(vm2, A)).toBe(allowed);
    expect(await pings(vm2, String(instance(1).nics[0]!.addresses[1]))).toBe(allowed);
  });
});

test('an instance gets its address by DHCP although nothing may reach it', async () => {
  await filter({ instances: [instance(1), instance(2)] });
  const dhcpHosts = [dhcpHost(Mac.ofNova(1).toString(), A, 'a')];
  const filters = { instances: [instance(1)], members: new Map(), providerRules: [] };
  const converge = () => host.converge([{ ...NETWORK, dhcpHosts }], { usesIpv6: true }, { filters });
  expect((await converge()).problems).toEqual([]);
  await host.plug('vm1', Mac.ofNova(1).toString());
  expect((await converge()).problems).toEqual([]);
  expect(await host.askForAddress('vm1')).toBe(A);
});

describe('an instance', () => {
  const attacker = { mac: Mac.ofNova(1).toString(), address: A };
  const victim = { mac: Mac.ofNova(2).toString(), address: B };
  const own6 = 'fd00:0:0:1:f816:3eff:fe00:1';
  const own = { mac: attacker.mac, address: own6 };

  test.each([
    { what: 'a frame from another MAC', frame: arpReply(attacker, victim.mac) },
    { what: 'an ARP reply for another MAC', frame: arpReply({ ...attacker, mac: victim.mac }, attacker.mac) },
    { what: 'an ARP reply for another address', frame: arpReply({ ...attacker, address: B }) },
    { what: 'an ARP reply for the gateway', frame: arpReply({ ...attacker, address: '10.0.0.1' }) },
    { what: 'IPv4 from another address', frame: udp4({ ...attacker, address: B }, '10.0.0.255', [9, 9]) },
    {
      what: 'IPv4 from no address',
      frame: udp4({ ...attacker, address: '0.0.0.0' }, '255.255.255.255', [9, 9]),
    },
    { what: 'the answer of a DHCP server', frame: udp4(attacker, '255.255.255.255', [67, 68]) },
    { what: 'IPv6 from another address', frame: udp6({ ...own, address: 'fd00:0:0:1:0:0:0:bad' }, [9, 9]) },
    { what: 'the answer of a DHCPv6 server', frame: udp6(own, [547, 546]) },
    { what: 'a router advertisement', frame: icmp6({ ...own, address: 'fe80:0:0:0:f816:3eff:fe00:1' }, 134) },
    { what: 'a redirect', frame: icmp6(own, 137) },
    {
      what: 'a neighbour advertisement for another',
      frame: neighbourAdvertisement(own, 'fd00:0:0:1:0:0:0:1'),
    },
    { what: 'a frame in a VLAN', frame: tagged(attacker, 100).sent, heard: tagged(attacker, 100).heard },
  ])('cannot send $what', async ({ frame, heard = frame }: { frame: string; heard?: string }) => {
    const instances = [instance(1), instance(2)];
    const [vm1, vm2] = await bootBoth(instances);
    const listeners = await Promise.all(
      [vm2, host.network.netns('wire')].map((netns) => FrameListener.start(netns)),
    );
    const marker = arpReply(attacker);
    try {
      await sendFrames(vm1, 'eth0', [frame, marker]);
      for (const listener of listeners) {
        await waitFor(() => listener.frames().some((seen) => seen.startsWith(marker)), {
          limitMs: 5000,
          what: 'what it may send arrives',
        });
        expect(listener.frames().filter((seen) => seen.startsWith(heard))).toEqual([]);
      }
      await host.ip('link set tap1 nomaster', 'link set tap1 master br100');
      await filter({ instances: [] });
      await sendFrames(vm1, 'eth0', [frame]);
      const [neighbour] = listeners;
      await waitFor(() => neighbour?.frames().some((seen) => seen.startsWith(heard)), {
        limitMs: 5000,
        what: 'without filters the frame arrives: the test can tell',
      });
    } finally {
      for (const listener of listeners) listener.close();
    }
  });
});

async function bootBoth(instances: readonly FilteredInstanceIntent[]): Promise<[string, string]> {
  await filter({ instances });
  const both: [string, string] = [await boot('vm1'), await boot('vm2')];
  await filter({ instances });
  return both;
}
